"""Whether designs rank on generated traffic as they do on a trace: pairs of designs in two runs. Pure; generators are passed in."""
