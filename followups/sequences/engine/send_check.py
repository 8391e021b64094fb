"""Check the messages of sequences again when they are sent, by what is stored and not by events."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from comms.gate.verdict import GateCheck, Outcome
from comms.stored_words import Term, words
from followups.sequences.engine.judgement import EnrolmentEnd, Verdict, judge_enrolments
from followups.sequences.models import EndReason, Enrolment, PauseReason
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.models.step_record import parse_origin

# The reason of decisions on messages that wait because their sequence rests.
RESTS = "sequence_rests"


def check_messages(origins: Mapping[int, str]) -> dict[int, GateCheck]:
    """Return the messages, by id, that must not leave now: their enrolment is over, must end, or must rest.

    A reply that arrived a second ago is in the database; its event may still wait for a worker.
    """
    places = {pk: place[0] for pk, origin in origins.items() if (place := parse_origin(origin))}
    rows = _follow_moves(Enrolment.objects.in_bulk(set(places.values())))
    verdicts = judge_enrolments(list(rows.values()))
    checks = {}
    for pk, enrolment_id in places.items():
        row = rows.get(enrolment_id)
        if check := _check_one(row, verdicts.get(row.pk) if row else None):
            checks[pk] = check
    return checks


def _follow_moves(rows: Mapping[int, Enrolment]) -> dict[int, Enrolment]:
    """Replace enrolments that were moved to another version by those that go on there, by the id of the first."""
    latest = dict(rows)
    while next_ids := _moved_ids(latest):
        later = Enrolment.objects.in_bulk(set(next_ids.values()))
        latest |= {pk: later[next_id] for pk, next_id in next_ids.items()}
    return latest


def _moved_ids(rows: Mapping[int, Enrolment]) -> dict[int, int]:
    """Return where those that were moved go on, by their id."""
    return {pk: row.end_cause["enrolment"] for pk, row in rows.items() if row.end_reason == EndReason.MOVED}


def _check_one(row: Enrolment | None, verdict: Verdict | None) -> GateCheck | None:
    if isinstance(verdict, EnrolmentEnd):
        return _no_more(_source_text(verdict.reason))
    if row is None:
        return _no_more("")
    # The last message of one that walked to its end may wait for its hour.
    if not row.is_inside and row.end_reason != EndReason.FINISHED:
        return _no_more(_source_text(EndReason(row.end_reason)))
    if sequences_by_id()[row.sequence_id].archived_at:
        return _no_more(_source_text(EndReason.ARCHIVED))
    if verdict is not None:
        text = words(_("The sequence rests: %(reason)s"), reason=Term(_source_text(verdict.reason)))
        # Without an end it waits until the rest is over (engine/held_back.py).
        return GateCheck(text, Outcome.DEFER, RESTS, verdict.until)
    return None


def _source_text(reason: EndReason | PauseReason) -> str:
    """Return the untranslated label. A decision is translated when it is read."""
    with override("en"):
        return str(reason.label)


def _no_more(reason: str) -> GateCheck:
    if reason:
        return GateCheck(
            words(_("The sequence is over: %(reason)s"), reason=Term(reason)), Outcome.DROP, "sequence_over"
        )
    return GateCheck(words(_("The sequence is over")), Outcome.DROP, "sequence_over")
