"""The rows that stops of the tour open: each the best example at this moment, or None where there is none left."""

from crm.automation.models import Mode, Rule
from crm.documents.models import Document, DocumentVisibility
from crm.jobs.models import Job, Pipeline
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.organization.configuration import directory
from demo.tour.seat import Seat
from leads.models import Submission
from service.models import HandOff, HandOffState, Issue, Project
from tickets.models import Ticket


def most_pressing_lead(seat: Seat) -> Job | None:
    """Return the seat's own lead that stands first in the list of those with a step."""
    return Job.objects.open().filter(member=seat.member, stage__isnull=False).in_list_order().first()


def untouched_lead(seat: Seat) -> Job | None:
    """Return the seat's newest lead that nobody has contacted."""
    return Job.objects.open().filter(member=seat.member, stage=None).order_by("-came_in_at").first()


def waiting_conversation(seat: Seat) -> Ticket | None:
    """Return the seat's conversation that is due first, of those in which a customer waits."""
    mine = Ticket.objects.waiting().filter(member=seat.member, job__isnull=False, merged_into=None)
    return mine.in_list_order().first()


def customer_of_lead(seat: Seat) -> Person | None:
    """Return the customer of the seat's most pressing lead."""
    job = most_pressing_lead(seat)
    return job.person if job else None


def hand_off_to_accept(seat: Seat) -> HandOff | None:
    """Return the hand-off that has waited longest for service."""
    return HandOff.objects.filter(state=HandOffState.OPEN).order_by("opened_at").first()


def project_on_site(seat: Seat) -> Project | None:
    """Return the project in work whose crew began last."""
    running = Project.objects.filter(finished_at=None, held_at=None, percent__gt=0).exclude(starts_on=None)
    return running.order_by("-percent", "pk").first()


def issue_to_approve(seat: Seat) -> Issue | None:
    """Return an issue whose offer waits for a manager."""
    return Issue.objects.filter(state=Issue.State.TO_APPROVE).order_by("pk").first()


def active_rule(seat: Seat) -> Rule | None:
    """Return a trigger that is on."""
    return Rule.objects.filter(mode=Mode.ON, archived_at=None).order_by("pk").first()


def main_pipeline(seat: Seat) -> Pipeline | None:
    """Return the pipeline that most leads go through."""
    return Pipeline.objects.filter(archived_at=None).order_by("position", "pk").first()


def unread_submission(seat: Seat) -> Submission | None:
    """Return what came in and could not be read."""
    return Submission.objects.filter(state=Submission.SubmissionState.PARKED).order_by("-received_at").first()


def job_in_work(seat: Seat) -> Job | None:
    """Return the customer's job that is being done, else their newest."""
    mine = Job.objects.filter(person=seat.person)
    today = clock.now().astimezone(directory().zone).date()
    in_work = mine.filter(project__finished_at=None, project__starts_on__lte=today).order_by("-project__starts_on")
    return in_work.first() or mine.order_by("-pk").first()


def job_to_come(seat: Seat) -> Job | None:
    """Return an open job of the customer that is no work yet."""
    return Job.objects.open().filter(person=seat.person, project=None).order_by("-pk").first()


def newest_paper(seat: Seat) -> Document | None:
    """Return the newest document of the customer's job in work that is no photo."""
    job = job_in_work(seat)
    shown = Document.objects.filter(job=job, visibility=DocumentVisibility.CUSTOMER, archived_at=None)
    return shown.exclude(kind__is_photo=True).order_by("-pk").first()
