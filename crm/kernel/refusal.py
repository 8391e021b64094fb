"""The two errors a model method raises to say no: Refused (422, with a sentence) and Stale (409, a lost edit race)."""

from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """The request cannot be done; the sentence tells the person why."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stale(Exception):
    """The row has changed since the person's form was made; `row` is how it is now.

    `text`: why that stops this verb. Without one, the page says who changed what meanwhile.
    """

    def __init__(self, row: Any, text: str = "") -> None:
        super().__init__(text or "the row was changed since it was shown")
        self.row = row
        self.text = text
