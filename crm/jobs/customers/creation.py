"""Create a customer who has no lead yet."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import hidden_people
from crm.kernel.normalization import PhoneNumber
from crm.kernel.refusal import Refused
from crm.people.lookup import find_or_create_companies, lock_contact_values, points_of_nobody
from crm.people.models import ContactPoint, Person
from crm.platform.events import events
from crm.platform.models import Member


class CustomerExists(Refused):
    """A customer with this email or phone exists. `people`: those that the member may see."""

    def __init__(self, people: list[Person]) -> None:
        words = _("A customer with this phone or email exists. Is it the same one?")
        super().__init__(" ".join([words, *(f"{person.name} ({person.uid})" for person in people)]))
        self.people = people


@transaction.atomic
def create_customer(
    name: str, *, by: Member, email: str = "", phone: PhoneNumber | None = None, company: str = "", language: str = ""
) -> Person:
    """Create a customer. Raises Refused for an unusable email or phone, CustomerExists if another customer has it.

    Whoever shares a point with somebody else gets it once they have a lead.
    """
    points = [("email", email, "")] if email else []
    if phone:
        points.append(("phone", phone.e164, f"ext. {phone.extension}"[:80] if phone.extension else ""))
    if points:
        _expect_new_points([(kind, value) for kind, value, _note in points], name, by)
    company_id = None
    if company:
        company_id = next(iter(find_or_create_companies([company]).ids.values()), None)
    person: Person = Person.objects.create(name=name[:200], company_id=company_id, language=language)
    for kind, value, note in points:
        ContactPoint.objects.create(person=person, kind=kind, value=value, note=note)
    events.record("person.added", subject=person, by=by)
    return person


def _expect_new_points(points: list[tuple[str, str]], name: str, by: Member) -> None:
    """Lock emails and phones, by kind and value. Raises Refused and CustomerExists as `create_customer` does."""
    values = [value for _kind, value in points]
    lock_contact_values(values)
    nobodys = points_of_nobody(points, name=name)
    if nobodys:
        words = _("%(point)s identifies nobody: it is a placeholder, your own, or several people’s. Leave it out.")
        raise Refused(words % {"point": ", ".join(nobodys)})
    holders = set(ContactPoint.objects.reached_at(*values).values_list("person_id", flat=True))
    if holders:
        visible = holders - hidden_people(holders, by)
        raise CustomerExists(list(Person.objects.filter(pk__in=visible).order_by("pk")))
