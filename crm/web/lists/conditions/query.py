"""Parse, apply and serialize the filters of a list's URL. The URL is the only state of the view.

All of it is true at once: the plain parameters (`rep=me`), each `where=value:min:20000 USD`, and of the conditions of
each `any1=…&any1=…` one at least. What means nothing here is left out, and `dropped` says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.platform.models import Member
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.field_types import TextFilter
from crm.web.lists.conditions.filters import Filter, FilterSet
from crm.web.lists.conditions.viewer import Viewer

# More conditions than anybody reads; the rest of an address is left out.
MOST_CONDITIONS = 20
ANY = tuple(f"any{number}" for number in range(1, 10))

Group = tuple[Clause, ...]


def tidy(text: str) -> str:
    """Clean a typed text: remove NUL characters, which Postgres refuses, and limit its length."""
    return text.replace("\0", "").strip()[:120]


class Chip(NamedTuple):
    """An active filter in words, with the URL that removes it; "" if it cannot be removed."""

    name: str
    label: str
    value: str
    without: str = ""


@dataclass(frozen=True)
class Filters:
    """The filters of one URL. Two are equal if they select the same rows."""

    filterset: type[FilterSet]
    # The plain parameters that are set, by name.
    values: Mapping[str, str] = field(default_factory=dict)
    # All of these hold; of the conditions within one, any.
    where: tuple[Group, ...] = ()
    # Not what is kept but how it is shown: the columns and the order asked for, and the saved view it was opened from.
    columns: str = field(default="", compare=False)
    sort: str = field(default="", compare=False)
    view: str = field(default="", compare=False)
    # Where a layout stands, as the day of a calendar: the parameters that its list names (`List.position`).
    position: Mapping[str, str] = field(default_factory=dict, compare=False)
    dropped: tuple[str, ...] = field(default=(), compare=False)
    # What was looked up for these filters, so that a page does it once.
    found: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def get(self, name: str) -> str:
        """Return the plain parameter, or ""."""
        return self.values.get(name, "")

    @property
    def q(self) -> str:
        """The search text."""
        return self.get("q")

    def asks(self, name: str) -> bool:
        """True if a condition is about this field."""
        return bool(self.get(name)) or any(clause.filter.name == name for group in self.where for clause in group)

    def changed(self, **changes: Any) -> "Filters":
        """Return these filters with other values; "" removes a parameter. Columns and layout are not among them."""
        plain = {name: changes.pop(name) for name in list(changes) if name in self.filterset.known()}
        values = {name: value for name, value in {**self.values, **plain}.items() if value}
        return replace(self, values=values, found={}, **changes)

    def without(self, *names: str) -> "Filters":
        """Return these filters without those of the given fields."""
        kept = tuple(group for group in self.where if not {clause.filter.name for clause in group} & set(names))
        return self.changed(**dict.fromkeys(names, ""), where=kept)

    def query(self, **changes: Any) -> str:
        """Return the query string of these filters with changes; "?" if there are none."""
        if changes:
            new = self.changed(**changes)
        else:
            new = self
        pairs = [(name, new.get(name)) for name in self.filterset.parameters() if name in new.values]
        pairs += [("where", str(group[0])) for group in new.where if len(group) == 1]
        several = [group for group in new.where if len(group) > 1]
        pairs += [(name, str(clause)) for name, group in zip(ANY, several, strict=False) for clause in group]
        pairs += [("sort", new.sort), ("columns", new.columns), ("view", new.view), *new.position.items()]
        return "?" + urlencode([pair for pair in pairs if pair[1]], safe=":,")

    def plain(self) -> list[Clause]:
        """Return the plain parameters as conditions, in order, without those that the list applies itself."""
        return [
            Clause(one, one.plain_test, self.values[name])
            for name, one in self.filterset.known().items()
            if name in self.values and not one.alone
        ]

    def conditions(self, member: Member) -> list[Q]:
        """Return all conditions as one Q object."""
        viewer = Viewer(member)
        all_of = [clause.condition(viewer) for clause in self.plain()]
        return all_of + [reduce(or_, [clause.condition(viewer) for clause in group]) for group in self.where]

    def chips(self, member: Member) -> list[Chip]:
        """Return the active filters in words. An "any of these" group is one chip."""
        viewer = Viewer(member)
        alone = [one for name, one in self.filterset.known().items() if one.alone and name in self.values]
        chips = [
            Chip(clause.filter.name, clause.label(), clause.value_words(viewer), self.query(**{clause.filter.name: ""}))
            for clause in self.plain()
        ]
        chips += [self._chip(one, viewer) for one in alone if isinstance(one, TextFilter)]
        for group in self.where:
            without = self.query(where=tuple(other for other in self.where if other != group))
            if len(group) == 1:
                chips.append(Chip("where", group[0].label(), group[0].value_words(viewer), without))
            else:
                words = _(" or ").join(clause.sentence(viewer) for clause in group)
                chips.append(Chip("any", _("Any of"), words, without))
        return chips + [self._chip(one, viewer) for one in alone if not isinstance(one, TextFilter)]

    def _chip(self, one: Filter, viewer: Viewer) -> Chip:
        if isinstance(one, TextFilter) and one.chip:
            label = one.chip
        else:
            label = one.label
        shown = one.value_words(one.plain_test, self.values[one.name], viewer)
        return Chip(one.name, str(label), shown, self.query(**{one.name: ""}))


def merged(filterset: type[FilterSet], groups: list[Group], plain: Mapping[str, str] | None = None) -> Filters:
    """Create filters from groups. A condition that a plain parameter can express becomes one, so a view has one URL."""
    values = dict(plain or {})
    where = list[Group]()
    for group in groups:
        only = group[0]
        one = only.filter.name
        is_plain = len(group) == 1 and only.test == only.filter.plain_test
        if is_plain and one not in values:
            values[one] = only.value
        elif group not in where and not (is_plain and values[one] == only.value):
            where.append(group)
    return Filters(filterset, values, tuple(where))


class AddressReader:
    """Parses the conditions of one query string; collects the invalid ones."""

    def __init__(self, filterset: type[FilterSet], query: QueryDict, member: Member) -> None:
        self.filterset = filterset
        self.query = query
        self.viewer = Viewer(member)
        self.dropped = list[str]()

    def filters(self) -> Filters:
        """Return the filters, without columns and view."""
        plain = self._plain()
        return merged(self.filterset, list(self._groups()), plain)

    def drop(self, name: str, text: str) -> str:
        """Record an invalid condition."""
        self.dropped.append(f"{name}={text}")
        return ""

    def _plain(self) -> dict[str, str]:
        given = {name: tidy(self.query.get(name, "")) for name in self.filterset.parameters() if name in self.query}
        if not any(given.values()):
            return {}
        form = self.filterset(given, self.viewer).form
        form.is_valid()
        for name in form.errors:
            self.drop(name, given[name])
        return {name: str(value) for name, value in form.cleaned_data.items()}

    def _groups(self) -> Iterator[Group]:
        left = MOST_CONDITIONS
        for name in ("where", *ANY):
            found = []
            for text in map(tidy, self.query.getlist(name)):
                clause = None
                if left > 0:
                    clause = Clause.read(text, self.filterset, self.viewer)
                left -= 1
                if clause is None:
                    self.drop(name, text)
                elif name == "where":
                    yield (clause,)
                else:
                    found.append(clause)
            if found:
                yield tuple(dict.fromkeys(found))
