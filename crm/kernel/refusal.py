"""The two ways a verb says no: Refused with a sentence for the person (422), Stale for the loser of a race (409)."""

from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """What was asked cannot be; the sentence says why, to a person."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stale(Exception):
    """The row is no longer as the person was shown it; `row` is how it is now.

    `text`: why that stops this verb. Without one, the page says who changed what meanwhile.
    """

    def __init__(self, row: Any, text: str = "") -> None:
        super().__init__(text or "the row was changed since it was shown")
        self.row, self.text = row, text
