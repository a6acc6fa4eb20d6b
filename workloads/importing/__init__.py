"""Traffic of one's own as a trace: who wrote how much, where and when, without a word, a name or an id."""
