"""Statistics of paired latencies, quantiles and proportions. Pure: arrays in, numbers out; generators are passed in."""
