"""The panel beside the editor: who would enter now, a walk of one lead, who is in it, who left, its versions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.automation.editor.trial import find_records, row_of
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_url
from followups.sequences.editor.entry_forecast import EntryForecast, forecast_entry
from followups.sequences.editor.sequence_draft import SequenceDraft
from followups.sequences.editor.step_counts import enrolments_url
from followups.sequences.editor.walk_through import SequenceWalk
from followups.sequences.enrolling import preview_entry
from followups.sequences.enrolments.rows import enrolment_rows
from followups.sequences.models import EndReason, Enrolment, Sequence, SequenceVersion
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


class VersionSummary(NamedTuple):
    """A version with its day, and how many are inside on it."""

    number: int
    day: str
    inside: int
    url: str
    is_current: bool


# Reasons that are told together, by the class of their colour; the others are told as "stopped".
_GROUPS: tuple[tuple[str, Promise, tuple[EndReason, ...]], ...] = (
    (
        "k1",
        gettext_lazy("answered"),
        (EndReason.ANSWERED, EndReason.COLLEAGUE, EndReason.REACHED, EndReason.TOUCHED),
    ),
    ("k2", gettext_lazy("decided"), (EndReason.WON, EndReason.LOST, EndReason.LEFT, EndReason.SIGNAL)),
    ("k3", gettext_lazy("booked"), (EndReason.BOOKED,)),
    ("k5", gettext_lazy("at the end"), (EndReason.FINISHED, EndReason.IN_VAIN)),
)
_OTHERS = ("k4", gettext_lazy("stopped"))


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
    rows = Enrolment.objects.visible_to(member).filter(sequence=sequence)
    return context | {
        "may_enrol": allows(member, "sequences.enrol"),
        "forecast": forecast_entry(sequence, member, reader, slug) if enrols else EntryForecast(),
        "rows": enrolment_rows(list(rows.inside().order_by("-pk")[:SHOWN]), reader, slug),
        "inside": rows.inside().count(),
        "inside_url": enrolments_url(slug, sequence=sequence.uid, state="inside"),
        **_left_context(sequence, request, reader),
        "versions": _version_lines(sequence, reader, slug),
    }


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


def _left_context(sequence: Sequence, request: TenantRequest, reader: Reader) -> dict[str, Any]:
    """Return how many left lately and why, and the last of them."""
    since = reader.now - timedelta(days=DAYS)
    rows = Enrolment.objects.visible_to(request.member).that_ended().filter(sequence=sequence, ended_at__gte=since)
    counts = dict(rows.order_by().values_list("end_reason").annotate(count=Count("pk")))
    slug = request.tenant.slug
    return {
        "left_days": DAYS,
        "left": sum(counts.values()),
        "left_url": enrolments_url(slug, sequence=sequence.uid, where=f"left:within:{DAYS}"),
        "shares": left_shares(counts),
        "left_rows": enrolment_rows(list(rows.order_by("-ended_at", "-pk")[: SHOWN - 1]), reader, slug),
    }


def left_shares(counts: dict[str, int]) -> list[LeftShare]:
    """Return the parts of those who left, for the bar and its key; parts without anybody are left out."""
    total = sum(counts.values())
    parts = [(css, str(label), sum(counts.pop(reason, 0) for reason in reasons)) for css, label, reasons in _GROUPS]
    parts.append((_OTHERS[0], str(_OTHERS[1]), sum(counts.values())))
    shares = []
    before = 0
    for css, label, count in parts:
        if count:
            # Whole numbers: a fraction would be written with a comma in Dutch, which is no length.
            start = BAR * before // total
            before += count
            shares.append(LeftShare(css, label, count, start, BAR * before // total - start))
    return shares


def _version_lines(sequence: Sequence, reader: Reader, slug: str) -> list[VersionSummary]:
    """Return the last versions with how many are inside on each."""
    rows = list(SequenceVersion.objects.filter(sequence_id=sequence.pk).order_by("-number")[:VERSIONS])
    inside = Enrolment.objects.inside().filter(version__in=rows).order_by().values_list("version_id")
    counts = dict(inside.annotate(count=Count("pk")))
    return [
        VersionSummary(
            row.number,
            reader.day(row.at),
            counts.get(row.pk, 0),
            enrolments_url(slug, version=row.pk, state="inside"),
            row.pk == sequence.version_id,
        )
        for row in rows
    ]
