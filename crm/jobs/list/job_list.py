"""A list of jobs: its filters, columns, order and counts. An app subclasses it to add its pages, texts and views."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list import board_columns as board
from crm.jobs.list.added_columns import added_columns, added_sorts, column_of_sort
from crm.jobs.list.conditions import SEE_ALL, JobFilters
from crm.jobs.list.own_columns import own_columns
from crm.jobs.list.search import candidates
from crm.jobs.models import Job, Level
from crm.jobs.models.queryset import Candidates, JobQuerySet
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.columns import Column, Columns
from crm.web.lists.conditions.choices import ME, NOBODY
from crm.web.lists.conditions.query import Chip, Filters
from crm.web.lists.definition import List, Sort
from crm.web.lists.paging import Order

# Stands behind all others.
LAST = "next"


class JobColumns(Columns):
    """Columns with added ones and custom fields before the next step. A field's key is that of its form."""

    @property
    def by_key(self) -> dict[str, Column]:
        own = {key: added.column for key, added in added_columns().items()} | own_columns(Job)
        if not own:
            return self.fixed
        columns = {key: column for key, column in self.fixed.items() if key != LAST} | own
        return columns | {LAST: self.fixed[LAST]}


# How long an ended lead stays on the list by itself.
RECENT = timedelta(days=7)
# Most urgent first (docs/decisions/0003): one index, one keyset.
MOST_PRESSING = Order(Job, "level", "sort_at", "id")
# A value nobody knows stands below all others (Job.Meta.indexes).
NO_VALUE = {"value": -1}
VALUE = ("value", "id")
AGE = ("entered_at", "id")
GROUP_LEVELS = {
    "jump": (Level.NONE, Level.CRIT, Level.LATE),
    "today": (Level.SOON,),
    "track": (Level.OK,),
    "still": (Level.HOLD, Level.ENDED),
}


# So many jobs that wait for the first contact stand above the list; more of them stand where their level is.
MOST_NEW = 20


def _in_group(jobs: JobQuerySet, key: str) -> JobQuerySet:
    if key == "jump":
        return jobs.needing_us()
    return jobs.filter(level__in=GROUP_LEVELS[key]).not_awaiting_first_contact()


