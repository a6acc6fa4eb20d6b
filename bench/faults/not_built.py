"""Faults that this instrument cannot inject yet, each with the part that it lacks. Pure.

They are told with those that a server did not allow, in one table: what was not injected was not survived.
"""

from __future__ import annotations

from bench.results.faults_schema import Unavailable

_RIG = "it needs a rig that ends and restarts the server beneath many clients; one such crash is run, as a control of the checkers"
_DISK = "it needs a data folder on a file system of its own, of which an image is taken at the instant of the cut"
_CALLS = "it needs the server's system calls to be intercepted"
_ORDER = "it needs a gate that holds the messages of several clients and lets them through in every order"
_NETWORK = "it needs a network between client and server; it changes how long a violation lasts, and not which there are"
_CLOCKS = (
    "it needs clocks of its own for client and server; the order of messages is that of their operations, whatever a clock says"
)
_REPAIR = "it needs a job that repairs a store, and faults at each of its own points"
_MIGRATION = "it needs the phases of a migration under live traffic"
_APART = "it needs the two sides in databases of their own, so that one of them alone can refuse"

NOT_BUILT: tuple[Unavailable, ...] = tuple(
    Unavailable(fault=fault, design=None, why=f"not built: {why}")
    for fault, why in (
        ("server: SIGKILL of one backend, of the postmaster or of all processes; a shutdown of any mode", _RIG),
        ("server: stalled as a whole", _RIG),
        ("power cut: pages that were not flushed are lost", _DISK),
        ("disk: full, at a data page or in the log", _DISK),
        ("disk: slow or failing flush, a kill inside of it", _CALLS),
        ("two clients: every interleaving of check and act, deadlocks, isolation anomalies", _ORDER),
        ("network: partition, a link that loses one kind of message, loss, delay, bandwidth", _NETWORK),
        ("clock: skew or a jump", _CLOCKS),
        ("one side alone: read-only, full or away", _APART),
        ("crash during a migration", _MIGRATION),
        ("repair: how much it heals, and faults that meet it", _REPAIR),
    )
)
