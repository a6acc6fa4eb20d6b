"""The same-work proof: what a store says after a run, against the reference model."""
