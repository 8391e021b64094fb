"""The board: one column a phase, each in jump order and capped, read with one statement; cards as strings, like rows.

Who has no status stands in a lane of its own, in front of the first phase.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from crm.jobs.line import line
from crm.jobs.models import Job, Level
from crm.jobs.models.queryset import JobQuerySet
from crm.platform import formats
from crm.platform.templatetags.look import avatar, icon
from leads.filters import Filters
from leads.rows import RowMaker, wait_mark
from leads.wording import ClockWords, Reader

# Cards of a column.
CAP = 50
NO_STATUS = 0
# What a card shows, or its clock needs.
SHOWN = (
    "id number title pipeline_id stage_id member_id value currency state entered_at past next_step_at next_step_kind "
    "next_step_label waiting_since unread_count unread_channel touched_at ended_reason side clock_started_at "
    "clock_used allowed calendar_id warn_at due_at far_at pause_reason pause_ends_at level jump_at tenant_id"
).split()


@dataclass
class Column:
    """A phase, or the lane without status, with the first of its jobs."""

    # The phase's place in the bar, from 1; NO_STATUS for the lane.
    at: int
    name: str
    # The list of the same leads.
    url: str
    # The pipelines without a step here, as cards name theirs.
    lacks: str = ""
    jobs: list[Job] = field(default_factory=list)
    is_capped: bool = False
    cards: str = ""


def read_columns(kept: JobQuerySet, filters: Filters) -> list[Column]:
    """The columns with their jobs."""
    columns = _columns(filters)
    found: dict[int, list[Job]] = {column.at: [] for column in columns}
    here = line()
    for job in _shown(kept).to_look_at(SHOWN):
        found[here.phase_of(job.stage_id)].append(job)
    for column in columns:
        jobs = sorted(found[column.at], key=lambda job: (job.level, job.jump_at, job.pk))
        column.jobs, column.is_capped = jobs[:CAP], len(jobs) > CAP
    return columns


def _shown(kept: JobQuerySet) -> JobQuerySet:
    """The first of each column, in no order. Each part of the statement walks an ordered index as far as its cap.

    The index has all that the parts ask for. They differ in their steps alone, so Django writes out one for all.
    """
    steps: list[int] = []
    ordered = kept.in_jump_order().values("pk")
    in_steps = RawSQL('"jobs_job"."stage_id" = ANY(%s)', [steps], output_field=BooleanField())
    first, of_phase = ordered.filter(level=Level.NONE), ordered.filter(in_steps, level__gt=Level.NONE)
    try:
        (lane, given), (part, asked) = (one[: CAP + 1].query.sql_with_params() for one in (first, of_phase))
    except EmptyResultSet:
        return kept.none()
    values = [*given]
    for phase in line().phases:
        values += [line().stages_in_phase(phase.pk) if one is steps else one for one in asked]
    parts = " UNION ALL ".join([f"({lane})", *[f"({part})"] * len(line().phases)])
    return Job.objects.filter(pk__in=RawSQL(parts, values))  # noqa: S611 (Django wrote the statements)


def part_of(kept: JobQuerySet, at: int) -> JobQuerySet:
    """The jobs of a column."""
    if at == NO_STATUS:
        return kept.filter(level=Level.NONE)
    return kept.filter(stage_id__in=line().stages_in_phase(line().phases[at - 1].pk), level__gt=Level.NONE)


def counted(kept: JobQuerySet, shown: Collection[str]) -> dict[str, JobQuerySet]:
    """What the numbers of the columns count, if a board is among what the page shows; `lane`: with its lane."""
    phases = range(NO_STATUS if "lane" in shown else 1, len(line().phases) + 1)
    return {f"column-{at}": part_of(kept, at) for at in phases} if "board" in shown else {}


def beyond(counts: Mapping[str, str]) -> dict[str, str]:
    """Of the columns' numbers, as a reader sees them, how many cards are beyond the cap: "212 more"."""
    told = {}
    for key, count in counts.items():
        at = key.removeprefix("column-")
        more = int(count.removesuffix("+")) - CAP
        if more > 0:
            told[f"more-{at}"] = _("%(count)s more") % {"count": f"{more}+" if count.endswith("+") else more}
    return told


