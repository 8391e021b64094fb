"""Change a customer: as the forms on their page do, and undone as those are."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from api.requests.problems import conflict_at
from api.resources.customers.person_serializers import PHONE
from api.resources.own_values import fill_in_own_values
from crm.jobs.customer_visibility import person_refusal, visible_companies
from crm.jobs.customers.corrections import add_contact_point, rename_customer, undoable_correction
from crm.jobs.models import Job
from crm.kernel.normalization import parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.people import correction
from crm.people.companies import set_company
from crm.people.models import Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

# Of each list of a body.
MOST_POINTS = 20


def expect_correctable_person(person: Person, *, by: Member) -> None:
    """Raise Refused for a customer that only a colleague may correct."""
    jobs = Job.objects.visible_to(by).filter(person=person)
    if why := person_refusal(person, jobs, by=by):
        raise Refused(why)


def correct_person(person: Person, values: dict[str, Any], *, by: Member) -> None:
    """Change a locked customer by the values of a body. Raises Refused, Http404, or Problem (409)."""
    expect_correctable_person(person, by=by)
    for name in ("add_contact_points", "remove_contact_points"):
        if len(values.get(name, [])) > MOST_POINTS:
            raise conflict_at(f"/{name}", _("At most %(most)s at once.") % {"most": MOST_POINTS})
    with undoable_correction(person, by=by):
        if "name" in values:
            rename_customer(person, values["name"], by=by)
        for place, point in enumerate(values.get("remove_contact_points", [])):
            kind, value, _note_text = _read_point(point, f"/remove_contact_points/{place}")
            correction.remove_point(person, kind, value, by=by)
        for place, point in enumerate(values.get("add_contact_points", [])):
            _add_point(person, point, f"/add_contact_points/{place}", by)
        fill_in_own_values(person, values.get("own_fields", {}), by=by)
    if "language" in values:
        person.choose_language(values["language"], by=by)
    if "company" in values:
        _set_company(person, values["company"], by)


def _read_point(point: Mapping[str, str], pointer: str) -> tuple[str, str, str]:
    """Return kind, normalised value and note of a point. Raises Problem (409) for an unusable value."""
    note = point.get("note", "")
    try:
        if point["kind"] != PHONE:
            return point["kind"], parse_email(point["value"]), note
        phone = parse_phone(point["value"], directory().default_brand.country)
    except Refused as why:
        raise conflict_at(f"{pointer}/value", str(why)) from None
    if phone.extension:
        note = f"ext. {phone.extension}"[:80]
    return point["kind"], phone.e164, note


def _add_point(person: Person, point: Mapping[str, str], pointer: str, by: Member) -> None:
    kind, value, note = _read_point(point, pointer)
    try:
        add_contact_point(person, kind, value, by=by, note=note)
    except Refused as why:
        raise conflict_at(f"{pointer}/value", str(why)) from None


def _set_company(person: Person, uid: Any, by: Member) -> None:
    company = None
    if uid:
        company = visible_companies(by).filter(uid=uid).first()
        if company is None:
            raise Http404
    set_company(person, company, by=by)
