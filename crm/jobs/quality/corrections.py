"""Forms that correct parts of a lead: each with its fields, how they are parsed, and the method it calls."""

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs import correction as jobs
from crm.jobs.customer_visibility import expect_correctable
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.quality.checks import facts_of
from crm.jobs.quality.own_field_part import own_part
from crm.jobs.quality.parts import CorrectionPart, Given
from crm.jobs.quality.rules import LeadFacts, suggest_email
from crm.kernel import formats
from crm.kernel.days import parse_typed_day
from crm.kernel.normalization import PhoneNumber, parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.kernel.whole_numbers import read_number
from crm.people import correction as people
from crm.people.lookup import WrittenAddress, find_or_create_property
from crm.people.models import ContactPoint, Person, Property
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.requests.correction_input import CorrectionInput


def _customer(job: Job, by: Member) -> Person:
    """Return the lead's customer for correction. Raises Refused if there is none, or if a colleague must correct it."""
    expect_correctable(job, by=by)
    person = None
    if job.person_id:
        person = Person.objects.filter(pk=job.person_id).first()
    if person is None:
        raise Refused(gettext_lazy("This lead has no customer yet."))
    return person


def _name_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    return [CorrectionInput("name", gettext_lazy("Name"), facts.name)]


def _name(job: Job, given: Given, by: Member) -> None:
    name = " ".join(given.get("name", "").split())
    if not name:
        raise Refused(gettext_lazy("Enter the name of a person or company."))
    before = job.title
    if job.person_id:
        person = _customer(job, by)
        before = person.name
        people.rename(person, name, by=by)
    # A title of its own, such as a building's, stays.
    if job.title == before:
        jobs.entitle(job, name, by=by)


def _reach_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    return [
        CorrectionInput("phone", gettext_lazy("Phone"), mode="tel"),
        CorrectionInput("email", gettext_lazy("Email"), mode="email"),
    ]


def _reach(job: Job, given: Given, by: Member) -> None:
    region = directory().brands[job.brand_id].country
    phone = None
    if given.get("phone", "").strip():
        phone = parse_phone(given["phone"], region)
    email = ""
    if given.get("email", "").strip():
        email = parse_email(given["email"])
    if not phone and not email:
        raise Refused(gettext_lazy("A phone number or an email address."))
    if job.person_id:
        person = _customer(job, by)
    else:
        person = _new_customer(job, by)
    if phone:
        note = _extension(phone)
        _or_refuse(lambda: people.add_point(person, ContactPoint.PointKind.PHONE, phone.e164, by=by, note=note))
    if email:
        _or_refuse(lambda: people.add_point(person, ContactPoint.PointKind.EMAIL, email, by=by))


def _new_customer(job: Job, by: Member) -> Person:
    """Create a customer for a lead without one, named after its title."""
    person: Person = Person.objects.create(name=job.title)
    jobs.name_customer(job, person, by=by)
    return person


def _extension(phone: PhoneNumber) -> str:
    if phone.extension:
        return f"ext. {phone.extension}"[:80]
    return ""


def point_part(point: ContactPoint) -> CorrectionPart:
    """The form of one phone number or email address of a customer."""
    return CorrectionPart(
        "point", point.get_kind_display(), partial(_point_inputs, point), partial(_correct_point, point), str(point.pk)
    )