def _columns(filters: Filters) -> list[Column]:
    here = line()
    lane = Column(NO_STATUS, _("No status"), filters.query(level="none"))
    return [lane] + [
        Column(at, phase.name, filters.query(phase=str(at)), " ".join(_lacking(at)))
        for at, phase in enumerate(here.phases, 1)
    ]


def _lacking(phase: int) -> list[str]:
    return [str(nth) for nth, pk in enumerate(line().pipelines) if line().entry(pk, phase) is None]


class CardMaker(RowMaker):
    """Turns jobs into cards for one reader."""

    def __init__(self, slug: str, reader: Reader, *, with_owner: bool, may_move: bool) -> None:
        super().__init__(slug, reader, with_owner=with_owner)
        self.may_move = may_move
        self.nth = {pk: nth for nth, pk in enumerate(self.line.pipelines)}
        self.move = _("Move %(name)s")
        self.no_status = _("No status")
        self.icon = icon("arrow-right-left")
        self.faces = {pk: _face(member.name) for pk, member in self.members.items()} if with_owner else {}

    def card(self, job: Job) -> str:
        """The card of a job. Everything a person typed is escaped here."""
        words = ClockWords(job, self.reader)
        css, drawn, step = self._next_step(job, words.level)
        title = escape(job.title)
        moves = self.may_move and job.is_open
        handle = f' data-stay="{job.stay}" data-line="{self.nth[job.pipeline_id]}"' if moves else ""
        value = f"<span>{escape(self._short_value(job))}</span>" if job.value is not None else ""
        drawn = icon(drawn) if drawn else ""
        then = f'<span class="next {css}">{drawn}<span class="trunc">{escape(step)}</span></span>' if step else ""
        return (
            f'<article class="board-card" id="c{job.number}"{handle}><h3><a href="{self.prefix}{job.number}/">'
            f"<bdi>{title}</bdi></a>{value}</h3>{words.bar(self.shapes[job.pipeline_id], micro=True)}"
            f'<div class="row"><span class="age {words.css}">{escape(words.age)}</span>'
            f'<span class="trunc">{escape(self._step(job, words))}</span>{self._unread(job)}</div>'
            f'<div class="row">{then}{self.faces.get(job.member_id or 0, "")}'
            f"{self._handle(job, title) if moves else ''}</div></article>\n"
        )

    def _short_value(self, job: Job) -> str:
        assert job.value is not None
        return formats.short_money(job.value, job.currency, self.reader.country, self.reader.language)

    def _step(self, job: Job, words: ClockWords) -> str:
        if job.stage_id is None:
            return self.no_status
        if words.level in (Level.HOLD, Level.ENDED):
            return self.line.stages[job.stage_id].name
        return words.hang or self.line.stages[job.stage_id].name

    def _unread(self, job: Job) -> str:
        return wait_mark(job.unread_count, job.unread_channel) if job.waiting_since else ""

    def _handle(self, job: Job, title: str) -> str:
        label = self.move % {"name": title}
        return (
            f'<a class="card-move" id="m{job.number}" href="{self.prefix}{job.number}/move/" aria-label="{label}">'
            f"{self.icon}</a>"
        )


def _face(name: str) -> str:
    return f'<span title="{escape(name)}">{avatar(name)}<span class="vh">{escape(name)}</span></span>'


def draw(columns: Iterable[Column], maker: CardMaker) -> None:
    """Give each column its cards."""
    for column in columns:
        # Safe: card() escapes what people typed.
        column.cards = mark_safe("".join(map(maker.card, column.jobs)))  # noqa: S308
