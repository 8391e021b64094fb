"""Actions of triggers: start a sequence, stop sequences."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Chosen
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from followups.sequences.enrolling import enrol_all, preview_entry
from followups.sequences.member_acts import stop_enrolments
from followups.sequences.models import EndReason, Enrolment, EnrolmentEntry, Sequence
from followups.sequences.models.circles import START
from followups.sequences.models.sequence import sequences_by_id

STOP = "sequence.stop"
ALL = "all"


def _sequence_choices() -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in sequences_by_id().values() if row.archived_at is None]


class StartOptions(Options):
    """Options: which sequence."""

    asked: ClassVar[tuple[str, ...]] = ("sequence",)

    sequence = forms.ChoiceField(
        label="",
        error_messages={
            "required": gettext_lazy("Choose a sequence; add one under “Sequences”."),
            "invalid_choice": gettext_lazy("Its sequence no longer exists."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sequence"].choices = _sequence_choices()  # type: ignore[attr-defined]


class StopOptions(StartOptions):
    """Options: which sequence, or all."""

    asked: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sequence"].choices = [  # type: ignore[attr-defined]
            (ALL, _("all sequences")),
            *_sequence_choices(),
        ]


def _name_of(chosen: Chosen) -> str:
    if chosen["sequence"] == ALL:
        return _("all sequences")
    return _chosen_sequence(chosen).name


def _chosen_sequence(chosen: Chosen) -> Sequence:
    return sequences_by_id()[int(chosen["sequence"])]


def _job_of(firing: Firing) -> Job:
    """Return the lead that a record is about. Raises Refused if there is none."""
    if firing.job_id is None:
        raise Refused(_("It is about no lead."))
    job: Job = Job.objects.get(pk=firing.job_id)
    return job


def _start(firing: Firing, chosen: Chosen) -> ActionResult:
    sequence = _chosen_sequence(chosen)
    job = _job_of(firing)
    if Enrolment.objects.inside().in_test(sequence.is_in_test).filter(sequence=sequence, job=job).exists():
        return ActionResult({"sequence": sequence.pk}, skipped=True)
    outcome = enrol_all(sequence, [job], by=firing.by, entry=EnrolmentEntry.RULE, entry_event_id=firing.event_id)
    if outcome.refused:
        raise Refused(outcome.refused[0].reason)
    return ActionResult({"sequence": sequence.pk})


def _foresee_start(firing: Firing, chosen: Chosen) -> str:
    sequence = _chosen_sequence(chosen)
    if not sequence.is_working:
        raise Refused(_("The sequence is off. Turn it on first."))
    preview = preview_entry(sequence, [_job_of(firing)], entry=EnrolmentEntry.RULE)
    if preview.refused:
        raise Refused(preview.refused[0].reason)
    if sequence.is_in_test:
        return _("would start the sequence “%(name)s” in its test mode: it only notes what it would do") % {
            "name": sequence.name
        }
    return _("would start the sequence “%(name)s”") % {"name": sequence.name}


def _stop(firing: Firing, chosen: Chosen) -> ActionResult:
    rows = Enrolment.objects.inside().filter(job=_job_of(firing))
    if chosen["sequence"] != ALL:
        rows = rows.filter(sequence_id=int(chosen["sequence"]))
    count = stop_enrolments(list(rows.values_list("pk", flat=True)), by=firing.by, reason=EndReason.RULE)
    return ActionResult({"count": count}, skipped=not count)


ACTIONS = [
    RuleAction(
        name=START,
        records=(),
        icon="workflow",
        label=gettext_lazy("start the sequence"),
        act=_start,
        words=lambda chosen: _("start the sequence “%(name)s”") % {"name": _name_of(chosen)},
        options=StartOptions,
        writes_to_customer=False,
        foresee=_foresee_start,
    ),
    RuleAction(
        name=STOP,
        records=(),
        icon="circle-x",
        label=gettext_lazy("stop the sequence"),
        act=_stop,
        words=lambda chosen: _("stop the sequence “%(name)s”") % {"name": _name_of(chosen)},
        options=StopOptions,
    ),
]
