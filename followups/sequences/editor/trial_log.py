"""The test of a sequence: since when, how many messages it would have sent, and what was noted of each step."""

from collections.abc import Collection
from collections.abc import Sequence as Rows
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.models import Medium
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.sequences.editor.sequence_text import StepText, step_text
from followups.sequences.models import Enrolment, EnrolmentStep, Sequence, SequenceVersion, StepResult


@dataclass(frozen=True)
class SequenceTrial:
    """The test that a sequence is in: on how many days it has run, and the messages it would have sent since."""

    days: int
    sent: int

    @property
    def short_words(self) -> str:
        """Both on one short line."""
        return _("day %(number)s · would have sent %(count)s") % {"number": self.days, "count": self.sent}

    @property
    def since_words(self) -> str:
        return _("day %(number)s of the test") % {"number": self.days}

    @property
    def sent_words(self) -> str:
        words = ngettext("would have sent %(count)s message", "would have sent %(count)s messages", self.sent)
        return words % {"count": self.sent}


class NotedLine(NamedTuple):
    """A noted step: when it would be done, of which lead, its text and its result. `url`: its enrolment."""

    when: str
    title: str
    url: str
    text: StepText
    note: str
    is_fine: bool


def trial_of(sequence: Sequence) -> SequenceTrial | None:
    """Return the test a sequence is in; None if it is in none."""
    if not sequence.is_in_test:
        return None
    return load_trials([sequence])[sequence.pk]


def load_trials(sequences: Collection[Sequence]) -> dict[int, SequenceTrial]:
    """Return the tests of sequences that are in one, by the sequence's id. Two queries for all."""
    if not sequences:
        return {}
    begun = {sequence.pk: sequence.mode_at for sequence in sequences}
    owners = dict(SequenceVersion.objects.filter(sequence_id__in=begun).values_list("pk", "sequence_id"))
    during = Q()
    for version_id, sequence_id in owners.items():
        during |= Q(version_id=version_id, at__gte=begun[sequence_id])
    steps = EnrolmentStep.objects.filter(during, is_test=True, result=StepResult.WOULD, data__has_key="medium")
    sent = dict.fromkeys(begun, 0)
    for version_id, count in steps.order_by().values_list("version_id").annotate(count=Count("pk")):
        sent[owners[version_id]] += count
    return {pk: SequenceTrial(_day_number(at), sent[pk]) for pk, at in begun.items()}


def _day_number(begun: datetime) -> int:
    zone = directory().zone
    return (clock.now().astimezone(zone).date() - begun.astimezone(zone).date()).days + 1


def noted_steps(sequence: Sequence, member: Member) -> Any:
    """Return the steps noted in tests of a sequence, of the leads a member sees."""
    rows = Enrolment.objects.visible_to(member).in_test().filter(sequence=sequence)
    return EnrolmentStep.objects.filter(is_test=True, enrolment_id__in=rows.values("pk"))


def trial_lines(steps: Rows[EnrolmentStep], reader: Reader, slug: str) -> list[NotedLine]:
    """Return the lines of noted steps. Three queries for all."""
    rows = Enrolment.objects.in_bulk({step.enrolment_id for step in steps})
    jobs = Job.objects.in_bulk({row.job_id for row in rows.values()})
    versions = SequenceVersion.objects.in_bulk({step.version_id for step in steps})
    return [
        NotedLine(
            reader.near(noted_time(step)),
            jobs[rows[step.enrolment_id].job_id].title,
            record_url(rows[step.enrolment_id], slug),
            step_text(versions[step.version_id].nodes[step.position].step),
            noted_words(step),
            step.result not in (StepResult.SKIPPED, StepResult.FAILED),
        )
        for step in steps
    ]


def noted_words(step: EnrolmentStep) -> str:
    """Return the result of a step: "would be sent by Email"."""
    if medium := step.data.get("medium"):
        words = _("would be sent by %(medium)s") % {"medium": Medium(medium).label}
    elif "kind" in step.data:
        words = _("would be planned")
    else:
        words = str(StepResult(step.result).label)
    return ": ".join(filter(None, [words, step.reason]))


def noted_time(step: EnrolmentStep) -> datetime:
    """Return when a message would leave or a follow-up be due; of other steps when they were noted."""
    if "at" in step.data:
        return datetime.fromisoformat(step.data["at"])
    return step.at
