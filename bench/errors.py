"""The one error that a user of the command line is meant to see."""

from __future__ import annotations

from collections.abc import Sequence


class UserError(Exception):
    """A problem of the user's input, told in one line: what is wrong, where, and what to do.

    The command line prints it without a traceback and exits with 2.
    """


class ServerFailed(UserError):
    """The server ended, lost a connection, or lacks room; no design is to blame, and what was measured stays.

    `what` says what happened and where, `do` what to do about it.
    """

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what}: {do}")
        self.what = what
        self.do = do


class InvalidMeasurement(Exception):
    """What was measured must not be shown: a store did other work than the model, or a contract was broken.

    `lines` say what differs, one fact each. The command line prints them, withholds the results and exits with 3.
    """

    def __init__(self, reason: str, lines: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lines = tuple(lines)


class ContractBroken(Exception):
    """A design was checked, and something that its contract promises is not so, told in one line. The exit status is 3."""


class Terminated(SystemExit):
    """A signal asks the process to end; no code of a design may be blamed for it."""
