"""Work that could not begin: record the reason and the new day, and draft the message to the customer."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.local_time import zone_of
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.events import events
from crm.platform.models import Change, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from portal.models import CustomerUpdate
from portal.models.customer_update import END_OF_DAY
from portal.models.update_plan import due_day
from portal.updates.drafting.drafts import languages_of
from portal.updates.drafting.facts import UpdateItem
from portal.updates.drafting.story import LetterPlace, said_in
from service.models import Project

# Why it could not begin: what colleagues choose, and what the customer reads.
REASONS = {
    "weather": gettext_lazy("The weather"),
    "material": gettext_lazy("Materials have not arrived"),
    "crew": gettext_lazy("The crew cannot come"),
    "permit": gettext_lazy("The permit is not there"),
    "access": gettext_lazy("We could not get in"),
    "other": gettext_lazy("Something else"),
}
_WORDS = {
    "weather": gettext_noop("We could not begin because of the weather."),
    "material": gettext_noop("The material for your work did not arrive in time."),
    "crew": gettext_noop("The crew for your work could not come."),
    "permit": gettext_noop("The permit for your work is not there yet."),
    "access": gettext_noop("We could not get to the site."),
    "other": gettext_noop("We could not begin as planned."),
}
_NEW_DAY = {
    "visit": gettext_noop("The new day: %(what)s on %(day)s at %(time)s."),
    "begin": gettext_noop("The new day: %(day)s."),
}
LONGEST = 300


@transaction.atomic
def put_off(
    job: Job,
    reason: str,
    words: str,
    at: datetime,
    appointment: Appointment | None,
    *,
    by: Member,
    anyway: bool = False,
) -> tuple[CustomerUpdate, Change]:
    """Move the appointment, else the project's first day, and draft the message to the customer.

    A draft of it that nobody has sent yet is left out for it. Raises Refused for a day that has passed, a reason there
    is none of, or a time that is taken. Undoing "update.take_off_failed" of the draft puts all of it back.
    """
    job.lock()
    if reason not in REASONS or (reason == "other" and not words.strip()):
        raise Refused(_("Enter why the work could not begin."))
    if at <= clock.now():
        raise Refused(_("Choose a day and time in the future."))
    changes = []
    if appointment is not None:
        with undo.record_undoable("appointment.rescheduled", [appointment], by=by) as moved:
            appointment.reschedule(at, by=by, anyway=anyway)
        changes.append(moved)
    if scheduled := _move_project(job, at.astimezone(ZoneInfo(zone_of(job, job.site))).date(), by):
        changes.append(scheduled)
    replaced = _make_room(job)
    update = _create_draft(job, reason, words, at, appointment)
    events.record("update.take_off_failed", subject=update, by=by, data={"reason": reason}, job_id=job.pk)
    context = {"changes": [str(one.uid) for one in changes if one.pk], "replaced": replaced.pk if replaced else None}
    change = undo.record_created("update.take_off_failed", [update], by=by, at=clock.now(), context=context)
    return update, change


def _move_project(job: Job, day: date, by: Member) -> Change | None:
    """Move the project, keeping its number of days; skips one without a day, or that has begun."""
    project = Project.objects.filter(job=job).first()
    if not (project and project.starts_on and project.ends_on) or project.has_begun or project.finished_at:
        return None
    with undo.record_undoable("project.scheduled", [project], by=by) as change:
        project.schedule(day, day + (project.ends_on - project.starts_on), by=by, cause="take_off")
    return change


def _make_room(job: Job) -> CustomerUpdate | None:
    """Drop the open draft, if there is one, because a newer one replaces it."""
    waiting = CustomerUpdate.objects.filter(
        job=job, kind=CustomerUpdate.Kind.TAKE_OFF, state=CustomerUpdate.State.DRAFT
    )
    row: CustomerUpdate | None = waiting.first()
    if row:
        row.give_way(_("A newer one has replaced it."))
    return row


def _create_draft(job: Job, reason: str, words: str, at: datetime, appointment: Appointment | None) -> CustomerUpdate:
    language = languages_of(job)[0]
    now = clock.now()
    zone = ZoneInfo(zone_of(job, job.site))
    organization = directory()
    hours = organization.calendars.get(organization.calendar_of(job.brand_id) or 0)
    where = LetterPlace(language, job.brand.country, zone)
    visit = UpdateItem("visit" if appointment else "begin", at, appointment.type.name if appointment else "")
    with override(language):
        sentences = [_(_WORDS[reason]), *([" ".join(words.split())[:LONGEST]] if words.strip() else [])]
        new_day = said_in(_NEW_DAY, visit, where)
    update: CustomerUpdate = CustomerUpdate.objects.create(
        job=job,
        person_id=job.person_id,
        brand_id=job.brand_id,
        member_id=job.member_id,
        kind=CustomerUpdate.Kind.TAKE_OFF,
        language=language,
        happened="\n".join(sentences[1:] if reason == "other" else sentences),
        next=new_day,
        sources=[{"kind": "take_off", "at": at.astimezone(UTC).isoformat(), "what": reason}],
        negatives=["delay"],
        since=now,
        until=now,
        due_at=max(due_day(now, 0, hours, zone), now),
    )
    update.refresh_from_db(fields=["uid"])
    due.schedule(END_OF_DAY, update.pk, update.due_at)
    return update
