"""How much code and how many statements a design's write and read paths have."""
