"""SummarySentence: a sentence of a summary with the messages it rests on."""

from typing import NamedTuple


class SummarySentence(NamedTuple):
    """A sentence, and the `ref` of each text it rests on. `is_open`: it says what is still to be done."""

    text: str
    refs: tuple[str, ...]
    is_open: bool = False
