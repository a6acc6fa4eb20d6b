"""What a run has to say to each of the questions that a hostile reviewer asks."""
