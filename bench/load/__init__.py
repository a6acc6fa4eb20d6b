"""Load, open loop: operations are due at times fixed before; how long each takes from then on, at which rates a design keeps up."""
