"""Create the customers of the stories: persons, firms, addresses, places and claims, one statement per table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.kernel.normalization import name_key
from crm.people.models import Claim, Company, ContactPoint, Person, Property
from crm.people.models.property import address_key
from demo.stories.job_history import fresh_ids
from demo.stories.story import Contact, Place, Story


@dataclass(frozen=True)
class Customer:
    """The rows a job references."""

    person: Person
    company: Company | None
    site: Property
    others: list[tuple[Person, str]]


class Customers:
    """Collects the rows of all stories, then stores them."""

    def __init__(self, stories: Sequence[Story]) -> None:
        # Ids first: jobs point at these rows before any of them is stored.
        self._person_ids = iter(fresh_ids(Person, len(stories) + sum(len(story.others) for story in stories)))
        self._company_ids = iter(fresh_ids(Company, sum(bool(story.contact.company) for story in stories)))
        self._place_ids = iter(fresh_ids(Property, len(stories)))
        self.persons: list[Person] = []
        self.companies: list[Company] = []
        self.points: list[ContactPoint] = []
        self.places: list[Property] = []
        self.claims: list[Claim] = []
        self._known: dict[Contact, Person] = {}
        self._taken: set[tuple[str, str]] = set()

    def add(self, story: Story, since: datetime) -> Customer:
        """Add the customer of a story, with the instant the job came in."""
        company = self._company(story.contact.company, since) if story.contact.company else None
        person = self._person(story.contact, company, since)
        others = [(self._person(contact, company, since), role) for contact, role in story.others]
        site = self._place(story.place, since)
        if story.claim:
            insurer, number = story.claim
            claim = Claim(site=site, insurer=insurer, created_at=since)
            claim.set_number(number)
            self.claims.append(claim)
        return Customer(person, company, site, others)

    def _person(self, contact: Contact, company: Company | None, since: datetime) -> Person:
        if contact in self._known:  # who has more than one place
            return self._known[contact]
        key = name_key(contact.name)[:200]
        person = Person(
            pk=next(self._person_ids),
            name=contact.name,
            name_key=key,
            company=company,
            language=contact.language,
            created_at=since,
        )
        self.persons.append(person)
        if contact.email:
            self._known[contact] = person
        wanted = [(ContactPoint.PointKind.EMAIL, contact.email)] if contact.email else []
        wanted += [(ContactPoint.PointKind.PHONE, phone) for phone in contact.phones]
        for kind, value in wanted:
            if (kind, value) not in self._taken:
                self._taken.add((kind, value))
                self.points.append(ContactPoint(person=person, kind=kind, value=value, created_at=since))
        return person

    def _company(self, name: str, since: datetime) -> Company:
        known = next((row for row in self.companies if row.name == name), None)
        if known:
            known.created_at = min(known.created_at, since)
            return known
        company = Company(pk=next(self._company_ids), name=name, name_key=name_key(name)[:200], created_at=since)
        self.companies.append(company)
        return company

    def _place(self, place: Place, since: datetime) -> Property:
        site = Property(
            pk=next(self._place_ids),
            street=place.street,
            postcode=place.postcode,
            city=place.city,
            region=place.region,
            country=place.country,
            address_key=address_key(place.street, place.postcode, place.city),
            created_at=since,
        )
        self.places.append(site)
        return site

    def write(self) -> None:
        """Store them."""
        Company.objects.bulk_create(self.companies)
        Person.objects.bulk_create(self.persons, batch_size=1000)
        Property.objects.bulk_create(self.places, batch_size=1000)
        ContactPoint.objects.bulk_create(self.points, batch_size=2000)
        Claim.objects.bulk_create(self.claims)
