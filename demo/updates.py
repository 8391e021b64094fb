"""Create the demo's updates: what customers were told in the last two months, and what waits to be approved today.

Their words are drafted by the product from what happened on each job, as they would have been on that day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from comms.channels.directory import channels_in_use
from comms.models import Channel, Message, SurveyAnswer, TemplateVersion
from comms.models.message import searchable_text
from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.people.models import ContactPoint
from crm.platform.organization.configuration import directory
from demo.stories.step_times import begin
from portal.letters.letter import split_sentences
from portal.models import CustomerUpdate, UpdatePlan
from portal.models.update_plan import due_day, schedule_drafts
from portal.updates.drafting.drafts import draft_due, fill_update, write_drafts
from portal.updates.tracking import send_what_is_due

TOLD, APART, BACK = 26, timedelta(days=14), timedelta(days=60)
# Of the jobs in their order: how many drafts wait, which one was missed, and which one nobody has looked at.
DRAFTS, MISSED, UNSEEN = 6, 6, 7
ROLES = (Channel.Role.SUPPORT, Channel.Role.SALES, Channel.Role.ADMIN)
ANSWERED, SEEN = 0.3, 0.8
_WORDS = {
    "en": (
        (5, "They kept us posted the whole time. We never had to call."),
        (5, "Clean, quick, and they explained everything."),
        (4, "Good work. One day later than planned, but they told us before."),
        (3, ""),
        (2, "The gutters were left open for a week and nobody said why."),
    ),
    "nl": (
        (5, "We wisten steeds waar we aan toe waren, zonder te bellen."),
        (5, "Netjes, vlot en alles goed uitgelegd."),
        (4, "Goed werk. Een dag later dan gepland, maar dat hoorden we vooraf."),
        (3, ""),
        (2, "De meterkast stond een week open en niemand zei waarom."),
    ),
}
SURVEYS = 28


def create_updates(now: datetime) -> None:
    """Create them inside the tenant, after its jobs, appointments and templates."""
    random = Random("updates")  # noqa: S311 (made-up data, the same every time)
    rows = Job.objects.open().filter(person__isnull=False, member__active=True)
    jobs = [job for job in rows.select_related("person", "site", "brand", "member").order_by("number") if job.is_sold]
    jobs = jobs[:TOLD]
    with clock.at(now):
        UpdatePlan.begin_all(jobs, told_until=now - BACK)
        plans = {plan.job_id: plan for plan in UpdatePlan.objects.all()}
        _write_sent(jobs, plans, now, random)
        schedule_drafts(plans.values())
        draft_due([plans[job.pk].pk for job in jobs[: max(DRAFTS, MISSED) + 1]])
        late = CustomerUpdate.objects.filter(state="draft", due_at__lte=now).values_list("pk", flat=True)
        send_what_is_due(list(late))
    _ask(now, random)


def _last_sent(place: int, now: datetime) -> datetime:
    """Return when a job's customer was told last: of the first long enough ago for the next to be due."""
    if place == MISSED:
        # Whatever the day of the week: a closed one moves what is due by some days.
        return now - timedelta(days=19)
    if place == UNSEEN:
        return now - timedelta(days=6, hours=2)
    return now - (timedelta(days=13, hours=place) if place < DRAFTS else timedelta(days=1 + place % 11, hours=3))


def _write_sent(jobs: Sequence[Job], plans: dict[int, UpdatePlan], now: datetime, random: Random) -> None:
    """Write what was sent, each told from the one before on, and set when the next is due."""
    points = dict(
        ContactPoint.objects.filter(person_id__in=[job.person_id for job in jobs], kind="email").values_list(
            "person_id", "value"
        )
    )
    text = TemplateVersion.objects.filter(template__key="customer_update", medium="email").order_by("pk").first()
    updates: list[CustomerUpdate] = []
    here = directory()
    for place, job in enumerate(jobs):
        hours = here.calendars.get(here.calendar_of(job.brand_id) or 0)
        last, at = _last_sent(place, now), job.came_in_at
        sent = [last - APART * back for back in range(4) if last - APART * back > max(job.entered_at, now - BACK)]
        sent = [_at_work(when, hours, random) for when in sent or [last]]
        since = max(at, now - BACK)
        for number, when in enumerate(reversed(sent)):
            made = write_drafts([(job, since)], when)[job.pk]
            update = CustomerUpdate(
                job=job,
                person_id=job.person_id,
                brand_id=job.brand_id,
                member_id=job.member_id,
                state=CustomerUpdate.State.SENT,
                language=made.language,
                since=since,
                until=when,
                due_at=when + timedelta(hours=6),
                created_at=when - timedelta(days=1),
                approved_at=when,
                approved_by_id=job.member_id,
                medium="email",
                sent_at=when,
            )
            fill_update(update, made.draft)
            _became(update, number + 1 == len(sent) and place == UNSEEN, now, random)
            update.message = _message(job, update, points.get(job.person_id or 0, ""), text)
            updates.append(update)
            since = when
        plan = plans[job.pk]
        plan.told_until = plan.last_sent_at = sent[0]
        plan.next_due_at = due_day(sent[0], APART.days, hours, hours.zone if hours else here.zone)
        if place < DRAFTS:
            plan.next_due_at = min(plan.next_due_at, now + timedelta(hours=40))
        plan.save(update_fields=["told_until", "last_sent_at", "next_due_at"])
    messages = [update.message for update in updates if update.message is not None]
    Message.objects.bulk_create([*messages, *_calls(updates, now, random)])
    CustomerUpdate.objects.bulk_create(updates)


