"""The panel on a lead's and a customer's page: the sequences they are in, what comes next, and what can be done."""

from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse

from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.sequences.enrolments.entry_choice import leads_of_people, offered_sequences
from followups.sequences.enrolments.rows import EnrolmentRow, enrolment_rows
from followups.sequences.models import Enrolment, EnrolmentState

ENROL = "sequences.enrol"
# Shown of those that are over.
ENDED = 3


@dataclass(frozen=True)
class SequencePanel:
    """The sequences of a lead or customer. `come_from`: "job" or "person". `enrol_url`: blank if nothing can start."""

    come_from: str
    url: str
    enrol_url: str
    title: str
    home_url: str
    # The lead whose events draw the panel anew; None for a customer's.
    job: Job | None
    inside: list[EnrolmentRow] = field(default_factory=list)
    ended: list[EnrolmentRow] = field(default_factory=list)
    may_act: bool = False


def panel_of_job(job: Job, member: Member, reader: Reader, slug: str) -> SequencePanel:
    """Return the panel of a lead."""
    may_act = allows(member, ENROL)
    enrol_url = ""
    if may_act and job.person_id and offered_sequences():
        enrol_url = reverse("sequences:enrol_lead", args=[slug, job.number])
    inside, ended = _rows_of(Enrolment.objects.visible_to(member).in_test(False).of_jobs([job.pk]), reader, slug)
    return SequencePanel(
        "job",
        reverse("sequences:job_panel", args=[slug, job.number]),
        enrol_url,
        job.title,
        record_url(job, slug),
        job,
        inside,
        ended,
        may_act,
    )


def panel_of_person(person: Person, member: Member, reader: Reader, slug: str) -> SequencePanel:
    """Return the panel of a customer: the sequences of their leads that the member sees."""
    may_act = allows(member, ENROL)
    enrol_url = ""
    if may_act and offered_sequences() and leads_of_people([person.pk], member).jobs:
        enrol_url = reverse("sequences:enrol_customer", args=[slug, person.uid])
    inside, ended = _rows_of(Enrolment.objects.visible_to(member).in_test(False).of_people([person.pk]), reader, slug)
    return SequencePanel(
        "person",
        reverse("sequences:person_panel", args=[slug, person.uid]),
        enrol_url,
        person.name,
        record_url(person, slug),
        None,
        inside,
        ended,
        may_act,
    )


def _rows_of(rows: "QuerySet[Enrolment]", reader: Reader, slug: str) -> tuple[list[EnrolmentRow], list[EnrolmentRow]]:
    """Return the rows of those inside, and of the last that are over."""
    inside = list(rows.filter(state__in=(EnrolmentState.ACTIVE, EnrolmentState.PAUSED)).order_by("-pk"))
    ended = list(rows.filter(state=EnrolmentState.ENDED).order_by("-pk")[:ENDED])
    lines = enrolment_rows([*inside, *ended], reader, slug)
    return lines[: len(inside)], lines[len(inside) :]
