"""The one error that a user of the command line is meant to see."""

from __future__ import annotations


class UserError(Exception):
    """A problem of the user's input, told in one line: what is wrong, where, and what to do.

    The command line prints it without a traceback and exits with 2.
    """
