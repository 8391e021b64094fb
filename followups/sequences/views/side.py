"""The panel beside the editor: who would enter now, a walk of one lead, who is in it, who left, its versions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.automation.editor.trial import find_records, row_of
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.database.percentile import Percentile
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_url
from followups.sequences.editor.entry_forecast import EntryForecast, forecast_entry
from followups.sequences.editor.sequence_draft import SequenceDraft
from followups.sequences.editor.step_counts import FEWEST, enrolments_url, median_text, sequence_url, stay_seconds
from followups.sequences.editor.trial_log import NotedLine, noted_steps, trial_lines
from followups.sequences.editor.walk_through import SequenceWalk
from followups.sequences.enrolling import preview_entry
from followups.sequences.enrolments.rows import enrolment_rows
from followups.sequences.models import EndReason, Enrolment, Sequence, SequenceVersion
from followups.sequences.models.choices import NOT_LEFT
from followups.sequences.setup import job_kind, parse_version

SHOWN = 4
# For how long it shows who left.
DAYS = 30
VERSIONS = 3
# The length of the bar of those who left, in its own units.
BAR = 1000


@dataclass(frozen=True)
class LeftShare:
    """A part of those who left: its class in the bar, its label, how many, and where its bar begins and ends."""

    css: str
    label: str
    count: int
    start: int
    width: int
    url: str = ""


class VersionSummary(NamedTuple):
    """A version with its day, how many are inside on it, and what share of those who left it had answered."""

    number: int
    day: str
    inside: int
    url: str
    is_current: bool
    # Of how many who left; None for too few.
    left: int = 0
    answered: int | None = None
    answered_url: str = ""


# Reasons that are told together, by the class of their colour; the others are told as "stopped".
_ANSWERED = (EndReason.ANSWERED, EndReason.COLLEAGUE, EndReason.REACHED, EndReason.TOUCHED)
_GROUPS: tuple[tuple[str, Promise, tuple[EndReason, ...]], ...] = (
    ("k1", gettext_lazy("answered"), _ANSWERED),
    ("k2", gettext_lazy("decided"), (EndReason.WON, EndReason.LOST, EndReason.LEFT, EndReason.SIGNAL)),
    ("k3", gettext_lazy("booked"), (EndReason.BOOKED,)),
    ("k5", gettext_lazy("at the end"), (EndReason.FINISHED, EndReason.IN_VAIN)),
)
_OTHERS = ("k4", gettext_lazy("stopped"))
# Ends that say nothing of how a version works.
_NO_RESULT = (*NOT_LEFT, EndReason.REPLACED)


def side_context(
    request: TenantRequest, sequence: Sequence | None, draft: SequenceDraft, *, enrols: bool
) -> dict[str, Any]:
    """Return the context of the panel. `enrols`: triggers start the sequence."""
    context: dict[str, Any] = {"q": request.POST.get("q", "")[:120], **_walk_context(request, sequence, draft)}
    if sequence is None:
        return context
    member = request.member
    slug = request.tenant.slug
    reader = Reader.of(member, clock.now())
    rows = Enrolment.objects.visible_to(member).in_test(sequence.is_in_test).filter(sequence=sequence)
    return context | {
        "may_enrol": allows(member, "sequences.enrol"),
        "forecast": forecast_entry(sequence, member, reader, slug) if enrols else EntryForecast(),
        "rows": enrolment_rows(list(rows.inside().order_by("-pk")[:SHOWN]), reader, slug),
        "inside": rows.inside().count(),
        "inside_url": sequence_url(sequence, slug, state="inside"),
        "noted": _noted_lines(sequence, member, reader, slug),
        **_left_context(sequence, rows, reader, slug),
        "versions": _version_lines(sequence, reader, slug),
    }


def _noted_lines(sequence: Sequence, member: Member, reader: Reader, slug: str) -> list[NotedLine]:
    """Return the last steps that were noted; none outside test mode."""
    if not sequence.is_in_test:
        return []
    return trial_lines(list(noted_steps(sequence, member).order_by("-pk")[:SHOWN]), reader, slug)


def _walk_context(request: TenantRequest, sequence: Sequence | None, draft: SequenceDraft) -> dict[str, Any]:
    """Return what a search found, or the walk of the chosen lead through the draft."""
    do, _colon, pk = request.POST.get("do", "").partition(":")
    text = request.POST.get("q", "")[:120]
    if do != "walk" or not (pk or text.strip()):
        return {}
    member = request.member
    job: Job | None = row_of(job_kind(), member, pk)
    if job is None:
        matches = find_records(job_kind(), member, text)
        return {"found": [(one.pk, one.title) for one in matches], "is_searched": True}
    reader = Reader.of(member, clock.now())
    version = SequenceVersion(sequence_id=sequence.pk if sequence else 0, definition=draft.definition().to_json())
    lines = SequenceWalk(parse_version(version), job, reader.now).lines()
    refusal = ""
    if sequence is not None:
        refused = preview_entry(sequence, [job]).refused
        if refused:
            refusal = refused[0].reason
        else:
            refusal = ""
    return {
        "walked": job,
        "walked_url": record_url(job, request.tenant.slug),
        "refusal": refusal,
        "walk": [(line, reader.near(line.at)) for line in lines],
    }


def _left_context(sequence: Sequence, rows: Any, reader: Reader, slug: str) -> dict[str, Any]:
    """Return how many of these left lately and why, after what time, and the last of them."""
    since = reader.now - timedelta(days=DAYS)
    rows = rows.that_ended().filter(ended_at__gte=since).exclude(end_reason__in=NOT_LEFT)
    counts = dict(rows.order_by().values_list("end_reason").annotate(count=Count("pk")))
    answers = rows.filter(end_reason__in=_ANSWERED).order_by()
    medians = answers.aggregate(count=Count("pk"), median=Percentile(stay_seconds(), at=0.5))
    url = partial(sequence_url, sequence, slug, where=f"left:within:{DAYS}")
    return {
        "left_days": DAYS,
        "left": sum(counts.values()),
        "left_url": url(reason=list(counts)),
        "answered_after": median_text(medians["count"], medians["median"]),
        "shares": left_shares(counts, url),
        "left_rows": enrolment_rows(list(rows.order_by("-ended_at", "-pk")[: SHOWN - 1]), reader, slug),
    }


def left_shares(counts: dict[str, int], url: Callable[..., str]) -> list[LeftShare]:
    """Return the parts of those who left, for the bar and its key; parts without anybody are left out."""
    total = sum(counts.values())
    named = {reason for _css, _label, reasons in _GROUPS for reason in reasons}
    others = tuple(reason for reason in EndReason if reason not in named)
    shares = []
    before = 0
    for css, label, reasons in (*_GROUPS, (*_OTHERS, others)):
        count = sum(counts.get(reason, 0) for reason in reasons)
        if count:
            # Whole numbers: a fraction would be written with a comma in Dutch, which is no length.
            start = BAR * before // total
            before += count
            width = BAR * before // total - start
            present = [reason for reason in reasons if counts.get(reason)]
            shares.append(LeftShare(css, str(label), count, start, width, url(reason=present)))
    return shares


def _version_lines(sequence: Sequence, reader: Reader, slug: str) -> list[VersionSummary]:
    """Return the last versions: how many are inside on each, and how many of those who left had answered."""
    rows = list(SequenceVersion.objects.filter(sequence_id=sequence.pk).order_by("-number")[:VERSIONS])
    entries = Enrolment.objects.in_test(False).filter(version__in=rows).order_by()
    has_left = Q(state="ended") & ~Q(end_reason__in=_NO_RESULT)
    figures = entries.values("version_id").annotate(
        inside=Count("pk", filter=~Q(state="ended")),
        left=Count("pk", filter=has_left),
        answered=Count("pk", filter=Q(end_reason__in=_ANSWERED)),
    )
    by_version = {each["version_id"]: each for each in figures}
    return [_version_line(row, sequence, by_version.get(row.pk, {}), reader, slug) for row in rows]


def _version_line(
    row: SequenceVersion, sequence: Sequence, figures: dict[str, Any], reader: Reader, slug: str
) -> VersionSummary:
    left = figures.get("left", 0)
    answered = None
    if left >= FEWEST:
        answered = round(100 * figures["answered"] / left)
    return VersionSummary(
        row.number,
        reader.day(row.at),
        figures.get("inside", 0),
        enrolments_url(slug, version=row.pk, state="inside"),
        row.pk == sequence.version_id,
        left,
        answered,
        enrolments_url(slug, version=row.pk, reason=_ANSWERED),
    )
