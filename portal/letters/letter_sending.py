"""Send an update by the customer's preferred channel, using a template and the usual consent checks."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from comms.composer.contact_ways import ContactWay, ways
from comms.composer.matter import Matter
from comms.gate import preview
from comms.gate.candidate import SendCandidate, UsedTemplate
from comms.gate.verdict import Outcome
from comms.library.catalogue import catalogue, choose
from comms.library.composition import Composed, compose
from comms.library.context import subject_of
from comms.models import Medium, Message, Template, TemplateVersion
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand, Member
from portal.letters.letter import Letter


@dataclass(frozen=True)
class Recipient:
    """Recipient of an update, with job, brand and language."""

    job: Job
    person: Person | None
    brand: Brand
    language: str

    @property
    def matter(self) -> Matter:
        """Return the matter that determines the possible channels."""
        return Matter(self.job.title, self.brand, self.person, "", "", job=self.job)


def queue_letter(to: Recipient, key: str, letter: Letter, *, medium: str, by: Member | None, occasion: str) -> Message:
    """Queue a letter by the given or preferred medium. Raises Refused if it can't be sent."""
    way, version = _choose_way(to, key, medium)
    composed = composed_of(to, version, letter, by, way.points[0].value)
    point = way.points[0]
    if composed.missing:
        raise Refused(_("No value for: %(names)s.") % {"names": ", ".join(composed.missing)})
    template: Template = version.template
    verdict = preview(
        SendCandidate(
            medium=way.medium,
            address=point.value,
            brand_id=to.brand.pk,
            channel=way.channel,
            template=UsedTemplate(template.pk, template.name, template.purpose, version.is_approved_by_whatsapp),
            author_id=by.pk if by else None,
            person_id=to.person.pk if to.person else None,
            job_id=to.job.pk,
            occasion=f"{occasion}:{way.medium}",
        )
    )
    if verdict.outcome not in (Outcome.SEND, Outcome.DEFER):
        raise Refused(f"{way.medium.label}: {verdict.words}")
    message: Message = Message.queue(
        channel=way.channel,
        address=point.value,
        address_name=to.person.name if to.person else "",
        contact_point=point,
        person=to.person,
        job=to.job,
        by=by,
        undo=by is not None,
        occasion=f"{occasion}:{way.medium}",
        **composed.fields,
    )
    return message


def composed_of(
    to: Recipient, version: TemplateVersion, letter: Letter, by: Member | None, address: str = "", **given: str
) -> Composed:
    """Fill in a template with a letter; `given` overrides variables."""
    subject = subject_of(
        brand=to.brand,
        language=version.language,
        person=to.person,
        job=to.job,
        sender=by or to.job.member,
        given=letter.given | given,
    )
    return compose(version, subject, address=address)


def other_medium(to: Recipient, medium: str) -> str:
    """Return another medium that reaches the customer; blank if there is none."""
    return next((str(way.medium) for way in ways(to.matter) if way.medium != medium), "")


def _choose_way(to: Recipient, key: str, medium: str) -> tuple[ContactWay, TemplateVersion]:
    """Return the requested or preferred medium and its text. Raises Refused if there is none."""
    if to.person is None:
        raise Refused(_("There is no customer to message."))
    ways_by_medium = {way.medium: way for way in ways(to.matter)}
    if not ways_by_medium:
        raise Refused(_("The customer can’t be reached: an address or number of theirs or ours is missing."))
    if medium and medium not in ways_by_medium:
        raise Refused(_("They cannot be written to by %(medium)s.") % {"medium": Medium(medium).label})
    last = None
    if not medium:
        last = to.matter.received.filter(medium__in=ways_by_medium).values_list("medium", flat=True).first()
    if medium:
        wanted = [Medium(medium)]
    else:
        wanted = [*([Medium(last)] if last else []), *ways_by_medium]
    for one in wanted:
        if version := text_of(to, key, one):
            return ways_by_medium[one], version
    raise Refused(_("There is no approved template “%(key)s” for it.") % {"key": key})


def text_of(to: Recipient, key: str, medium: str) -> TemplateVersion | None:
    """Return the approved text of a template for a medium, preferably in the letter's language."""
    template = catalogue().find(key, to.brand.pk)
    if template is None:
        return None
    own: Any = catalogue().of(template, medium).get((medium, to.language))
    if own and own.approved:
        version: TemplateVersion = own.approved
        return version
    chosen = choose(template, medium, person=to.person, brand=to.brand)
    if chosen:
        return chosen.version
    return None
