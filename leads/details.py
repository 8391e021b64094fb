"""The facts beside a lead's timeline: source, customer and contact points, address, claim."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import correction_refusal, is_colleagues_place
from crm.jobs.fields.record_form import own_field_facts
from crm.jobs.models import Job, JobParty
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.people.models import Claim, ContactPoint, Person, Property
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from leads.models import Lead, Touch, TouchKind
from leads.sources.estimate import Drift, drifts
from leads.sources.setup import campaigns

MOST_OTHERS = 5


@dataclass(frozen=True)
class DetailFact:
    """A fact shown beside the lead; `href` where it is a link."""

    label: str
    text: str
    href: str = ""
    code: bool = False
    # A word beside it: whose number it is, its extension.
    note: str = ""
    # The form that edits it, and of which contact point; `text` is empty where the fact is to be added.
    part: str = ""
    of: str = ""


@dataclass(frozen=True)
class Involved:
    """A colleague or a person involved, and their role."""

    name: str
    role: str


@dataclass(frozen=True)
class OtherJob:
    """Another open job of the same customer: the job, and its type of work and step in words."""

    job: Job
    words: str


@dataclass
class Details:
    """The side panel of the lead page."""

    address: str = ""
    value: str = ""
    deal: list[DetailFact] = field(default_factory=list)
    people: list[Involved] = field(default_factory=list)
    contact: list[DetailFact] = field(default_factory=list)
    place: list[DetailFact] = field(default_factory=list)
    phone: str = ""
    email: str = ""
    # Why the reader may not correct the customer; empty where they may.
    not_theirs: str = ""
    # What was quoted against what it came to.
    drifts: list[Drift] = field(default_factory=list)
    # The customer's record, and their other open jobs that the reader sees.
    person: Person | None = None
    others: list[OtherJob] = field(default_factory=list)


def details(job: Job, reader: Reader, member: Member) -> Details:
    """Read the details of a lead, in a handful of queries by id."""
    lead = Lead.objects.filter(job=job).first()
    site = None
    if job.site_id:
        site = Property.objects.filter(pk=job.site_id).first()
    points = []
    if job.person_id:
        points = list(ContactPoint.objects.filter(person_id=job.person_id).order_by("pk"))
    parties = list(JobParty.objects.filter(job=job).order_by("pk"))
    persons = Person.objects.in_bulk([party.person_id for party in parties])
    not_theirs = correction_refusal(job, by=member)
    return Details(
        person=persons.get(job.person_id),
        others=_other_jobs(job, member),
        drifts=drifts(job, lead, reader),
        address=site.one_line if site else job.place,
        value=(value := formats.money(job.value, job.currency, reader.country) if job.value is not None else ""),
        deal=[
            DetailFact(_("Value"), value, part="value"),
            _expected_close(job, reader),
            *_origin_facts(job, lead, reader),
        ],
        people=_involved_members(job, lead)
        + [Involved(persons[one.person_id].name, one.get_role_display()) for one in parties],
        contact=_contact_facts(points, reader, edited=not not_theirs),
        not_theirs=not_theirs,
        place=_place_facts(job, site, member),
        phone=next((point.value for point in points if point.kind == ContactPoint.PointKind.PHONE), ""),
        email=next((point.value for point in points if point.kind == ContactPoint.PointKind.EMAIL), ""),
    )


def _other_jobs(job: Job, member: Member) -> list[OtherJob]:
    if not job.person_id:
        return []
    jobs = Job.objects.visible_to(member).open().filter(person_id=job.person_id).exclude(pk=job.pk).order_by("-pk")
    setup = pipeline_setup()
    others = []
    for other in jobs[:MOST_OTHERS]:
        step = ""
        if other.stage_id:
            step = setup.stages[other.stage_id].name
        names = [f"#{other.number}", setup.pipelines[other.pipeline_id].name, step]
        others.append(OtherJob(other, " · ".join(filter(None, names))))
    return others


def _origin_facts(job: Job, lead: Lead | None, reader: Reader) -> list[DetailFact]:
    source = None
    if job.source_id:
        source = pipeline_setup().sources.get(job.source_id)
    facts = [DetailFact(_("Source"), source.name if source else "", part="source")]
    if lead and lead.campaign_id:
        facts.append(DetailFact(_("Campaign"), campaigns().name(lead.campaign_id)))
    if lead and lead.cost is not None:
        facts.append(DetailFact(_("Cost"), formats.money(lead.cost, job.currency, reader.country)))
    facts += [DetailFact(label, text) for label, text in touches(lead, reader)] if lead else []
    facts.append(DetailFact(_("Came in"), reader.moment(job.came_in_at)))
    if lead and lead.won_at:
        facts.append(DetailFact(_("Won"), reader.moment(lead.won_at)))
    if len(directory().brands) > 1:
        facts.append(DetailFact(_("Brand"), directory().brands[job.brand_id].name, part="brand"))
    return [*facts, *_own_field_facts(job, reader)]


def _expected_close(job: Job, reader: Reader) -> DetailFact:
    """Return the day a decision is expected."""
    return DetailFact(_("Expected close"), reader.date(job.expected_on) if job.expected_on else "", part="expected")


def _own_field_facts(job: Job, reader: Reader) -> list[DetailFact]:
    return [DetailFact(fact.label, fact.text, fact.href, part=fact.part) for fact in own_field_facts(job, reader)]


def _involved_members(job: Job, lead: Lead | None) -> list[Involved]:
    members = directory().members
    seller = None
    if lead and lead.rep_id != job.member_id:
        seller = lead.rep_id
    if seller:
        return [Involved(members[seller].name, _("Sold by"))]
    return []


def _contact_facts(points: list[ContactPoint], reader: Reader, *, edited: bool) -> list[DetailFact]:
    facts = [_contact_fact(point, reader) for point in points]
    if not edited:
        return [replace(fact, part="") for fact in facts]
    return [*facts, DetailFact(_missing_contact_label(points), "", part="reach")]


def _contact_fact(point: ContactPoint, reader: Reader) -> DetailFact:
    if point.kind == ContactPoint.PointKind.WHATSAPP:
        return DetailFact(point.get_kind_display(), point.value, note=point.note, part="point", of=str(point.pk))
    is_phone = point.kind == ContactPoint.PointKind.PHONE
    if is_phone:
        value = formats.phone(point.value, reader.country)
    else:
        value = point.value
    if is_phone:
        label = _("Phone")
        scheme = "tel"
    else:
        label = _("Email")
        scheme = "mailto"
    return DetailFact(
        label, value, f"{scheme}:{point.value}", code=True, note=point.note, part="point", of=str(point.pk)
    )


def _missing_contact_label(points: list[ContactPoint]) -> str:
    """Return the label of the link that adds a contact point: the missing kind, or another one."""
    kinds = {point.kind for point in points}
    if not kinds:
        return _("Add phone or email")
    if ContactPoint.PointKind.PHONE not in kinds:
        return _("Add phone")
    if ContactPoint.PointKind.EMAIL not in kinds:
        return _("Add email")
    return _("Add another phone or email")


def _place_facts(job: Job, site: Property | None, member: Member) -> list[DetailFact]:
    if site is None:
        return [DetailFact(_("Address"), job.place, part="place")]
    claims = list(Claim.objects.filter(site=site).order_by("pk"))
    if claims and is_colleagues_place(job, by=member):
        claims = []
    insured = [DetailFact(claim.insurer or _("Claim"), claim.masked, code=True) for claim in claims]
    note = ""
    if site.written:
        note = _("written as %(address)s") % {"address": site.written}
    return [DetailFact(_("Address"), site.one_line, note=note, part="place"), *insured]


def touches(lead: Lead, reader: Reader) -> list[tuple[str, str]]:
    """Return each touch with its label: source, campaign, UTM words, day. One query."""
    rows = sorted(Touch.objects.filter(lead=lead), key=lambda touch: touch.kind != TouchKind.FIRST)
    return [(_touch_label(touch), _describe_touch(touch, reader)) for touch in rows]


def _touch_label(touch: Touch) -> str:
    if touch.kind == TouchKind.FIRST:
        return _("First touch")
    return _("Returned via")


def _describe_touch(touch: Touch, reader: Reader) -> str:
    sources = pipeline_setup().sources
    source = ""
    if touch.source_id:
        source = sources[touch.source_id].name
    words = " ".join(filter(None, [touch.utm_source, touch.utm_campaign]))
    unmatched = ""
    if touch.is_unmatched:
        unmatched = _("“%(words)s” is not matched yet") % {"words": words}
    parts = [source, campaigns().name(touch.campaign_id), touch.medium, unmatched, reader.day(touch.at)]
    return " · ".join(filter(None, parts))
