"""Statistics of paired latencies and quantiles. Pure: arrays in, numbers out; generators are passed in."""
