"""What the designs that are drawings, run by no server, make of the options they are built for."""

from __future__ import annotations

from variants.contract import Indexes, NotOffered, Options


def drawn_level(options: Options) -> Indexes:
    """The level of indexes of a drawn design: advised, unless another one is asked for.

    Raises `NotOffered` for the level that was found on disk: a drawing is on no disk.
    """
    if options.indexes is Indexes.DEPLOYED:
        raise NotOffered("no server runs this design, so nothing was found on its disk; dual_deployed has that level")
    return options.indexes or Indexes.ADVISED


def demand_one_database(options: Options, because: str) -> None:
    """Raise `NotOffered` for two databases, which cannot have keys between the sides."""
    if not options.cross_side_foreign_keys:
        raise NotOffered(f"two databases cannot hold this design: {because}")
