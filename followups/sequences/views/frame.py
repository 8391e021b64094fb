"""Context shared by the pages of sequences: permissions, look-up, the list of sequences at the side."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.automation.editor.overview import RuleState
from crm.automation.models.policy import automation_policy
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest
from followups.sequences.editor.sequence_text import span_days, step_count
from followups.sequences.editor.trial_log import SequenceTrial, load_trials
from followups.sequences.models import Enrolment, Sequence, SequenceMode
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.preset_entries import SequencePreset, sequence_presets
from followups.sequences.setup import problem_of

VIEW = "sequences.view"
MANAGE = "sequences.manage"
ENROL = "sequences.enrol"


class SequenceLine(NamedTuple):
    """A sequence in a list: its purpose and length, how many are in, and its state."""

    sequence: Sequence
    note: str
    inside: int
    state: RuleState
    problem: str


def page_context(request: TenantRequest) -> dict[str, Any]:
    """Return the context of the page head and banner."""
    return {"is_on": automation_policy().is_on, "may_manage": allows(request.member, MANAGE)}


def get_sequence(uid: UUID) -> Sequence:
    """Return a sequence of the organization. Raises Http404."""
    sequence: Sequence | None = Sequence.objects.select_related("version").filter(uid=uid).first()
    if sequence is None:
        raise Http404
    return sequence


def state_of(sequence: Sequence) -> RuleState:
    """Return the state of a sequence: the CSS class of its mark, and a word."""
    if sequence.archived_at:
        return RuleState("is-off", _("Archived"))
    css = {SequenceMode.ON: "is-on", SequenceMode.SHADOW: "is-shadow"}.get(SequenceMode(sequence.mode), "is-off")
    return RuleState(css, str(SequenceMode(sequence.mode).label))


def sequence_lines() -> list[SequenceLine]:
    """Return the sequences that are not archived, in the order in which they go first."""
    rows = [row for row in sequences_by_id().values() if row.archived_at is None]
    inside = Enrolment.objects.inside().order_by().values_list("sequence_id", "is_test")
    counts = {(pk, is_test): count for pk, is_test, count in inside.annotate(count=Count("pk"))}
    trials = load_trials([row for row in rows if row.is_in_test])
    rows.sort(key=lambda row: (row.purpose, row.rank, row.pk))
    return [_sequence_line(row, counts.get((row.pk, row.is_in_test), 0), trials.get(row.pk)) for row in rows]


def _sequence_line(sequence: Sequence, inside: int, trial: SequenceTrial | None) -> SequenceLine:
    assert sequence.version is not None, "a sequence is added with a version"
    definition = sequence.version.parsed
    days = span_days(definition)
    steps = step_count(definition)
    notes = [
        str(sequence.get_purpose_display()),
        ngettext("%(count)s step", "%(count)s steps", steps) % {"count": steps},
        ngettext("%(count)s day", "%(count)s days", days) % {"count": days},
    ]
    if trial is not None:
        notes = [trial.short_words]
    return SequenceLine(sequence, " · ".join(notes), inside, state_of(sequence), problem_of(sequence))


def sequence_groups(lines: list[SequenceLine]) -> list[tuple[str, list[SequenceLine]]]:
    """Return the sequences by whether they are on, in test mode or off."""
    labels = {mode: str(mode.label) for mode in (SequenceMode.ON, SequenceMode.SHADOW, SequenceMode.OFF)}
    groups = [(label, [line for line in lines if line.sequence.mode == mode]) for mode, label in labels.items()]
    return [(label, those) for label, those in groups if those]


def unused_presets() -> list[SequencePreset]:
    """Return the packs from which no sequence has been made yet."""
    used = {row.preset for row in sequences_by_id().values() if row.archived_at is None}
    return [preset for preset in sequence_presets() if preset.key not in used]
