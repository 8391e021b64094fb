"""What ends a sequence and what pauses it, with how often that happened."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.kernel import clock
from followups.sequences.editor.sequence_draft import known_stops
from followups.sequences.editor.sequence_text import stop_label
from followups.sequences.editor.step_counts import sequence_url
from followups.sequences.models import EndReason, Enrolment, EnrolmentState, PauseReason, Sequence
from followups.sequences.registry import STOP_CHOICES

DAYS = 90


@dataclass(frozen=True)
class StopLine:
    """Something that ends or pauses a sequence. Blank `name`: it always does, and cannot be chosen."""

    name: str
    label: str
    note: str
    count: int
    is_chosen: bool = True
    # The list of those it ended or pauses.
    url: str = ""


def stop_lines(sequence: Sequence | None, stops: tuple[str, ...], slug: str) -> list[StopLine]:
    """Return what ends a sequence: the choices, then what always does."""
    counts, signals = _end_counts(sequence)
    reasons = {choice.name: choice.reason for choice in STOP_CHOICES}
    ended = partial(_list_url, sequence, slug, where=f"left:within:{DAYS}")
    lines = []
    for name in known_stops():
        if name in reasons:
            count, url = counts[reasons[name]], ended(reason=reasons[name])
        else:
            count, url = signals[name], ended(signal=name)
        lines.append(StopLine(name, stop_label(name), "", count, name in stops, url))
    always = [
        (_("They want no messages"), _("STOP, unsubscribed or complained"), [EndReason.OPTED_OUT]),
        (_("No address or number works"), _("also a merged or erased customer"), _UNREACHABLE),
        (_("A member or a trigger stops it"), "", [EndReason.STOPPED, EndReason.RULE, EndReason.REPLACED]),
    ]
    return lines + [
        StopLine("", label, note, sum(counts[reason] for reason in those), url=ended(reason=those))
        for label, note, those in always
    ]


def _list_url(sequence: Sequence | None, slug: str, **filters: object) -> str:
    """Return the URL of a sequence's enrolments with filters; blank for a new sequence."""
    if sequence is None:
        return ""
    return sequence_url(sequence, slug, **filters)


_UNREACHABLE = [EndReason.UNREACHABLE, EndReason.MERGED, EndReason.ERASED]


def _end_counts(sequence: Sequence | None) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many ended in the last days, by reason and by stop signal."""
    counts = defaultdict[str, int](int)
    signals = defaultdict[str, int](int)
    if sequence is None:
        return counts, signals
    since = clock.now() - timedelta(days=DAYS)
    rows = Enrolment.objects.that_ended().in_test(sequence.is_in_test).filter(sequence=sequence, ended_at__gte=since)
    rows = rows.order_by()
    ended = rows.values_list("end_reason", "end_cause__signal").annotate(count=Count("pk"))
    for reason, signal, count in ended:
        counts[reason] += count
        if signal:
            signals[signal] += count
    return counts, signals


def pause_lines(sequence: Sequence | None, slug: str) -> list[StopLine]:
    """Return what pauses a sequence by itself, with how many rest for it now."""
    counts = defaultdict[str, int](int)
    if sequence is not None:
        rows = Enrolment.objects.in_test(sequence.is_in_test).filter(sequence=sequence).order_by()
        rows = rows.filter(state=EnrolmentState.PAUSED)
        counts |= dict(rows.values_list("pause_reason").annotate(count=Count("pk")))
    notes = {
        PauseReason.AWAY: _("until the day in their automatic reply, which is no answer"),
        PauseReason.COMPLAINT: _("goes on when it is closed"),
        PauseReason.SWITCH: _("for the customer, or for everyone"),
        PauseReason.HAND: _("until the day they set, or until they resume it"),
    }
    return [
        StopLine(
            "",
            capfirst(str(reason.label)),
            notes.get(reason, ""),
            counts[reason],
            url=_list_url(sequence, slug, state="paused", pause=reason),
        )
        for reason in PauseReason
    ]