def _point_inputs(point: ContactPoint, job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    is_phone = point.kind == ContactPoint.PointKind.PHONE
    if is_phone:
        text = formats.phone(point.value, directory().brands[job.brand_id].country)
    else:
        text = point.value
    empty = gettext_lazy("Leave it empty to remove it.")
    return [
        CorrectionInput("value", point.get_kind_display(), text, mode="tel" if is_phone else "email", hint=empty),
        CorrectionInput(
            "note", gettext_lazy("Label"), point.note, hint=gettext_lazy("Mobile, work, spouse, ext. 12 …")
        ),
    ]


def _correct_point(point: ContactPoint, job: Job, given: Given, by: Member) -> None:
    person = _customer(job, by)
    kind = point.kind
    typed = given.get("value", "").strip()
    if not typed:
        people.remove_point(person, kind, point.value, by=by)
        return
    note = " ".join(given.get("note", "").split())[:80]
    if kind == ContactPoint.PointKind.PHONE:
        phone = parse_phone(typed, directory().brands[job.brand_id].country)
        right = phone.e164
        note = _extension(phone) or note
    elif kind == ContactPoint.PointKind.WHATSAPP:
        # WhatsApp gives it, and nobody types it: its label alone changes.
        right = point.value
    else:
        right = parse_email(typed)
    _or_refuse(lambda: people.replace_point(person, kind, point.value, right, by=by, note=note))


def _or_refuse(act: Callable[[], None]) -> None:
    try:
        act()
    except people.PointTaken:
        raise Refused(gettext_lazy("This is confirmed as another customer’s. Compare the two records.")) from None


def _email_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    return [CorrectionInput("email", gettext_lazy("Email"), suggest_email(_wrong_email(facts)), mode="email")]


def _wrong_email(facts: LeadFacts) -> str:
    return next(filter(suggest_email, facts.emails), "")


def _correct_email(job: Job, given: Given, by: Member) -> None:
    right = parse_email(given.get("email", ""))
    wrong = _wrong_email(facts_of([job])[job.pk])
    if wrong:
        person = _customer(job, by)
        _or_refuse(lambda: people.replace_point(person, ContactPoint.PointKind.EMAIL, wrong, right, by=by))


def _place_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    return [
        CorrectionInput("street", gettext_lazy("Street and number"), facts.street),
        CorrectionInput("postcode", gettext_lazy("Postal code"), facts.postcode),
        CorrectionInput("city", gettext_lazy("City"), facts.city),
        CorrectionInput("region", gettext_lazy("State or province"), facts.region),
    ]


def _correct_place(job: Job, given: Given, by: Member) -> None:
    """Set the place by a typed address. Creates or reuses another place, as other jobs may share the current one."""
    limits = {"street": 200, "postcode": 16, "city": 120, "region": 80}
    place = {name: given.get(name, "").strip()[:most] for name, most in limits.items()}
    if not place["street"]:
        raise Refused(gettext_lazy("Enter a street."))
    before = Property.objects.filter(pk=job.site_id).first()
    if before:
        country = before.country
    else:
        country = directory().brands[job.brand_id].country
    jobs.locate(job, find_or_create_property(WrittenAddress(**place, country=country)), by=by)


def _source_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    live = [row for row in pipeline_setup().sources.values() if row.archived_at is None]
    choices = (("", _("unknown")), *((str(row.pk), row.name) for row in live))
    return [CorrectionInput("source", gettext_lazy("Source"), str(job.source_id or ""), choices=choices)]


def _correct_source(job: Job, given: Given, by: Member) -> None:
    sources = {str(pk): row for pk, row in pipeline_setup().sources.items()}
    if given.get("source") not in sources:
        raise Refused(gettext_lazy("Choose a source."))
    jobs.attribute_to(job, sources[given["source"]], by=by)


def _brand_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    brands = [row for row in directory().brands.values() if row.archived_at is None or row.pk == job.brand_id]
    choices = tuple((str(row.uid), row.name) for row in brands)
    return [CorrectionInput("brand", gettext_lazy("Brand"), str(directory().brands[job.brand_id].uid), choices=choices)]


def _correct_brand(job: Job, given: Given, by: Member) -> None:
    brand = next((row for row in directory().brands.values() if str(row.uid) == given.get("brand")), None)
    if brand is None:
        raise Refused(gettext_lazy("Choose a brand."))
    jobs.rebrand(job, brand, by=by)


def _expected_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    text = ""
    if job.expected_on:
        text = job.expected_on.isoformat()
    return [CorrectionInput("expected", gettext_lazy("Expected close"), text, kind="date")]


def _expect_on(job: Job, given: Given, by: Member) -> None:
    """Set the expected day of the decision; an empty field clears it."""
    jobs.expect_on(job, parse_typed_day(given.get("expected", "")), by=by)


def _value_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    if job.value is None:
        text = ""
    else:
        text = f"{job.value / 10 ** get_currency_precision(job.currency):.2f}"
    return [CorrectionInput("value", gettext_lazy("Value"), text, mode="decimal")]


def _value(job: Job, given: Given, by: Member) -> None:
    """Set the value from a typed amount; an empty field clears it."""
    if not given.get("value", "").strip():
        jobs.appraise(job, None, by=by)
        return
    brand = directory().brands[job.brand_id]
    minor, currency = parse_money(
        given.get("value", ""), NotationHabits.of(brand.country, job.currency, ZoneInfo("UTC"))
    )
    if currency != job.currency:
        raise Refused(_("This lead uses %(currency)s.") % {"currency": job.currency})
    if minor <= 0:
        raise Refused(gettext_lazy("Enter a value above zero."))
    jobs.appraise(job, minor, by=by)


def _owner_inputs(job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    active = [row for row in directory().members.values() if row.active]
    choices = (("", _("unclaimed")), *((str(row.uid), row.name) for row in active))
    owner = directory().members.get(job.member_id or 0)
    return [CorrectionInput("owner", gettext_lazy("Owner"), str(owner.uid) if owner else "", choices=choices)]


def _owner(job: Job, given: Given, by: Member) -> None:
    members = {str(row.uid): row for row in directory().members.values() if row.active}
    uid = given.get("owner", "")
    if uid and uid not in members:
        raise Refused(gettext_lazy("Choose an active colleague."))
    job.assign_to(members.get(uid), by=by)


PARTS = {
    part.key: part
    for part in (
        CorrectionPart("name", gettext_lazy("Name"), _name_inputs, _name),
        CorrectionPart("reach", gettext_lazy("Another phone number or email address"), _reach_inputs, _reach),
        CorrectionPart("email", gettext_lazy("The right email address"), _email_inputs, _correct_email),
        CorrectionPart("place", gettext_lazy("Address"), _place_inputs, _correct_place),
        CorrectionPart("source", gettext_lazy("Source"), _source_inputs, _correct_source),
        CorrectionPart("value", gettext_lazy("Value"), _value_inputs, _value),
        CorrectionPart("expected", gettext_lazy("Expected close"), _expected_inputs, _expect_on),
        CorrectionPart("brand", gettext_lazy("Brand"), _brand_inputs, _correct_brand),
        CorrectionPart("owner", gettext_lazy("Owner"), _owner_inputs, _owner),
    )
}
# What only those may set who may assign.
ASSIGNING = frozenset({"owner"})


def lead_part(key: str) -> CorrectionPart | None:
    """Return the form of a part of a lead, or of a custom field; None if there is none."""
    return PARTS.get(key) or own_part(key)


def find_part(job: Job, key: str, of: str = "") -> CorrectionPart | None:
    """Return the form of a part, a custom field, or a contact point of the job's customer; None if there is none."""
    if key != "point":
        return lead_part(key)
    point = ContactPoint.objects.filter(person_id=job.person_id, pk=read_number(of) or 0).first()
    if point:
        return point_part(point)
    return None
