"""The claims of the design note, each with a verdict that the data of a run give."""
