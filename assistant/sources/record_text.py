"""RecordText: a message or note of a record; and the same as the texts of a request to a model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.calls.request import SourceText

# Shorter parts of names are words of the language too often.
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class RecordText:
    """A message, a call or a note. `ref` is the id of its element on the page of its conversation.

    `who`: its writer as the page names them. `url`: the page and element that show it, for a member.
    """

    ref: str
    at: datetime
    kind: str
    who: str
    text: str
    url: str
    is_ours: bool = False
    is_automatic: bool = False
    ticket_id: int | None = None

    @property
    def is_customers(self) -> bool:
        """True if the customer wrote it themselves."""
        return self.kind == "message" and not self.is_ours and not self.is_automatic


def as_sources(
    texts: Iterable[RecordText], customers: Sequence[str], colleagues: Sequence[str], addresses: Sequence[str] = ()
) -> tuple[SourceText, ...]:
    """Return the texts of a request, with the names and addresses that are to be replaced in them."""
    names = _names_to_replace(customers, colleagues, addresses)
    return tuple(
        SourceText(
            text.ref, text.text, kind=text.kind, is_ours=text.is_ours, label=f"{_role(text)} {text.who}", names=names
        )
        for text in texts
    )


def _role(text: RecordText) -> str:
    if text.kind == "note":
        return "internal note of"
    if text.is_automatic:
        return "automatic message"
    return "we wrote:" if text.is_ours else "the customer wrote:"


def _names_to_replace(
    customers: Iterable[str], colleagues: Iterable[str], addresses: Iterable[str]
) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for word, names in (("colleague", colleagues), ("customer", customers)):
        for name in names:
            parts = [part for part in name.split() if len(part) >= _SHORTEST_NAME and part[0].isupper()]
            words |= dict.fromkeys([name, *parts], word)
    words |= dict.fromkeys((address for address in addresses if address), "address")
    words.pop("", None)
    return words
