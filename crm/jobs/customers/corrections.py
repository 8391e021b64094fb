"""Forms that correct a customer on their page: the name, an address or number, another one, or a custom field."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.jobs import correction as jobs
from crm.jobs.fields.record_form import fill_in_typed, own_field_input
from crm.jobs.fields.setup import find_own_field
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.jobs.models.job_undo import CORRECTED
from crm.kernel import formats
from crm.kernel.normalization import parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people import correction as people
from crm.people.models import ContactPoint, Person
from crm.platform import undo
from crm.platform.models import Member
from crm.web.requests.correction_input import CorrectionInput
from crm.web.requests.form_version import version_of

Given = Mapping[str, str]
PHONE = ContactPoint.PointKind.PHONE
EMAIL = ContactPoint.PointKind.EMAIL


@dataclass(frozen=True)
class CustomerPart:
    """Fields that are corrected together. `apply` raises Refused with a sentence."""

    key: str
    label: str | Promise
    inputs: list[CorrectionInput]
    apply: Callable[[Given, Member], None]
    # The contact point it is about.
    of: str = ""

    @property
    def version(self) -> str:
        """Hash of the form's original values: if they were changed since, saving shows the fresh form first."""
        return version_of(self.key, self.of, [each.value for each in self.inputs])


def find_part(person: Person, key: str, of: str, *, country: str) -> CustomerPart | None:
    """Return the form of a part; None for an unknown part or an address removed since."""
    if key == "name":
        inputs = [CorrectionInput("name", _("Name"), person.name)]
        return CustomerPart("name", _("Name"), inputs, lambda given, by: _rename_person(person, given, by))
    if key == "reach":
        inputs = [CorrectionInput("phone", _("Phone"), mode="tel"), CorrectionInput("email", _("Email"), mode="email")]
        label = _("Another phone number or email address")
        return CustomerPart("reach", label, inputs, lambda given, by: _add_points(person, given, by, country))
    point = None
    if key == "point":
        point = person.contact_points.filter(pk=read_number(of) or 0).first()
    if point:
        return _point_part(person, point, country)
    field = find_own_field(Person, key)
    if field:
        return _own_field_part(person, field, key)
    return None


def _own_field_part(person: Person, field: OwnField, key: str) -> CustomerPart:
    def apply(given: Given, by: Member) -> None:
        fill_in_typed(field, person, given.get(key, ""), by=by)

    return CustomerPart(key, field.name, [own_field_input(field, person)], apply)


def _rename_person(person: Person, given: Given, by: Member) -> None:
    name = " ".join(given.get("name", "").split())
    if not name:
        raise Refused(_("Enter the name of a person or company."))
    rename_customer(person, name, by=by)


@contextmanager
def undoable_correction(person: Person, *, by: Member) -> Iterator[None]:
    """Context manager: a correction of a customer that can be undone, by a lead that the member sees.

    By all that are renamed along, or any one.
    """
    jobs = Job.objects.visible_to(by).filter(person=person).order_by("pk")
    leads = list(jobs.filter(title=person.name)) or list(jobs[:1])
    with undo.record_undoable("job.corrected", leads, by=by, columns=CORRECTED):
        yield
        for lead in leads:
            lead.refresh_from_db()


def rename_customer(person: Person, name: str, *, by: Member) -> None:
    """Rename the person and the visible leads titled with the old name. Other titles do not change."""
    before = person.name
    people.rename(person, name, by=by)
    for job in Job.objects.visible_to(by).filter(person=person, title=before).order_by("pk"):
        jobs.entitle(job, name, by=by)


def _add_points(person: Person, given: Given, by: Member, country: str) -> None:
    phone = None
    if given.get("phone", "").strip():
        phone = parse_phone(given["phone"], country)
    email = ""
    if given.get("email", "").strip():
        email = parse_email(given["email"])
    if not phone and not email:
        raise Refused(_("A phone number or an email address."))
    if phone:
        note = ""
        if phone.extension:
            note = f"ext. {phone.extension}"[:80]
        add_contact_point(person, PHONE, phone.e164, by=by, note=note)
    if email:
        add_contact_point(person, EMAIL, email, by=by)


def add_contact_point(person: Person, kind: str, value: str, *, by: Member, note: str = "") -> None:
    """Add a normalised address or number. Raises Refused if it is confirmed as another customer's."""
    _or_refuse(lambda: people.add_point(person, kind, value, by=by, note=note))


def _point_part(person: Person, point: ContactPoint, country: str) -> CustomerPart:
    is_phone = point.kind == PHONE
    if is_phone:
        text = formats.phone(point.value, country)
    else:
        text = point.value
    label = point.get_kind_display()
    inputs = [
        CorrectionInput("value", label, text, "tel" if is_phone else "email", hint=_("Leave it empty to remove it.")),
        CorrectionInput("note", _("Label"), point.note, hint=_("Mobile, work, spouse, ext. 12 …")),
    ]
    return CustomerPart(
        "point", label, inputs, lambda given, by: _correct_point(person, point, given, by, country), str(point.pk)
    )


def _correct_point(person: Person, point: ContactPoint, given: Given, by: Member, country: str) -> None:
    typed = given.get("value", "").strip()
    note = " ".join(given.get("note", "").split())[:80]
    if not typed:
        people.remove_point(person, point.kind, point.value, by=by)
        return
    if point.kind == PHONE:
        right = parse_phone(typed, country).e164
    else:
        right = parse_email(typed)
    _or_refuse(lambda: people.replace_point(person, point.kind, point.value, right, by=by, note=note))


def _or_refuse(act: Callable[[], None]) -> None:
    try:
        act()
    except people.PointTaken:
        raise Refused(_("This is confirmed as another customer’s. Compare the two records.")) from None
