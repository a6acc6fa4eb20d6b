"""pgbench beside the harness: the statements of a design as scripts, and what the harness costs next to them."""
