"""The gate's verdict on a template for each channel of a rule in turn, before sending. Writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from comms.automation.options import FAVOURITE, media_of
from comms.automation.withheld import refuse_withheld
from comms.composer.contact_ways import ContactWay, ways
from comms.composer.matter import Matter
from comms.gate import preview
from comms.gate.candidate import SendCandidate, UsedTemplate
from comms.gate.verdict import GateVerdict, Outcome
from comms.library.catalogue import TextChoice, catalogue, choose
from comms.library.composition import Composed, compose
from comms.library.context import subject_of
from comms.models import Medium
from crm.automation.registry.actions import Firing
from crm.automation.registry.triggers import Chosen
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory


@dataclass(frozen=True)
class RuleRecipient:
    """The recipient of a rule's message, its subject, and until when it is useful."""

    person: Person
    brand: Brand
    job: Job | None
    useful_until: datetime | None


@dataclass(frozen=True)
class SendAttempt:
    """A template on one channel, and the gate's verdict on it as of now."""

    way: ContactWay
    composed: Composed
    verdict: GateVerdict


def rule_recipient(firing: Firing, chosen: Chosen) -> RuleRecipient:
    """Return the recipient of a rule. Raises Refused if there is none, or the record has no brand."""
    person_id = firing.kind.person_id(firing.row)
    brand_id = firing.kind.brand_id(firing.row)
    person = None
    if person_id:
        person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Refused(_("There is no customer to message."))
    if person.erased_at:
        raise Refused(_("The customer’s data was erased."))
    brand = directory().brands.get(brand_id or 0)
    if brand is None:
        raise Refused(_("It has no brand, so there is no sender."))
    hours = chosen.get("hours")
    until = firing.kind.useful_until(firing.row)
    ends = [at for at in (clock.now() + timedelta(hours=hours) if hours else None, until) if at]
    if until and until <= clock.now():
        raise Refused(_("It would arrive too late to be useful."))
    job = None
    if firing.job_id:
        job = Job.objects.filter(pk=firing.job_id).first()
    return RuleRecipient(person, brand, job, min(ends, default=None))


def best_attempt(to: RuleRecipient, chosen: Chosen) -> SendAttempt:
    """Return the first attempt that may be sent, now or later; else one for review. Raises Refused with the reason."""
    refuse_withheld(chosen["template"], to.job)
    waiting = None
    reasons = []
    for attempt in _try_channels(to, chosen):
        if isinstance(attempt, str):
            reasons.append(attempt)
        elif attempt.verdict.outcome in (Outcome.SEND, Outcome.DEFER):
            return attempt
        else:
            waiting = waiting or (attempt if attempt.verdict.outcome == Outcome.NEEDS_HUMAN else None)
            reasons.append(f"{attempt.way.medium.label}: {attempt.verdict.words}")
    if waiting is None:
        raise Refused(" · ".join(reasons) or _("There is no channel to send it with."))
    return waiting


def _try_channels(to: RuleRecipient, chosen: Chosen) -> Iterator[SendAttempt | str]:
    """Yield the gate's verdict for each channel in turn, or the reason why it can't be asked."""
    template = catalogue().find(chosen["template"], to.brand.pk)
    matter = Matter(to.person.name, to.brand, to.person, "", "", job=to.job)
    ways_by_medium = {way.medium: way for way in ways(matter)}
    for medium in media_of(
        chosen["first"], chosen["second"], chosen["third"], _preferred_medium(matter, chosen, ways_by_medium)
    ):
        text = None
        if template:
            text = choose(template, medium, person=to.person, brand=to.brand)
        if medium not in ways_by_medium:
            yield _no_way(medium, to)
        elif text is None:
            yield _("%(medium)s: the template has no approved text") % {"medium": medium.label}
        else:
            yield _build_attempt(ways_by_medium[medium], text, to)


def _preferred_medium(matter: Matter, chosen: Chosen, found: dict[Medium, ContactWay]) -> str:
    """Return the medium the customer last wrote by if it is available, else the first one."""
    if chosen["first"] != FAVOURITE:
        return ""
    last = matter.received.filter(medium__in=found).values_list("medium", flat=True).first()
    return str(last or next(iter(found), Medium.EMAIL))


def _no_way(medium: Medium, to: RuleRecipient) -> str:
    kind = "phone"
    if medium == Medium.EMAIL:
        kind = "email"
    names = {"medium": medium.label, "brand": to.brand.name}
    if not to.person.contact_points.filter(kind=kind).exists():
        return _("%(medium)s: the customer has no address or number") % names
    return _("%(medium)s: %(brand)s has no sender") % names


def _build_attempt(way: ContactWay, text: TextChoice, to: RuleRecipient) -> SendAttempt:
    version = text.version
    address = way.points[0].value
    subject = subject_of(brand=to.brand, language=version.language, person=to.person, job=to.job)
    composed = compose(version, subject, address=address)
    template = version.template
    candidate = SendCandidate(
        medium=way.medium,
        address=address,
        brand_id=to.brand.pk,
        channel=way.channel,
        template=UsedTemplate(template.pk, template.name, template.purpose, version.is_approved_by_whatsapp),
        person_id=to.person.pk,
        job_id=to.job.pk if to.job else None,
        useful_until=to.useful_until,
        missing=composed.missing,
    )
    return SendAttempt(way, composed, preview(candidate))
