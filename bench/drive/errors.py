"""What can go wrong between a design and the server."""

from __future__ import annotations


class ContractError(Exception):
    """A design breaks its contract; the message names what it did."""


class Unending(ContractError):
    """A call into a design did not come back and was ended; asking it anything more would only take as long again."""


class ServerError(Exception):
    """The server refused a statement: `sqlstate` and `severity` as it sent them."""

    def __init__(self, sqlstate: str, severity: str, message: str) -> None:
        super().__init__(f"{severity} {sqlstate}: {message}")
        self.sqlstate = sqlstate
        self.severity = severity
        self.message = message


class ConnectionLost(Exception):
    """The connection ended, so the fate of what was under way is unknown."""
