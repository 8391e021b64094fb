"""Refused (422, with a sentence) and Stale (409, a lost edit race): the two errors of model methods."""

from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """The action is not possible; `sentence` tells the user why."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stale(Exception):
    """The row has changed since the user's form was rendered; `row` is its present state.

    `text`: why that stops this verb. Without one, the page says who changed what meanwhile.
    """

    def __init__(self, row: Any, text: str = "") -> None:
        super().__init__(text or "the row was changed since it was shown")
        self.row = row
        self.text = text
