"""Register the features of rules about jobs."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.escalation import taken_up_signal
from crm.automation.jobs.actions import ACTIONS
from crm.automation.jobs.appointments import APPOINTMENTS
from crm.automation.jobs.own_dates import EXPECTED_CLOSE, OWN_DATE
from crm.automation.jobs.triggers import HAPPENINGS, JOB, TIMES
from crm.automation.moves.proposals import has_proposal
from crm.automation.registry.moves import StageMove, StageMoveSource
from crm.automation.registry.records import RecordKind, RecordLine
from crm.automation.registry.stops import StopSignal
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.list.conditions import JobFilters
from crm.jobs.list.search import search
from crm.jobs.models import Job, Priority
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.field_types import FlagFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.reader import Reader


def job_line(job: Job, reader: Reader) -> RecordLine:
    """Return the age, progress bar and value of a job, for its line."""
    words = ClockWords(job, reader)
    worth = ""
    if job.value:
        worth = formats.money(job.value, job.currency, reader.country, reader.language)
    return RecordLine(words.css, words.age, words.bar(shapes()[job.pipeline_id], micro=True), worth)


def find_jobs(member: Member, text: str) -> list[int]:
    """Return the jobs that match a search text, best first."""
    return [hit.job_id for hit in search(text, by=member, most=8)]


def _job_facts(job: Job) -> dict[str, Any]:
    stage = pipeline_setup().stages.get(job.stage_id or 0)
    return {
        "number": job.number,
        "state": job.state,
        "step": stage.name if stage else "",
        "priority": Priority(job.priority).name.lower(),
        "value": job.value,
        "currency": job.currency,
    }


# What may move a lead into a step by itself.
MOVES = (
    StageMove("contacted", _("someone is in touch with the customer"), "job.contacted"),
    StageMove("heard", _("the customer replies"), "job.heard"),
    StageMove("booked", _("an appointment is booked"), "appointment.booked"),
    StageMove("confirmed", _("an appointment is confirmed"), "appointment.confirmed"),
    StageMove("held", _("an appointment is completed"), "appointment.completed"),
    StageMove("missed", _("the customer doesn’t show up"), "appointment.missed"),
)

FEATURES: list[Feature] = [
    RecordKind(
        key=JOB,
        model=Job,
        filterset=JobFilters,
        noun=_("a lead"),
        group=_("Leads"),
        job_id=lambda job: job.pk,
        member_id=lambda job: job.member_id,
        person_id=lambda job: job.person_id,
        title=lambda job: job.title,
        line=job_line,
        find=find_jobs,
        facts=_job_facts,
    ),
    *HAPPENINGS,
    *TIMES,
    *APPOINTMENTS,
    OWN_DATE,
    EXPECTED_CLOSE,
    *ACTIONS,
    StopSignal(
        name="job.heard",
        record=JOB,
        label=_("the customer replies"),
        events=("job.heard",),
        siblings=Job.objects.ids_of_same_customer,
    ),
    StopSignal(
        name="job.contacted",
        record=JOB,
        label=_("someone is in touch with the customer"),
        events=("job.contacted", "job.answered", "job.heard"),
    ),
    StopSignal(name="job.moved", record=JOB, label=_("the step changes"), events=("job.moved",)),
    StopSignal(
        name="job.ended",
        record=JOB,
        label=_("it is closed"),
        events=("job.finished", "job.lost", "job.dropped"),
    ),
    taken_up_signal(JOB),
    StageMoveSource(lambda: MOVES),
    AddedFilter(JobFilters, "proposed", FlagFilter(_("Triggers"), yes=_("something is suggested"), q=has_proposal)),
]
