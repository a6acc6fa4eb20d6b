"""Times of writes: as due, but strictly increasing within a channel."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ChannelClocks:
    """The last time given out for each channel, in milliseconds since 1970."""

    last_ms: dict[str, int] = field(default_factory=dict)

    def next(self, channel_id: str, due_ms: int) -> int:
        """The due time, or 1 ms after the channel's last write when that is later."""
        at_ms = max(due_ms, self.last_ms.get(channel_id, due_ms - 1) + 1)
        self.last_ms[channel_id] = at_ms
        return at_ms
