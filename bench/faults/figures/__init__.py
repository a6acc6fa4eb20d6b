"""From the stored trials of faults to figures, sentences and what charts are drawn of."""
