"""Find the members mentioned in a note: "@Mona Meyer", or "@Mona" if there is only one Mona."""

from collections import Counter
from collections.abc import Mapping

from crm.platform.models import Member
from crm.platform.organization.configuration import directory


def mentioned_members(text: str) -> list[Member]:
    """Return the active members a text mentions, in the order of the directory."""
    active = {pk: member for pk, member in directory().members.items() if member.active}
    named = find_mentions(text, {pk: member.name for pk, member in active.items()})
    return [member for pk, member in active.items() if pk in named]


def find_mentions(text: str, names: Mapping[int, str]) -> set[int]:
    """Return the ids of members mentioned with @ by full name or unique first name, case-insensitively.

    Of names that begin alike the longest counts; an address, such as jan@example.com, names nobody.
    """
    called = _unique_names(names)
    folded = text.casefold()
    ids = set[int]()
    for at, sign in enumerate(folded):
        if sign == "@" and not folded[max(at - 1, 0) : at].isalnum():
            ids |= set([pk for name, pk in called if _is_name_at(folded, at + 1, name)][:1])
    return ids


def _unique_names(names: Mapping[int, str]) -> list[tuple[str, int]]:
    """Return the members' full and first names, longest first, without names that two members share."""
    whole = [(name.casefold(), pk) for pk, name in names.items()]
    first = [(name.partition(" ")[0], pk) for name, pk in whole]
    shared = Counter(name for name, _pk in {*whole, *first})
    own = {(name, pk) for name, pk in [*whole, *first] if name and shared[name] == 1}
    return sorted(own, key=lambda one: -len(one[0]))


def _is_name_at(text: str, at: int, name: str) -> bool:
    return text.startswith(name, at) and not text[at + len(name) : at + len(name) + 1].isalnum()
