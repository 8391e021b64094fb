"""What the people one signs in as have to do besides their leads, and what each has just put off."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome, FollowUpStatus
from followups.models.due_time import MISSED


class Task(NamedTuple):
    """A follow-up: whose, of which type, about what, in how many hours; done, where `is_done`, else its status."""

    role: str
    kind: str
    subject: str
    hours: float
    is_done: bool = False
    status: str = FollowUpStatus.PENDING


STARTED, CANCELLED = FollowUpStatus.IN_PROGRESS, FollowUpStatus.CANCELLED
TASKS: Mapping[str, Sequence[Task]] = {
    "en": (
        Task(Role.REP, FollowUpKind.TASK, "Pick up the color samples at the supplier", 5),
        Task(Role.REP, FollowUpKind.CALL, "Ask which shingle color they chose", 7, status=STARTED),
        Task(Role.REP, FollowUpKind.TASK, "Measure the flat roof again", 31, status=CANCELLED),
        Task(Role.MANAGER, FollowUpKind.TASK, "Prepare the price list for spring", 50, status=STARTED),
        Task(Role.MANAGER, FollowUpKind.CALL, "Call the scaffolding firm", 6, status=CANCELLED),
        Task(Role.SERVICE, FollowUpKind.TASK, "Collect the dump receipts", 5, status=STARTED),
        Task(Role.MANAGER, FollowUpKind.TASK, "Go through the late leads with Tyler", -3),
        Task(Role.MANAGER, FollowUpKind.CALL, "Call Oakmont HOA about building C", 2),
        Task(Role.MANAGER, FollowUpKind.TASK, "Check the commercial bids before they go out", 26),
        Task(Role.MANAGER, FollowUpKind.TASK, "Plan vacation cover for December", 73),
        Task(Role.MANAGER, FollowUpKind.TASK, "Weekly sales meeting", -26, is_done=True),
        Task(Role.ADMIN, FollowUpKind.TASK, "Read the lead that could not be read", 1),
        Task(Role.ADMIN, FollowUpKind.TASK, "Approve the new quote template", 28),
        Task(Role.ADMIN, FollowUpKind.CALL, "Call Angi: two leads came without a number", -20),
        Task(Role.ADMIN, FollowUpKind.TASK, "Enter the ad spend of last month", -50, is_done=True),
        Task(Role.SERVICE, FollowUpKind.CALL, "Call the city about the permit", 3),
        Task(Role.SERVICE, FollowUpKind.TASK, "Order underlayment for next week", 27),
        Task(Role.SERVICE, FollowUpKind.TASK, "Check the photos of Crew B", -4),
    ),
    "nl": (
        Task(Role.REP, FollowUpKind.TASK, "Demolaadpaal ophalen bij de groothandel", 5),
        Task(Role.REP, FollowUpKind.CALL, "Navragen welke kleur paal het wordt", 7, status=STARTED),
        Task(Role.REP, FollowUpKind.TASK, "Meterkast nog eens bekijken", 31, status=CANCELLED),
        Task(Role.MANAGER, FollowUpKind.TASK, "Prijslijst voor het voorjaar voorbereiden", 50, status=STARTED),
        Task(Role.MANAGER, FollowUpKind.CALL, "Aannemer bellen over de sleuf", 6, status=CANCELLED),
        Task(Role.SERVICE, FollowUpKind.TASK, "Keuringsrapporten verzamelen", 5, status=STARTED),
        Task(Role.MANAGER, FollowUpKind.TASK, "Te late leads doornemen met het team", -3),
        Task(Role.MANAGER, FollowUpKind.CALL, "VvE Havenmeester bellen over de besluitvorming", 2),
        Task(Role.MANAGER, FollowUpKind.TASK, "Zakelijke offertes nakijken", 26),
        Task(Role.MANAGER, FollowUpKind.TASK, "Vakantierooster voor december", 73),
        Task(Role.MANAGER, FollowUpKind.TASK, "Weekstart verkoop", -26, is_done=True),
        Task(Role.ADMIN, FollowUpKind.TASK, "Lead nakijken die niet te lezen was", 1),
        Task(Role.ADMIN, FollowUpKind.TASK, "Nieuw offertesjabloon goedkeuren", 28),
        Task(Role.ADMIN, FollowUpKind.CALL, "Vakvinder bellen: twee leads zonder nummer", -20),
        Task(Role.ADMIN, FollowUpKind.TASK, "Advertentiekosten van vorige maand invoeren", -50, is_done=True),
        Task(Role.SERVICE, FollowUpKind.CALL, "Netbeheerder bellen over de verzwaring", 3),
        Task(Role.SERVICE, FollowUpKind.TASK, "Kabel bestellen voor volgende week", 27),
        Task(Role.SERVICE, FollowUpKind.TASK, "Foto’s van Ploeg Zuid nakijken", -4),
    ),
}


def create_own_tasks(now: datetime) -> None:
    """Create them inside the tenant; calls are to customers of open jobs, so that they can be made."""
    here = directory()
    first: dict[str, Member] = {}
    for member in sorted(here.members.values(), key=lambda row: row.pk):
        first.setdefault(member.role, member)
    jobs = iter(Job.objects.open().filter(person__isnull=False, next_step_kind="").order_by("-number")[:20])
    rows = []
    for task in TASKS.get(here.tenant.language, TASKS["en"]):
        due_at = (now + timedelta(hours=task.hours)).replace(minute=30, second=0, microsecond=0)
        row = FollowUp(
            kind=task.kind,
            subject=task.subject,
            due_at=due_at,
            sort_at=due_at,
            assignee=first[task.role],
            created_at=now - timedelta(days=4),
            status=task.status,
        )
        if task.is_done:
            row.status, row.outcome = FollowUpStatus.COMPLETED, FollowUpOutcome.SUCCESSFUL
            row.completed_at, row.completed_by = due_at, first[task.role]
        elif due_at < now:
            row.missed_at = due_at
        if task.kind == FollowUpKind.CALL:
            row.person = next(jobs).person
        row.is_personal = row.person is None
        rows.append(row)
    FollowUp.objects.bulk_create(rows)
    due.schedule_all(MISSED, [(row.pk, row.sort_at) for row in rows if row.is_open and not row.missed_at])
    with clock.at(now - timedelta(minutes=40)):
        for member in first.values():
            _put_off(member)


def _put_off(member: Member) -> None:
    """Move a member's next task by an hour, so that they find something to undo."""
    row = FollowUp.objects.open().filter(assignee=member, job=None, due_at__gt=clock.now()).order_by("due_at").first()
    if row and row.due_at:
        with undo.record_undoable("followup.rescheduled", [row], by=member):
            row.reschedule(row.due_at + timedelta(hours=1), by=member)
