"""The two ways a verb says no: Refused with a sentence for the person (422), Stale for the loser of a race (409)."""

from typing import Any


class Refused(ValueError):
    """What was asked cannot be; the text says why, to a person."""


class Stale(Exception):
    """The row is no longer as the person was shown it; `row` is how it is now.

    `text`: why that stops this verb. Without one, the page says who changed what meanwhile.
    """

    def __init__(self, row: Any, text: str = "") -> None:
        super().__init__(text or "the row was changed since it was shown")
        self.row, self.text = row, text
