"""Create the demo's follow-ups: planned ones of its jobs, and those completed in the last two months."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils.translation import override

from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome, FollowUpStatus, FollowUpTemplate
from followups.models.due_time import MISSED
from followups.models.job_next_step import copy_first_steps
from followups.next_step.adoption import build_from_job

KINDS = {
    "phone": FollowUpKind.CALL,
    "email": FollowUpKind.EMAIL,
    "sms": FollowUpKind.TEXT,
    "whatsapp": FollowUpKind.WHATSAPP,
}
OUTCOMES = (FollowUpOutcome.SUCCESSFUL,) * 6 + (FollowUpOutcome.NO_ANSWER,) * 3 + (FollowUpOutcome.WRONG_TIME,)
DAYS = 60
# By language: type, name, subject, days until it is due, hour.
TEMPLATES = {
    "en": (
        ("call", "Call about the quote", "Ask whether the quote is clear", 2, 10),
        ("email", "Email after a visit", "Thank for the visit and say what is next", 1, 9),
        ("text", "Text before a visit", "Confirm the visit by text", 0, 16),
        ("payment", "Ask for the payment", "Ask when the payment comes", 7, 11),
    ),
    "nl": (
        ("call", "Bellen over de offerte", "Vragen of de offerte duidelijk is", 2, 10),
        ("email", "Mail na een bezoek", "Bedanken voor het bezoek en zeggen wat er volgt", 1, 9),
        ("text", "Sms voor een bezoek", "Het bezoek per sms bevestigen", 0, 16),
        ("payment", "Naar de betaling vragen", "Vragen wanneer de betaling komt", 7, 11),
    ),
}
# How long those of a template take and their reminders, by type.
DETAILS: Mapping[str, dict[str, Any]] = {
    "call": {"own_minutes": 10, "own_reminders": [[10, "app"]]},
    "payment": {"own_reminders": [[24 * 60, "email"]]},
}


def create_follow_ups(now: datetime) -> None:
    """Create follow-ups inside the tenant, after its jobs. Each answer to a customer completed one, mostly in time.

    No facts of their own: the jobs' tell the planning and the answers, and newer facts must have greater ids.
    """
    random = Random("followups")  # noqa: S311 (made-up data, the same every time)
    jobs = {job.pk: job for job in Job.objects.all()}
    # Of finished work, too: thanks are a next step, and whatever is shown as one can be done.
    planned = [build_from_job(job) for job in jobs.values() if job.next_step_kind]
    for follow_up in planned:
        if follow_up.due_at and follow_up.due_at < now:
            follow_up.missed_at = follow_up.due_at
    answers = Event.objects.filter(kind="job.answered", at__gte=now - timedelta(days=DAYS)).order_by("at", "pk")
    with override(directory().tenant.language):
        done = [_done(jobs[answer.job_id], answer, random) for answer in answers if answer.actor_id]
    by_kind = create_templates()
    for follow_up in done:
        template = by_kind.get(follow_up.kind)
        # Half of them were planned by hand.
        if template and random.random() < 0.5:
            follow_up.template = template
            follow_up.subject = template.subject
    FollowUp.objects.bulk_create([*planned, *done])
    due.schedule_all(MISSED, [(row.pk, row.due_at) for row in planned if row.due_at and not row.missed_at])


def show_visits_first(now: datetime) -> None:
    """Show a coming visit as the next step of leads whose follow-up comes later, as the booking of one does."""
    coming = Appointment.objects.coming(now).values_list("job_id", flat=True)
    jobs = Job.objects.open().filter(pk__in=coming).values_list("pk", flat=True)
    copy_first_steps(jobs, FollowUp.objects.open(), by=None)


def create_templates() -> dict[str, FollowUpTemplate]:
    """Create the team's templates; returns those of each type."""
    rows = TEMPLATES.get(directory().tenant.language, TEMPLATES["en"])
    return {
        kind: FollowUpTemplate.add(
            owner=None,
            by=None,
            name=name,
            kind=kind,
            subject=subject,
            after=after,
            clock=time(hour),
            **DETAILS.get(kind, {}),
        )
        for kind, name, subject, after, hour in rows
    }


def _done(job: Job, answer: Event, random: Random) -> FollowUp:
    late = random.random() < 0.18
    due_at = answer.at + timedelta(minutes=-random.randrange(90, 2000) if late else random.randrange(5, 240))
    kind = KINDS.get(answer.data.get("channel", ""), FollowUpKind.CALL)
    return FollowUp(
        job_id=job.pk,
        person_id=job.person_id,
        kind=kind,
        subject=str(kind.label),
        due_at=due_at,
        sort_at=due_at,
        assignee_id=answer.actor_id,
        status=FollowUpStatus.COMPLETED,
        outcome=random.choice(OUTCOMES),
        completed_at=answer.at,
        completed_by_id=answer.actor_id,
        missed_at=due_at if late else None,
        created_at=due_at - timedelta(days=1),
    )
