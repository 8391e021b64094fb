"""Open a lead of the body of a request: as the form of a new lead does, with the same rules."""

from typing import Any
from uuid import uuid4

from django.http import Http404
from django.utils.translation import gettext as _

from api.requests.problems import conflict_at
from api.resources.fields import AddressField, FlagField, IdField, LineField, MinorField, StrictSerializer, TextField
from api.resources.named_setup import find_brand, find_member, find_pipeline, find_source, find_stage
from crm.jobs.creation.known_customers import CustomerMatch, known_at
from crm.jobs.customer_visibility import visible_people
from crm.jobs.customers.creation import CustomerExists
from crm.jobs.models import Job, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.normalization import PhoneNumber, parse_phone
from crm.kernel.refusal import Refused
from crm.people.lookup import WrittenAddress
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import Brand, Member
from leads.new_lead import NewLead, TakenMeanwhile, open_lead


class NewPlaceSerializer(StrictSerializer):
    """An address, in the country of the brand."""

    street = LineField(max_length=200)
    postcode = LineField(max_length=16, required=False)
    city = LineField(max_length=120, required=False)
    region = LineField(max_length=80, required=False)


class NewJobSerializer(StrictSerializer):
    """A lead to open: for `person`, or for a new customer with a `name`."""

    name = LineField(max_length=200, required=False, help_text="Of the customer. Needed without `person`.")
    email = AddressField(required=False)
    phone = LineField(max_length=60, required=False, help_text="As it is dialled where the brand is.")
    person = IdField(required=False, help_text="The id of a customer who is known.")
    is_new_person = FlagField(
        required=False, default=False, help_text="Somebody else than those who have this email or phone."
    )
    place = NewPlaceSerializer(required=False)
    brand = LineField(max_length=120, required=False)
    pipeline = LineField(max_length=80, required=False)
    stage = LineField(max_length=80, required=False, help_text="Otherwise the first step.")
    source = LineField(max_length=120, required=False)
    member = IdField(required=False, help_text="The id of the owner.")
    value = MinorField(required=False, help_text="In minor units of the brand’s currency.")
    note = TextField(max_length=4000, required=False, allow_blank=True)


def open_job_of(values: dict[str, Any], *, by: Member) -> Job:
    """Open the lead. Raises Http404 for an unknown `person`, Problem (409) for what names nothing."""
    brand = find_brand(values.get("brand"))
    phone = _parse_phone(values, brand)
    points = [phone.e164] if phone else []
    if "email" in values:
        points.append(values["email"])
    matches = known_at(points, by=by)
    person = _find_person(values, matches, by)
    pipeline = find_pipeline(values.get("pipeline"))
    address = None
    if "place" in values:
        address = written_address(values["place"], brand.country)
    new = NewLead(
        form=uuid4(),
        name=values.get("name", ""),
        brand=brand,
        pipeline=pipeline,
        phone=phone,
        email=values.get("email", ""),
        address=address,
        stage=find_stage(pipeline, values["stage"]) if "stage" in values else _first_stage(pipeline.pk),
        source=find_source(values.get("source")),
        member=_find_owner(values, by),
        value=values.get("value"),
        note=values.get("note", "").strip(),
        seen=frozenset(match.person.pk for match in matches),
    )
    try:
        return open_lead(new, by=by, person=person)
    except TakenMeanwhile:
        raise CustomerExists([]) from None


def _parse_phone(values: dict[str, Any], brand: Brand) -> PhoneNumber | None:
    if "phone" not in values:
        return None
    try:
        return parse_phone(values["phone"], brand.country)
    except Refused as why:
        raise conflict_at("/phone", str(why)) from None


def _find_person(values: dict[str, Any], matches: list[CustomerMatch], by: Member) -> Person | None:
    """Return the customer of the request; None for a new one. Raises CustomerExists where several are possible."""
    if "person" in values:
        person: Person | None = visible_people(by).filter(uid=values["person"]).first()
        if person is None:
            raise Http404
        return person
    if not values.get("name"):
        raise conflict_at("/name", _("Enter the name of a person or company."))
    if matches and not values["is_new_person"]:
        raise CustomerExists([match.person for match in matches if match.uid])
    return None


def _find_owner(values: dict[str, Any], by: Member) -> Member | None:
    """Return the owner of the request, or None. A member who may not open leads for others is the owner."""
    if not allows(by, "leads.open_for_others"):
        if values.get("member") not in (None, by.uid):
            raise conflict_at("/member", _("The role of the token’s member does not allow this."))
        return by
    if "member" in values:
        return find_member(values["member"])
    return None


def _first_stage(pipeline_id: int) -> Stage | None:
    setup = pipeline_setup()
    return setup.stages.get(setup.first_step(pipeline_id) or 0)


def written_address(place: dict[str, str], country: str) -> WrittenAddress:
    """Return the address of a body."""
    return WrittenAddress(
        street=place["street"],
        postcode=place.get("postcode", ""),
        city=place.get("city", ""),
        region=place.get("region", ""),
        country=country,
    )