def _at_work(at: datetime, hours: BusinessHours | None, random: Random) -> datetime:
    """Return the instant itself, or an earlier one at which somebody was there to approve it."""
    is_open = hours is None or hours.between(at, at + timedelta(seconds=1))
    return at if hours is None or is_open else begin(hours, at, random.randrange(60, 5400))


def _became(update: CustomerUpdate, is_unseen: bool, now: datetime, random: Random) -> None:
    """Say what became of it: most were seen within a day, some answered; one nobody has looked at."""
    assert update.sent_at is not None
    if is_unseen:
        update.proposed_medium = "sms"
        return
    chance, hours = random.random(), random.randrange(1, 30)
    seen = min(update.sent_at + timedelta(hours=hours), now)
    if chance < SEEN:
        update.seen_at, update.seen_by = seen, CustomerUpdate.Seen.VISIT
    if chance < ANSWERED:
        update.answered_at, update.seen_by = seen, CustomerUpdate.Seen.REPLY


def _calls(updates: Sequence[CustomerUpdate], now: datetime, random: Random) -> list[Message]:
    """Make the calls of customers who asked how it goes: some before they were told, few after it."""
    found = []
    for update in updates:
        assert update.sent_at is not None
        for hours, chance in ((-45, 0.35), (-20, 0.2), (27, 0.12)):
            at = update.sent_at + timedelta(hours=hours)
            if random.random() < chance and at < now:
                call = Message(
                    brand_id=update.brand_id,
                    medium="call",
                    direction="in",
                    person_id=update.person_id,
                    job=update.job,
                    at=at,
                    created_at=at,
                    state=Message.State.RECEIVED,
                    duration=random.randrange(40, 260),
                )
                call.search_text = ""
                found.append(call)
    return found


def _message(job: Job, update: CustomerUpdate, address: str, text: TemplateVersion | None) -> Message | None:
    """Make the mail it left as."""
    usable = [one for one in channels_in_use() if one.medium == "email" and one.brand_id == job.brand_id]
    usable = [one for one in usable if not one.owner_id and one.role in ROLES]
    if not address or not usable or text is None:
        return None
    channel: Channel = usable[0]
    sent_at: Any = update.sent_at  # of what was sent, never null
    said = "\n\n".join(
        "\n".join(split_sentences(part)) for part in (update.happened, update.next, update.needed) if part
    )
    message = Message(
        brand_id=job.brand_id,
        channel=channel,
        medium="email",
        direction="out",
        person_id=job.person_id,
        job=job,
        address=address,
        address_name=job.person.name if job.person else "",
        at=sent_at,
        created_at=sent_at,
        sent_at=sent_at,
        subject=str(text.content["subject"]).partition(",")[0],
        text=said,
        language=update.language,
        purpose="transactional",
        template_version=text,
        state=Message.State.SENT,
        delivery=Message.Delivery.DELIVERED,
        author_id=job.member_id,
    )
    message.search_text = searchable_text(message)
    return message


def _ask(now: datetime, random: Random) -> None:
    """Have customers of finished jobs asked how it went in the last half year, and most of them answer."""
    text = TemplateVersion.objects.filter(template__key="survey_invitation", medium="email").order_by("pk").first()
    said = _WORDS.get(directory().tenant.language, _WORDS["en"])
    jobs = list(Job.objects.filter(state="done", person__isnull=False).order_by("-ended_at", "pk")[:SURVEYS])
    for place, job in enumerate(jobs):
        asked_at = now - timedelta(days=3 + place * 6, hours=place % 7)
        Message.objects.create(
            brand_id=job.brand_id,
            medium="email",
            direction="out",
            person_id=job.person_id,
            job=job,
            address=f"asked-{job.number}@customers.example",
            at=asked_at,
            sent_at=asked_at,
            template_version=text,
            purpose="service",
            state=Message.State.SENT,
            delivery=Message.Delivery.DELIVERED,
        )
        if random.random() < 0.7:
            score, words = said[random.choice((0, 0, 1, 1, 1, 2, 2, 3, 4))]
            at = asked_at + timedelta(hours=5 + place % 20)
            note = Note.objects.create(job=job, author=None, body=f"“{words}”", at=at) if words else None
            SurveyAnswer.objects.create(
                job=job, score=score, at=at, asked_at=asked_at, stage_id=job.stage_id, note=note
            )
