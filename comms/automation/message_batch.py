"""Queue a template for many customers at once, each on the first of its channels that the gate allows.

What `comms/automation/send.py` does for one customer, with a fixed number of queries for all. The gate decides again on
each when it leaves.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from comms.automation.options import FAVOURITE, media_of
from comms.automation.withheld import refuse_withheld
from comms.gate.candidate import SendCandidate, UsedTemplate
from comms.gate.facts import GateFacts
from comms.gate.judgement import judge
from comms.gate.recipients import facts_of
from comms.gate.rules import caps, consent, stops
from comms.gate.verdict import GateVerdict, Outcome
from comms.library.catalogue import catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from comms.mail import threads
from comms.models import Channel, Direction, Medium, Message, TemplateVersion
from comms.models.message import searchable_text
from comms.models.outbound import SEND
from comms.outbox.by_template import channel_of, reaches
from crm.automation.registry.triggers import Chosen
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.platform.work import due_io

_KINDS = {
    Medium.EMAIL: (ContactPoint.PointKind.EMAIL,),
    Medium.SMS: (ContactPoint.PointKind.PHONE,),
    Medium.WHATSAPP: (ContactPoint.PointKind.PHONE, ContactPoint.PointKind.WHATSAPP),
}
# Rules of the gate that no other hour and no member changes: the customer does not want it.
_FINAL = (stops.KEY, consent.KEY)
WISH = "wish"
ADDRESS = "address"


class MessageRequest(NamedTuple):
    """A message to queue: to the customer of a lead, by the options of a send step, once per origin."""

    person: Person
    job: Job
    chosen: Chosen
    origin: str


@dataclass(frozen=True)
class QueuedMessage:
    """The result of a request. A blank `medium` means that no message was queued, with the reason.

    `leaves_at`: when the gate expects it to leave. `closed`: every channel is closed for good, in this step or another:
    WISH if the customer wants no messages, ADDRESS if none of their addresses works.
    """

    medium: str = ""
    outcome: str = ""
    reason: str = ""
    leaves_at: datetime | None = None
    closed: str = ""


class _MessageAttempt(NamedTuple):
    """A request on one channel."""

    candidate: SendCandidate
    point: ContactPoint
    channel: Channel
    version: TemplateVersion


def queue_messages(requests: Sequence[MessageRequest]) -> list[QueuedMessage]:
    """Queue these messages where the gate allows it now or later, and return the result of each, in order.

    A cap drops the message, without a try on the next channel. Idempotent by origin.
    """
    results, made = _decide_requests(requests)
    _store_messages(made)
    return results


def foresee_messages(requests: Sequence[MessageRequest]) -> list[QueuedMessage]:
    """Return what `queue_messages` would return now, in order. Nothing is written."""
    results, _made = _decide_requests(requests)
    return results


def _decide_requests(
    requests: Sequence[MessageRequest],
) -> tuple[list[QueuedMessage], list[tuple[MessageRequest, _MessageAttempt]]]:
    """Return the result of each request, and the messages to store. A fixed number of queries."""
    if not requests:
        return [], []
    existing = dict(
        Message.objects.filter(origin__in=[request.origin for request in requests]).values_list("origin", "medium")
    )
    points = _load_points(requests)
    last_media = _load_last_media(requests)
    tried = [list(_list_attempts(request, points, last_media)) for request in requests]
    attempts = [one for each in tried for one in each if isinstance(one, _MessageAttempt)]
    facts = iter(facts_of([one.candidate for one in attempts], clock.now()))
    results = []
    made: list[tuple[MessageRequest, _MessageAttempt]] = []
    for request, each in zip(requests, tried, strict=True):
        attempts_with_facts = [(one, next(facts)) if isinstance(one, _MessageAttempt) else one for one in each]
        if request.origin in existing:
            results.append(QueuedMessage(existing[request.origin], Outcome.SEND))
            continue
        chosen_attempt, result = _choose_attempt(request, attempts_with_facts)
        if chosen_attempt is not None:
            made.append((request, chosen_attempt))
        results.append(result)
    return _mark_closed(requests, results, points), made


def _mark_closed(
    requests: Sequence[MessageRequest], results: Sequence[QueuedMessage], points: Mapping[int, Sequence[ContactPoint]]
) -> list[QueuedMessage]:
    """Find the refused requests whose customer has no open channel left, whatever the step may use."""
    refused = [
        request for request, result in zip(requests, results, strict=True) if not result.medium and result.outcome
    ]
    probes = {request.origin: list(_probe_channels(request, points)) for request in refused}
    candidates = [candidate for each in probes.values() for candidate in each]
    facts = iter(facts_of(candidates, clock.now()))
    closed = {}
    for origin, each in probes.items():
        verdicts = [judge([candidate], [next(facts)])[0] for candidate in each]
        if all(_is_final(verdict) for verdict in verdicts):
            is_wish = any(verdict.reason != "hard_bounce" for verdict in verdicts)
            closed[origin] = WISH if is_wish else ADDRESS
    return [
        replace(result, closed=closed.get(request.origin, ""))
        for request, result in zip(requests, results, strict=True)
    ]


def _is_final(verdict: GateVerdict) -> bool:
    """True if neither another hour nor a member's switch changes the verdict."""
    return verdict.outcome == Outcome.DROP and verdict.rule in _FINAL and verdict.reason != "switched_off"


