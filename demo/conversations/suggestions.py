"""Create what suggestions rest on, so that each kind stands somewhere, and answers to earlier suggestions."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from assistant.models import SuggestionAnswer
from assistant.suggestions.choice import choose_suggestion
from assistant.suggestions.patterns import LEAST_TIMES, store_patterns
from assistant.suggestions.suggestion import SuggestionSubject
from comms.models import Channel, Direction, Medium, Message, Purpose
from crm.jobs.models import Job
from crm.jobs.models.job_record import JobState
from crm.jobs.models.visit import StageVisit
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from demo.conversations.opening_hours import last_opening
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome
from quotes.models import Quote
from tickets.matching.outgoing import place_ours

SUBJECTS = {"en": "Ask for photos", "nl": "Om foto's vragen"}
UNDATED = {"en": "Send the drawing", "nl": "De tekening sturen"}
PROMISES = {
    "en": ("Your question", "Thank you for your call. I will call you on Monday about the colours.\n\n{me}"),
    "nl": ("Je vraag", "Bedankt voor je telefoontje. Ik bel je maandag over de plek van de paal.\n\n{me}"),
}
# A lead stays at a step for so long that the follow-up belongs to this step.
STAYED = timedelta(hours=3)
# So many leads were looked at, so long ago that what was put aside comes again.
ANSWERED = 40
LONG_AGO = timedelta(days=10)


def create_suggestions(now: datetime) -> None:
    """Create them inside the tenant, and find the pattern as the product does at night."""
    language = directory().tenant.language
    _repeat_follow_up(now, SUBJECTS.get(language, SUBJECTS["en"]))
    store_patterns()
    leads = list(_leads_without_step()[:50])
    for lead in leads[:1]:
        _plan_without_date(lead, now, language)
    for lead in [lead for lead in leads[1:] if _is_quiet(lead, now)][:1]:
        _promise(lead, now, language)
    _let_quote_rest()
    _answer_some(now)


def _leads_without_step() -> QuerySet[Job]:
    """Return open leads of a member's that nothing is planned for, and whose customer has an email address."""
    address = ContactPoint.objects.filter(person_id=OuterRef("person_id"), kind=ContactPoint.PointKind.EMAIL)
    leads = Job.objects.open().filter(Exists(address), member__active=True, next_step_kind="", company=None)
    planned = FollowUp.objects.open().filter(job_id=OuterRef("pk"))
    return leads.exclude(Exists(planned)).select_related("brand", "member", "person").order_by("-pk")


def _promised_at(lead: Job, now: datetime) -> datetime:
    return last_opening(lead, now - timedelta(hours=20))


def _is_quiet(lead: Job, now: datetime) -> bool:
    """Return whether we have neither written nor planned anything since the promise: then it is the newest."""
    at = _promised_at(lead, now)
    written = Message.objects.filter(person_id=lead.person_id, direction=Direction.OUT, at__gte=at)
    return not written.exists() and not FollowUp.objects.filter(job=lead, created_at__gte=at).exists()


def _plan_without_date(lead: Job, now: datetime, language: str) -> None:
    """Plan a follow-up whose date is not known yet."""
    with clock.at(now - timedelta(days=1)):
        FollowUp.plan(
            kind=FollowUpKind.TASK,
            subject=UNDATED.get(language, UNDATED["en"]),
            due_at=None,
            job=lead,
            assignee=lead.member,
            by=lead.member,
        )


def _promise(lead: Job, now: datetime, language: str) -> None:
    """Write an email of the owner's that promises a call, and plan nothing."""
    if lead.person is None or lead.member is None:
        return
    subject, text = PROMISES.get(language, PROMISES["en"])
    at = _promised_at(lead, now)
    point = ContactPoint.objects.filter(person_id=lead.person_id, kind=ContactPoint.PointKind.EMAIL).order_by("pk")[0]
    channel = Channel.objects.filter(brand=lead.brand, medium=Medium.EMAIL, role="support").order_by("pk").first()
    with clock.at(at):
        message = Message.objects.create(
            brand=lead.brand,
            person=lead.person,
            contact_point=point,
            job=lead,
            address=point.value,
            address_name=lead.person.name,
            medium=Medium.EMAIL,
            direction=Direction.OUT,
            state=Message.State.SENT,
            purpose=Purpose.SERVICE,
            channel=channel,
            author=lead.member,
            subject=subject,
            text=text.format(me=lead.member.name),
            at=at,
            sent_at=at,
        )
        place_ours(message)


def _let_quote_rest() -> None:
    """Complete the follow-ups of the lead whose quote has waited longest."""
    quote = Quote.objects.waiting().filter(job__state=JobState.OPEN).order_by("sent_at").first()
    if quote is None:
        return
    for follow_up in FollowUp.objects.open().filter(job_id=quote.job_id):
        follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=quote.job.member)


def _repeat_follow_up(now: datetime, subject: str) -> None:
    """Have the owners of leads that came to a step plan the same follow-up within two hours.

    At the step, of those that enough leads came to, at which most open leads with a next step stand: there it is seen.
    """
    visits = StageVisit.objects.filter(
        Q(left_at=None) | Q(left_at__gte=F("entered_at") + STAYED),
        entered_at__gte=now - timedelta(days=28),
        entered_at__lt=now - timedelta(days=2),
        stage__isnull=False,
        job__member__isnull=False,
    )
    rows = list(visits.order_by("entered_at", "pk").select_related("job__member"))
    counts = Counter(row.stage_id for row in rows)
    often = [stage_id for stage_id, count in counts.items() if count >= LEAST_TIMES + 2]
    standing = Job.objects.open().filter(stage_id__in=often).exclude(next_step_kind="")
    seen = Counter(standing.values_list("stage_id", flat=True))
    if not seen:
        return
    [(busiest, _count)] = seen.most_common(1)
    jobs: dict[int, StageVisit] = {}
    for row in rows:
        if row.stage_id == busiest:
            jobs.setdefault(row.job_id, row)
    for row in list(jobs.values())[: LEAST_TIMES + 2]:
        member = row.job.member
        with clock.at(row.entered_at + timedelta(hours=2)):
            due_at = clock.now() + timedelta(days=1)
            follow_up = FollowUp.plan(
                kind=FollowUpKind.TASK, subject=subject, due_at=due_at, job=row.job, assignee=member, by=member
            )
        with clock.at(due_at):
            follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=member)


def _answer_some(now: datetime) -> None:
    """Answer the suggestions of some leads: every third is accepted, every fifth put aside."""
    slug = directory().tenant.slug
    jobs = Job.objects.open().filter(member__isnull=False).select_related("member", "person").order_by("-pk")
    for at, job in enumerate(jobs[:ANSWERED]):
        subject = SuggestionSubject(job, job.member, Reader.of(job.member, now), slug)
        suggestion = choose_suggestion(subject)
        if suggestion is None:
            continue
        topic = suggestion.topic
        kind = suggestion.kind
        key = suggestion.key
        with clock.at(now - LONG_AGO):
            SuggestionAnswer.note_shown(topic, kind, key, job.member)
            if at % 3 == 0:
                SuggestionAnswer.give(topic, kind, key, SuggestionAnswer.SuggestionReaction.ACCEPTED, by=job.member)
            elif at % 5 == 0:
                SuggestionAnswer.give(topic, kind, key, SuggestionAnswer.SuggestionReaction.NOT_NOW, by=job.member)
