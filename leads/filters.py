"""The filters of the lead list. The URL is the view: what it says is read here, applied, and written back as links."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.jobs.line import line
from crm.jobs.models import Job, Level, Priority
from crm.jobs.models.queryset import JobQuerySet
from crm.jobs.search import search
from crm.platform import clock
from crm.platform.access import allows
from crm.platform.configuration import directory
from crm.platform.models import Member

NOBODY, ME = "nobody", "me"
SELECTED = SafeString(" selected")
# What the text filter looks through: the best hits of the search box, of which the other filters keep some.
MOST_HITS = 500
# How long an ended lead stays on the list by itself.
RECENT = timedelta(days=7)

# The words of the level filter, and the stored levels each stands for.
LEVELS = {
    "none": (Level.NONE,),
    "over": (Level.LATE, Level.CRIT),
    "crit": (Level.CRIT,),
    "late": (Level.LATE,),
    "soon": (Level.SOON,),
    "ok": (Level.OK,),
    "hold": (Level.HOLD,),
    "ended": (Level.ENDED,),
    "open": tuple(level for level in Level if level < Level.ENDED),
}


def tidy(text: str) -> str:
    """What was typed, without the sign the database refuses, and no longer than anything that could match."""
    return text.replace("\0", "").strip()[:120]


class Choice(NamedTuple):
    """One option of a filter."""

    value: str
    label: str


class Chip(NamedTuple):
    """A filter in force, in words, with the view without it."""

    name: str
    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Filters:
    """The filters as their values in the URL; empty means not filtered."""

    rep: str = ""
    priority: str = ""
    level: str = ""
    source: str = ""
    brand: str = ""
    pipeline: str = ""
    phase: str = ""
    closed: str = ""
    waiting: str = ""
    q: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], member: Member) -> "Filters":
        """The filters of a query string. Values that mean nothing here are dropped."""
        given = {name: tidy(query.get(name, "")) for name in cls.__dataclass_fields__}
        for name, choices in options(member).items():
            if given[name] not in {choice.value for choice in choices}:
                given[name] = ""
        return cls(**given | {"waiting": "1" if given["waiting"] == "1" else ""})

    def query(self, **changes: str) -> str:
        """The query string of these filters, with changes; "?" alone for none."""
        values = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in values.items() if value})

    @property
    def only_recent(self) -> bool:
        """Leads that ended longer ago than a week stay out, unless something asks for them."""
        return not (self.closed or self.level or self.q)

    def apply(self, jobs: JobQuerySet, member: Member) -> JobQuerySet:
        """The jobs the filters keep. A rep without a `rep` filter sees the own ones."""
        wanted: dict[str, Any] = {}
        rep = self.rep or ("" if allows(member, "leads.see_all") else ME)
        if rep == NOBODY:
            wanted["member__isnull"] = True
        elif rep:
            wanted["member_id"] = member.pk if rep == ME else _pk(directory().members, rep)
        if rep in (NOBODY, ME):
            # Everybody may see these, and beside visibility's OR Postgres sorts instead of walking the ordered index.
            jobs = Job.objects.all()
        if self.priority:
            wanted["priority"] = int(self.priority)
        if self.level:
            wanted["level__in"] = LEVELS[self.level]
        if self.source:
            wanted["source_id"] = next(pk for pk, row in line().sources.items() if row.name == self.source)
        if self.brand:
            wanted["brand_id"] = _pk(directory().brands, self.brand)
        if self.pipeline:
            wanted["pipeline_id"] = _pk(line().pipelines, self.pipeline)
        if self.phase:
            wanted["stage_id__in"] = line().stages_in_phase(line().phases[int(self.phase) - 1].pk)
            # Who has a step has a status: the index begins behind the jobs without one.
            wanted["level__gt"] = Level.NONE
        if self.q:
            wanted["pk__in"] = [hit.job_id for hit in search(self.q, by=member, most=MOST_HITS)]
        kept: JobQuerySet = jobs.filter(**wanted)
        if self.only_recent:
            kept = kept.open_or_ended_since(clock.now() - RECENT)
        return kept.waiting() if self.waiting else kept

    def chips(self, member: Member) -> list[Chip]:
        """The filters in force, in words."""
        known = options(member)
        chips = []
        for name, label in labels().items():
            value = getattr(self, name)
            if value:
                words = next((c.label for c in known.get(name, []) if c.value == value), value)
                chips.append(Chip(name, label, words, self.query(**{name: ""})))
        if self.only_recent:
            words = _("this week or open")
            chips.append(Chip("closed", _("Closed"), words, self.query(closed="all")))
        if self.waiting:
            chips.append(Chip("waiting", _("They wrote"), _("we haven’t answered"), self.query(waiting="")))
        return chips

    def fields(self, member: Member) -> list[dict[str, Any]]:
        """The panel's selects: name, label, options; those with nothing to choose are left out."""
        known = options(member)
        return [
            {
                "name": name,
                "label": label,
                "options": _options(
                    [Choice("", _("this week or open") if name == "closed" else _("any")), *known[name]],
                    getattr(self, name),
                ),
            }
            for name, label in labels().items()
            if name in known and (len(known[name]) > 1 or name == "closed")
        ]