def _probe_channels(request: MessageRequest, points: Mapping[int, Sequence[ContactPoint]]) -> Iterator[SendCandidate]:
    """Yield a candidate for each address of the customer on each channel of the brand."""
    template = catalogue().find(request.chosen["template"], request.job.brand_id)
    for medium, kinds in _KINDS.items():
        channel = channel_of(request.job.brand_id, medium)
        for point in points.get(request.person.pk, ()):
            if channel and template and point.kind in kinds and reaches(medium, point):
                yield SendCandidate(
                    medium=medium,
                    address=point.value,
                    brand_id=request.job.brand_id,
                    channel=channel,
                    template=UsedTemplate(template.pk, template.name, template.purpose, True),
                    person_id=request.person.pk,
                    job_id=request.job.pk,
                )


def _list_attempts(
    request: MessageRequest, points: Mapping[int, Sequence[ContactPoint]], last_media: Mapping[int, str]
) -> Iterator[_MessageAttempt | str]:
    """Yield the channels of a request in the order they are tried, or why one can't be."""
    brand = directory().brands.get(request.job.brand_id)
    template = catalogue().find(request.chosen["template"], request.job.brand_id)
    if brand is None or template is None:
        yield _("There is no such template.")
        return
    theirs = points.get(request.person.pk, ())
    for medium in _media_of(request, theirs, last_media):
        point = next((one for one in theirs if one.kind in _KINDS[medium] and reaches(medium, one)), None)
        channel = channel_of(brand.pk, medium)
        text = choose(template, medium, person=request.person, brand=brand)
        names = {"medium": medium.label, "brand": brand.name}
        if point is None:
            yield _("%(medium)s: the customer has no address or number") % names
        elif channel is None:
            yield _("%(medium)s: %(brand)s has no sender") % names
        elif text is None:
            yield _("%(medium)s: the template has no approved text") % names
        else:
            yield _MessageAttempt(_build_candidate(request, point, channel, text.version), point, channel, text.version)


def _media_of(request: MessageRequest, theirs: Sequence[ContactPoint], last_media: Mapping[int, str]) -> list[Medium]:
    chosen = request.chosen
    favourite = last_media.get(request.person.pk, "")
    if chosen["first"] == FAVOURITE and not favourite:
        kinds = {point.kind for point in theirs}
        favourite = next((medium for medium in _KINDS if kinds.intersection(_KINDS[medium])), Medium.EMAIL)
    return media_of(chosen["first"], chosen["second"], chosen["third"], favourite)


def _build_candidate(
    request: MessageRequest, point: ContactPoint, channel: Channel, version: TemplateVersion
) -> SendCandidate:
    template = version.template
    return SendCandidate(
        medium=channel.medium,
        address=point.value,
        brand_id=request.job.brand_id,
        channel=channel,
        template=UsedTemplate(template.pk, template.name, template.purpose, version.is_approved_by_whatsapp),
        person_id=request.person.pk,
        job_id=request.job.pk,
        useful_until=_useful_until(request.chosen),
    )


def _useful_until(chosen: Chosen) -> datetime | None:
    if chosen.get("hours"):
        return clock.now() + timedelta(hours=chosen["hours"])
    return None