class JobList(List):
    """A list of jobs, the most urgent first. Title, bar and age are always shown; other columns can be chosen."""

    filterset = JobFilters
    first_field = "level"
    picked_by = "number"
    # "value" and "next" are cells of their own; the others look alike.
    columns: ClassVar[Columns] = JobColumns(
        Column("value", gettext_lazy("Value"), "c-val", "h-val end", sort="value"),
        Column("owner", gettext_lazy("Rep"), "c-more"),
        Column("priority", gettext_lazy("Priority"), "c-more"),
        Column("source", gettext_lazy("Source"), "c-more"),
        Column("brand", gettext_lazy("Brand"), "c-more"),
        Column("came", gettext_lazy("Came in"), "c-more"),
        Column("expected", gettext_lazy("Expected close"), "c-more"),
        Column("touched", gettext_lazy("Last contact"), "c-more"),
        Column("next", gettext_lazy("Next step"), "c-next"),
        usual=("value", "next"),
    )

    sorts: ClassVar[Mapping[str, Sort]] = {
        "-value": Sort(Order(Job, *VALUE, down=True, blank=NO_VALUE), gettext_lazy("value, highest first")),
        "value": Sort(Order(Job, *VALUE, blank=NO_VALUE), gettext_lazy("value, lowest first")),
        # The longest in its step entered it first.
        "-age": Sort(Order(Job, *AGE), gettext_lazy("time in step, longest first")),
        "age": Sort(Order(Job, *AGE, down=True), gettext_lazy("time in step, shortest first")),
    }

    def visible(self, member: Member) -> JobQuerySet:
        jobs: JobQuerySet = Job.objects.visible_to(member)
        return jobs

    def every_sort(self) -> Mapping[str, Sort]:
        return {**self.sorts, **added_sorts()}

    def order(self, filters: Filters) -> Order:
        return MOST_PRESSING

    def whose(self, filters: Filters, member: Member) -> str:
        """The member whose list it is: the rep filtered by; for a rep without that filter, the rep."""
        if filters.get("rep"):
            return filters.get("rep")
        if filters.asks("rep") or allows(member, SEE_ALL):
            return ""
        return ME

    def base(self, filters: Filters, member: Member) -> JobQuerySet:
        """Jobs before filtering: for a rep without a `rep` filter, their own."""
        whose = self.whose(filters, member)
        if whose not in (NOBODY, ME):
            return self.visible(member)
        # Everybody may see these, and beside visibility's OR Postgres sorts instead of walking the ordered index.
        every: JobQuerySet = Job.objects.all()
        if filters.get("rep"):
            return every
        return every.filter(member_id=member.pk)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> JobQuerySet:
        """Filter the jobs a text matches, without leads that ended over a week ago, unless a filter includes them."""
        if filters.q:
            rows = rows.meant_by(self.meant(filters, member))
        if added := column_of_sort(filters.sort):
            rows = added.join(rows)
        if not _only_recent(filters):
            return rows
        # The indexes of the other orders hold open leads: those that ended are neither old in a step nor worth much.
        if filters.sort:
            return rows.open()
        return rows.open_or_ended_since(clock.now() - RECENT)

    def narrows(self, filters: Filters, member: Member) -> bool:
        """Return True if these filters exclude any visible jobs other than those that ended long ago."""
        return bool(self.whose(filters, member) or filters.plain() or filters.where or filters.q)

    def meant(self, filters: Filters, member: Member) -> Candidates:
        """Return the candidates for the search text, cached per member."""
        kept: dict[int, Candidates] = filters.found
        if member.pk not in kept:
            kept[member.pk] = candidates(filters.q, by=member)
        return kept[member.pk]

    def standing_chips(self, filters: Filters, member: Member) -> list[Chip]:
        """Return chips for the default filters: a rep's leads only, and no leads that closed long ago."""
        chips = []
        if not filters.get("rep") and self.whose(filters, member) == ME:
            chips.append(Chip("rep", _("Rep"), member.name))
        if _only_recent(filters):
            if filters.sort:
                words = _("left out while sorted")
            else:
                words = _("this week or open")
            chips.append(Chip("closed", _("Closed"), words, filters.query(closed="all")))
        if added := column_of_sort(filters.sort):
            chips.append(Chip(added.key, str(added.left_out), _("left out while sorted")))
        return chips

    def notes(self, filters: Filters, member: Member) -> list[str]:
        if not (filters.q and self.meant(filters, member).is_cut):
            return []
        words = _("Many leads match “%(text)s”, so some may be missing here. Type more of it.")
        return [words % {"text": filters.q}]

    def count_queries(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, Any]:
        """Return the jobs to count: open ones and those needing us; also groups, phases and columns if shown."""
        kept = self.apply(filters, member)
        wanted = {"open": kept.open(), "need": kept.needing_us()}
        if allows(member, "jobs.bulk") and "phases" in shown:
            wanted["matching"] = kept
        wanted |= {f"group-{key}": _in_group(kept, key) for key in GROUP_LEVELS if key in shown}
        if "phases" in shown:
            # Each name says what it would show, whichever phase is shown now.
            if filters.asks("phase"):
                of_all = self.apply(filters.without("phase"), member)
            else:
                of_all = kept
            for at, phase in enumerate(pipeline_setup().phases, 1):
                wanted[f"phase-{at}"] = of_all.filter(stage_id__in=pipeline_setup().stages_in_phase(phase.pk))
        return wanted | board.querysets_to_count(kept, shown)

    def new_jobs(self, filters: Filters, member: Member) -> JobQuerySet:
        """Return the jobs that await first contact, first due first; none if another order is chosen."""
        kept: JobQuerySet = self.apply(filters, member)
        if filters.sort:
            return kept.none()
        return kept.awaiting_first_contact().order_by("sort_at", "id")[:MOST_NEW]

    def sums(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, str]:
        """Return the value of each column's jobs, if a board is shown."""
        if "board" in shown:
            return board.sums(self.apply(filters, member), shown)
        return {}

    def count_texts(self, counts: dict[str, str]) -> dict[str, str]:
        counts |= board.beyond({key: count for key, count in counts.items() if key.startswith("column-")})
        head = {"open": counts.pop("open"), "need": counts.pop("need")}
        return counts | {"summary": _("%(open)s open · %(need)s need you now") % head}


def _only_recent(filters: Filters) -> bool:
    return not (filters.get("closed") or filters.q or any(map(filters.asks, ("level", "state", "ended"))))
