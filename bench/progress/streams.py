"""Text written straight to a descriptor: nothing waits in a buffer that could fail once more when the program ends."""

from __future__ import annotations

import io
import os
from typing import TextIO


class Direct(io.TextIOBase):
    """A stream without a buffer; what cannot be encoded is spelled out. Raises OSError where the other end is gone."""

    def __init__(self, descriptor: int, encoding: str = "utf-8") -> None:
        super().__init__()
        self._descriptor = descriptor
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has an attribute here, Python a property
        """As the stream it stands for."""
        return self._encoding

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        write_all(self._descriptor, text.encode(self._encoding, "backslashreplace"))
        return len(text)


def direct(stream: TextIO | None) -> Direct | None:
    """The same without its buffer; None for a stream that was closed before the program began."""
    if stream is None:
        return None
    stream.flush()
    return Direct(stream.fileno(), stream.encoding)


def write_all(descriptor: int, content: bytes) -> None:
    """Write everything, in one call where the system takes it in one."""
    while content:
        content = content[os.write(descriptor, content) :]