def _choose_attempt(
    request: MessageRequest, asked: Sequence[tuple[_MessageAttempt, GateFacts] | str]
) -> tuple[_MessageAttempt | None, QueuedMessage]:
    """Return the first channel that may carry it, now or later; else one for a member; else the reasons."""
    try:
        refuse_withheld(request.chosen["template"], request.job)
    except Refused as why:
        return None, QueuedMessage(reason=str(why))
    waiting: tuple[_MessageAttempt, GateVerdict] | None = None
    reasons = []
    for one in asked:
        if isinstance(one, str):
            reasons.append(one)
            continue
        attempt, facts = one
        [verdict] = judge([attempt.candidate], [facts])
        if verdict.outcome in (Outcome.SEND, Outcome.DEFER):
            return attempt, _describe_result(attempt, verdict)
        reasons.append(f"{attempt.channel.get_medium_display()}: {verdict.words}")
        if verdict.outcome == Outcome.NEEDS_HUMAN:
            waiting = waiting or (attempt, verdict)
        if verdict.rule == caps.KEY:
            # Not DROP: nothing is closed, and no other channel is tried.
            return None, QueuedMessage(reason=" · ".join(reasons))
    if waiting is not None:
        return waiting[0], _describe_result(*waiting)
    reason = " · ".join(reasons) or _("There is no channel to send it with.")
    return None, QueuedMessage(outcome=Outcome.DROP, reason=reason)


def _describe_result(attempt: _MessageAttempt, verdict: GateVerdict) -> QueuedMessage:
    if verdict.may_send:
        return QueuedMessage(attempt.channel.medium, Outcome.SEND, leaves_at=clock.now())
    return QueuedMessage(attempt.channel.medium, verdict.outcome, verdict.words[:200], verdict.until)


def _load_points(requests: Sequence[MessageRequest]) -> Mapping[int, list[ContactPoint]]:
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    people = {request.person.pk for request in requests}
    for point in ContactPoint.objects.filter(person_id__in=people).verified_first():
        points[point.person_id].append(point)
    return points


def _load_last_media(requests: Sequence[MessageRequest]) -> dict[int, str]:
    """Return the medium by which each customer last wrote, where a request asks for it."""
    people = {request.person.pk for request in requests if request.chosen["first"] == FAVOURITE}
    if not people:
        return {}
    rows = Message.objects.filter(
        person_id__in=people, direction=Direction.IN, automatic="", medium__in=[*_KINDS]
    ).order_by("person_id", "-at", "-pk")
    return dict(rows.distinct("person_id").values_list("person_id", "medium"))


def _store_messages(made: Sequence[tuple[MessageRequest, _MessageAttempt]]) -> None:
    """Write the messages, their events and the due work that sends them, with one statement each."""
    if not made:
        return
    # What templates name of a lead: its address, its member.
    prefetch_related_objects([request.job for request, _attempt in made], "site", "member")
    ids = bulk_write.allocate_ids(Message, len(made))
    uids = _new_uids(len(made))
    rows = [
        _build_message(pk, uid, request, attempt) for pk, uid, (request, attempt) in zip(ids, uids, made, strict=True)
    ]
    bulk_write.insert_all(Message, [bulk_write.values_of(row) for row in rows])
    events.record_all(
        [
            EventDraft("message.queued", row, {"medium": row.medium, "purpose": row.purpose}, job_id=row.job_id)
            for row in rows
        ],
        by=None,
    )
    now = clock.now()
    by_channel: dict[int | None, list[tuple[int, datetime]]] = defaultdict(list)
    for row in rows:
        by_channel[row.channel_id].append((row.pk, now))
    for channel_id, times in by_channel.items():
        due_io.schedule_all(SEND, times, peer=f"channel:{channel_id}")


def _build_message(pk: int, uid: UUID, request: MessageRequest, attempt: _MessageAttempt) -> Message:
    brand: Brand = directory().brands[request.job.brand_id]
    version = attempt.version
    subject = subject_of(brand=brand, language=version.language, person=request.person, job=request.job)
    composed = compose(version, replace(subject, address=attempt.point.value), address=attempt.point.value)
    fields: dict[str, Any] = composed.fields
    fields["subject"] = " ".join(fields["subject"].split())[:900]
    message_id = ""
    if attempt.channel.medium == Medium.EMAIL:
        message_id = threads.message_id(uid, attempt.channel.address.rpartition("@")[2])
    now = clock.now()
    message = Message(
        pk=pk,
        uid=uid,
        tenant_id=brand.tenant_id,
        brand_id=brand.pk,
        channel=attempt.channel,
        medium=attempt.channel.medium,
        direction=Direction.OUT,
        address=attempt.point.value,
        contact_point=attempt.point,
        person=request.person,
        job=request.job,
        state=Message.State.QUEUED,
        at=now,
        created_at=now,
        useful_until=attempt.candidate.useful_until,
        origin=request.origin,
        message_id=message_id,
        **fields,
    )
    message.search_text = searchable_text(message)
    return message


def _new_uids(count: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select uuidv7() from generate_series(1, %s)", [count])
        return [uid for (uid,) in cursor.fetchall()]
