"""Rows whose fields are texts, as CSV and JSON lines have them, handed to a collector."""

from __future__ import annotations

from collections.abc import Mapping

from workloads.importing.collecting import Collector
from workloads.importing.mapping import FLAGS, MEANINGS, utf8_bytes, whole
from workloads.importing.times import Clock, NoTime

FIELDS = tuple(MEANINGS)
"""The order in which a row's fields are handed over; a meaning that no column has is an empty text."""


class Rows:
    """Takes rows, each by the texts of its `FIELDS`, and rejects those that cannot be read.

    A source with ids of answered messages says of every row what it answers, so that all its rows are annotated.
    """

    def __init__(self, collector: Collector, times: Clock, columns: Mapping[str, str]) -> None:
        self._collector = collector
        self._times = times
        self._from_text = "text" in columns
        self._all_annotated = "reply_to" in columns and "annotated" not in columns

    def take(
        self,
        place: int,
        t: str,
        channel: str,
        user: str,
        text: str,
        size: str,
        bot: str,
        own: str,
        answered: str,
        answered_row: str,
        annotated: str,
    ) -> None:
        """A row of the source that stands at this place."""
        try:
            at_us = self._times.at_us(t)
        except NoTime as why:
            self._collector.reject(place, str(why))
            return
        text_bytes = utf8_bytes(text) if self._from_text else whole(size)
        is_bot, is_annotated = FLAGS.get(bot.lower()), FLAGS.get(annotated.lower())
        row = whole(answered_row) if answered_row else -1
        if text_bytes is None:
            self._collector.reject(place, "the length of its text is no whole number")
        elif is_bot is None:
            self._collector.reject(place, "the bot flag is none of 0, 1, false, true, no, yes")
        elif is_annotated is None:
            self._collector.reject(place, "the annotated flag is none of 0, 1, false, true, no, yes")
        elif row is None:
            self._collector.reject(place, "the row that it answers is no whole number")
        else:
            self._collector.take(
                place,
                at_us,
                channel,
                user,
                text_bytes,
                bot=is_bot,
                annotated=is_annotated or self._all_annotated,
                own=own,
                answered=answered,
                answered_row=row,
            )
