"""When planned messages of rules would be sent, as the gate would decide then: quiet hours, caps, stops.

It is asked with what is known now: what is sent, answered or withdrawn until then may change it. A few queries for all.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _

from comms.automation.options import media_of
from comms.gate.candidate import SendCandidate, UsedTemplate
from comms.gate.facts import GateFacts
from comms.gate.judgement import judge
from comms.gate.recipients import facts_of
from comms.gate.verdict import Outcome
from comms.library.catalogue import catalogue, choose
from comms.models import Channel, Medium
from comms.models.template import WRITTEN
from crm.automation.registry.actions import Departure, UpcomingAction
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.organization.configuration import directory

_POINTS = {Medium.EMAIL: ContactPoint.PointKind.EMAIL}
_WEEK = timedelta(days=7)


def departures(coming: Sequence[UpcomingAction]) -> list[Departure]:
    """Return when each planned message would be sent."""
    people = Person.objects.in_bulk({pk for one in coming if (pk := one.kind.person_id(one.row))})
    points: dict[int, dict[str, str]] = defaultdict(dict)
    for point in ContactPoint.objects.filter(person__in=people).verified_first():
        points[point.person_id].setdefault(point.kind, point.value)
    channels: dict[tuple[int, str], Channel] = {}
    for channel in Channel.objects.in_use().of_brands().order_by("pk"):
        channels.setdefault((channel.brand_id, channel.medium), channel)
    candidates = [_build_candidate(one, people, points, channels) for one in coming]
    complete = [candidate for candidate in candidates if isinstance(candidate, SendCandidate)]
    facts = iter(facts_of(complete, clock.now()))
    return [
        Departure(None, candidate) if isinstance(candidate, str) else _ask_gate(candidate, next(facts), one)
        for one, candidate in zip(coming, candidates, strict=True)
    ]


def _build_candidate(
    one: UpcomingAction,
    people: Mapping[int, Person],
    points: Mapping[int, Mapping[str, str]],
    channels: Mapping[tuple[int, str], Channel],
) -> SendCandidate | str:
    """Return the candidate to ask the gate about, or why nothing could be sent."""
    person = people.get(one.kind.person_id(one.row) or 0)
    brand = directory().brands.get(one.kind.brand_id(one.row) or 0)
    if person is None or brand is None:
        return _("nobody to message")
    template = catalogue().find(one.chosen["template"], brand.pk)
    theirs = points.get(person.pk, {})
    usable = [
        medium
        for medium in WRITTEN
        if (brand.pk, medium) in channels and _POINTS.get(Medium(medium), ContactPoint.PointKind.PHONE) in theirs
    ]
    first, second, third = (one.chosen[name] for name in ("first", "second", "third"))
    for medium in media_of(first, second, third, str(next(iter(usable), ""))):
        text = None
        if template and medium in usable:
            text = choose(template, medium, person=person, brand=brand)
        if text is None or template is None:
            continue
        return SendCandidate(
            medium=medium,
            address=theirs[_POINTS.get(medium, ContactPoint.PointKind.PHONE)],
            brand_id=brand.pk,
            channel=channels[brand.pk, medium],
            template=UsedTemplate(template.pk, template.name, template.purpose, text.version.is_approved_by_whatsapp),
            person_id=person.pk,
            job_id=one.kind.job_id(one.row),
            useful_until=one.kind.useful_until(one.row),
        )
    return _("no channel to send it with")


def _ask_gate(candidate: SendCandidate, facts: GateFacts, one: UpcomingAction) -> Departure:
    """Ask the gate as of that instant; messages sent over a week before it don't count."""
    recent = [sent for sent in facts.sent if sent.at > one.at - _WEEK]
    [verdict] = judge([candidate], [replace(facts, now=one.at, sent=recent)])
    if verdict.may_send:
        return Departure()
    if verdict.outcome == Outcome.DEFER and verdict.until:
        return Departure(verdict.until, verdict.words)
    return Departure(None, verdict.words)
