"""The commands, one module each. What a command needs is imported when it runs: help and bad input are answered at once."""