def _options(choices: list[Choice], value: str) -> SafeString:
    """The options of a select. A hundred of them in a template's loop cost a millisecond of every list page."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((choice.value, SELECTED if choice.value == value else "", choice.label) for choice in choices),
    )


def labels() -> dict[str, str]:
    """The filters' names, in the order of the panel."""
    return {
        "rep": _("Rep"),
        "level": _("Level"),
        "priority": _("Priority"),
        "phase": _("Phase"),
        "pipeline": _("Pipeline"),
        "source": _("Source"),
        "brand": _("Brand"),
        "closed": _("Closed"),
        "q": _("Text"),
    }


def options(member: Member) -> dict[str, list[Choice]]:
    """What each filter may be set to, for this member."""
    here, there = directory(), line()
    return {
        "rep": _reps(member),
        "level": _levels(),
        "priority": [Choice(str(value), str(label)) for value, label in Priority.choices],
        "phase": [Choice(str(at), phase.name) for at, phase in enumerate(there.phases, 1)],
        "pipeline": [Choice(str(row.uid), row.name) for row in there.pipelines.values()],
        "source": [Choice(row.name, row.name) for row in there.sources.values()],
        "brand": [Choice(str(row.uid), row.name) for row in here.brands.values()],
        "closed": [Choice("all", _("any time"))],
    }


def _reps(member: Member) -> list[Choice]:
    nobody = Choice(NOBODY, _("nobody yet"))
    if not allows(member, "leads.see_all"):
        return [Choice(ME, member.name), nobody]
    others = [row for row in directory().members.values() if row.active and row.pk != member.pk]
    return [Choice(ME, member.name), nobody, *(Choice(str(row.uid), row.name) for row in others)]


def _levels() -> list[Choice]:
    return [
        Choice("none", _("No status")),
        Choice("over", _("Over or over twice")),
        Choice("crit", _("Over twice")),
        Choice("late", _("Over")),
        Choice("soon", _("Due soon")),
        Choice("ok", _("In time")),
        Choice("hold", _("On hold")),
        Choice("ended", _("Closed")),
        Choice("open", _("Open")),
    ]


def _pk(rows: Mapping[int, Any], uid: str) -> int:
    return next(pk for pk, row in rows.items() if str(row.uid) == uid)


class View(NamedTuple):
    """A saved view: a name and its filters. Just a link."""

    key: str
    name: str
    css: str
    filters: Filters


def views(member: Member) -> list[View]:
    """The tabs. A manager's are about everybody, a rep's about the own leads."""
    all_of_it = allows(member, "leads.see_all")
    tabs = [View("mine", _("My leads"), "", Filters(rep=ME if all_of_it else ""))]
    if all_of_it:
        tabs.insert(0, View("all", _("All leads"), "", Filters()))
    return [
        *tabs,
        View("none", _("No status"), "none", Filters(level="none")),
        View("over", _("Late"), "crit", Filters(level="over")),
        View("wrote", _("They wrote, we haven’t answered"), "", Filters(waiting="1")),
        View("unclaimed", _("Unclaimed"), "", Filters(rep=NOBODY)),
    ]


def visible(member: Member) -> JobQuerySet:
    """The jobs a member may see at all."""
    jobs: JobQuerySet = Job.objects.visible_to(member)
    return jobs
