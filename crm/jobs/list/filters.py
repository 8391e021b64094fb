"""The filters of the lead list. The URL is the view: what it says is read here, applied, and written back as links.

All of it is true at once: the plain parameters (`rep=me`), each `where=value:min:20000 USD`, and of the conditions of
each `any1=…&any1=…` one at least. What means nothing here is left out, and `dropped` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.list import choices
from crm.jobs.list.choices import ME, NOBODY
from crm.jobs.list.columns import read_columns, spell
from crm.jobs.list.conditions import FIELDS, Asker, Clause
from crm.jobs.list.saved_views import views_of
from crm.jobs.list.search import Candidates, candidates
from crm.jobs.models import Job
from crm.jobs.models.queryset import JobQuerySet
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member

# How long an ended lead stays on the list by itself.
RECENT = timedelta(days=7)
# More conditions than anybody reads; the rest of an address is left out.
MOST_CONDITIONS = 20
# A field that is one of a list is a plain parameter.
PLAIN = tuple(name for name, known in FIELDS.items() if "is" in known.tests)
ANY = tuple(f"any{number}" for number in range(1, 10))

Group = tuple[Clause, ...]


def tidy(text: str) -> str:
    """What was typed, without the sign the database refuses, and no longer than anything that could match."""
    return text.replace("\0", "").strip()[:120]


class Chip(NamedTuple):
    """A filter in force, in words, with the view without it."""

    name: str
    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Filters:
    """The filters as their values in the URL; empty means not filtered. Two are equal that keep the same leads."""

    rep: str = ""
    team: str = ""
    level: str = ""
    priority: str = ""
    phase: str = ""
    step: str = ""
    pipeline: str = ""
    source: str = ""
    brand: str = ""
    waiting: str = ""
    side: str = ""
    next: str = ""
    closed: str = ""
    q: str = ""
    # All of these hold; of the conditions within one, any.
    where: tuple[Group, ...] = ()
    # Not what is kept but how it is shown: the columns asked for, and the saved view the page was opened from.
    columns: str = field(default="", compare=False)
    view: str = field(default="", compare=False)
    dropped: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, query: QueryDict, member: Member) -> "Filters":
        """The filters of a query string."""
        return _Reading(query, Asker(member)).filters()

    def query(self, **changes: Any) -> str:
        """The query string of these filters, with changes; "?" alone for none."""
        new = replace(self, **changes) if changes else self
        pairs = [(name, getattr(new, name)) for name in (*PLAIN, "closed", "q")]
        pairs += [("where", str(group[0])) for group in new.where if len(group) == 1]
        several = [group for group in new.where if len(group) > 1]
        pairs += [(name, str(clause)) for name, group in zip(ANY, several, strict=False) for clause in group]
        pairs += [("columns", new.columns), ("view", new.view)]
        return "?" + urlencode([pair for pair in pairs if pair[1]], safe=":,")

    @property
    def only_recent(self) -> bool:
        """Leads that ended longer ago than a week stay out, unless something asks for them."""
        asked = any(clause.field == "level" for group in self.where for clause in group)
        return not (self.closed or self.level or self.q or asked)

    def plain(self) -> list[Clause]:
        """The plain parameters as conditions."""
        return [Clause(name, "is", getattr(self, name)) for name in PLAIN if getattr(self, name)]

    def whose(self, member: Member) -> str:
        """The rep the list is about: the one asked for; for a rep who asks for nobody else, the rep."""
        speaks = any(clause.field == "rep" for group in self.where for clause in group)
        return self.rep or ("" if speaks or allows(member, "leads.see_all") else ME)

    def apply(self, jobs: JobQuerySet, member: Member) -> JobQuerySet:
        """The jobs the filters keep. A rep without a `rep` filter sees the own ones."""
        asker, rep = Asker(member), self.whose(member)
        if rep in (NOBODY, ME):
            # Everybody may see these, and beside visibility's OR Postgres sorts instead of walking the ordered index.
            jobs = Job.objects.all()
        all_of = [clause.condition(asker) for clause in replace(self, rep=rep).plain()]
        all_of += [reduce(or_, [clause.condition(asker) for clause in group]) for group in self.where]
        kept: JobQuerySet = jobs.filter(*all_of)
        if self.q:
            kept = kept.meant_by(self.found(member))
        return kept.open_or_ended_since(clock.now() - RECENT) if self.only_recent else kept

    def narrows(self, member: Member) -> bool:
        """Whether these filters keep a part of what a member may see, beside what ended lately."""
        return bool(self.whose(member) or self.plain() or self.where or self.q)

    def found(self, member: Member) -> Candidates:
        """What the text may mean, looked for once."""
        kept: dict[int, Candidates] = self.__dict__.setdefault("_found", {})
        if member.pk not in kept:
            kept[member.pk] = candidates(self.q, by=member)
        return kept[member.pk]

    def chips(self, member: Member) -> list[Chip]:
        """The filters in force, in words; what any of several may meet is one chip."""
        asker = Asker(member)
        chips = [
            Chip(clause.field, clause.label(), clause.shown(asker), self.query(**{clause.field: ""}))
            for clause in self.plain()
        ]
        if self.q:
            chips.append(Chip("q", _("Text"), self.q, self.query(q="")))
        for group in self.where:
            without = self.query(where=tuple(other for other in self.where if other != group))
            if len(group) == 1:
                chips.append(Chip("where", group[0].label(), group[0].shown(asker), without))
            else:
                words = _(" or ").join(clause.sentence(asker) for clause in group)
                chips.append(Chip("any", _("Any of"), words, without))
        if self.closed:
            chips.append(Chip("closed", _("Closed"), _("any time"), self.query(closed="")))
        elif self.only_recent:
            chips.append(Chip("closed", _("Closed"), _("this week or open"), self.query(closed="all")))
        return chips


class _Reading:
    """Reads one query string; collects what means nothing."""

    def __init__(self, query: QueryDict, asker: Asker) -> None:
        self.query, self.asker, self.dropped = query, asker, list[str]()

    def filters(self) -> Filters:
        plain = {name: self._plain(name) for name in PLAIN}
        where = []
        for group in self._groups():
            only = group[0]
            if len(group) == 1 and only.test == "is" and not plain[only.field]:
                plain[only.field] = only.value
            elif group not in where and (len(group), only.test, plain.get(only.field)) != (1, "is", only.value):
                where.append(group)
        member = self.asker.member
        known = choices.closed(member)
        closed, given = tidy(self.query.get("closed", "")), self.query.get("view", "")
        if closed and closed not in {choice.value for choice in known}:
            closed = self._drop("closed", closed)
        return Filters(
            **plain,
            closed=closed,
            q=tidy(self.query.get("q", "")),
            where=tuple(where),
            columns=self._columns(),
            view=next((str(view.uid) for view in views_of(member) if str(view.uid) == given), "") if given else "",
            dropped=tuple(self.dropped),
        )

    def _columns(self) -> str:
        asked = tidy(self.query.get("columns", ""))
        found = read_columns(asked) if asked else ()
        return spell(found) if asked and found is not None else self._drop("columns", asked) if asked else ""

    def _plain(self, name: str) -> str:
        value = tidy(self.query.get(name, ""))
        if value and Clause.read(f"{name}:is:{value}", self.asker) is None:
            return self._drop(name, value)
        return value

    def _groups(self) -> Iterator[Group]:
        left = MOST_CONDITIONS
        for name in ("where", *ANY):
            found = []
            for text in map(tidy, self.query.getlist(name)):
                clause = Clause.read(text, self.asker) if left > 0 else None
                left -= 1
                if clause is None:
                    self._drop(name, text)
                elif name == "where":
                    yield (clause,)
                else:
                    found.append(clause)
            if found:
                yield tuple(dict.fromkeys(found))

    def _drop(self, name: str, text: str) -> str:
        self.dropped.append(f"{name}={text}")
        return ""


def visible(member: Member) -> JobQuerySet:
    """The jobs a member may see at all."""
    jobs: JobQuerySet = Job.objects.visible_to(member)
    return jobs
