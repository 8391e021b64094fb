"""The same people in every test: two tenants, named members, and an outsider from the other tenant.

Rita is a rep, Mona manages, Ada administers, Sam is in service, Cora is a customer; Otto is the outsider.
"""

from dataclasses import dataclass

from crm.jobs.creation.job_creation import open_job
from crm.jobs.losses.setup import create_lost_reasons
from crm.jobs.models import Job, Stage, StageTarget
from crm.jobs.pipelines.defaults import create_defaults
from crm.jobs.pipelines.setup import pipeline_setup
from crm.people.models import ContactPoint, Person, Property
from crm.platform.models import Brand, BusinessCalendar, Member, Role, Tenant, User
from crm.platform.tenancy.context import use_tenant
from leads.models import Lead

PASSWORD = "correct horse battery"
HOUSE, OTHER = "suncoast-test", "otherside"
# What the first step of the cast's pipeline may take, in office hours.
NEW_SECONDS = 20 * 3600


@dataclass
class House:
    """One tenant with its people and a first lead."""

    tenant: Tenant
    rita: Member
    mona: Member
    ada: Member
    sam: Member
    cora: Person
    job: Job

    def stage(self, name: str) -> Stage:
        """A step of the default pipeline, by name. Inside `use_tenant`."""
        return next(
            stage for stage in pipeline_setup().steps(pipeline_setup().default_pipeline.pk) if stage.name == name
        )


@dataclass
class Cast:
    """The house most tests play in, and the other one, where Otto comes from."""

    house: House
    other: House
    otto: Member


def member(name: str, role: str, slug: str) -> Member:
    """A user with a place in the tenant in use; all have the same password."""
    user = User.objects.create_user(f"{name.split()[0].lower()}@{slug}.example", PASSWORD, name=name)
    return Member.objects.create(user=user, name=name, role=role)


def build_house(slug: str, *, country: str = "US", currency: str = "USD", zone: str = "America/New_York") -> None:
    """A tenant with its defaults, its people and one lead in "New" that is Rita's."""
    tenant = Tenant.objects.create(slug=slug, name=slug.title(), country=country, currency=currency, time_zone=zone)
    with use_tenant(tenant):
        calendar = BusinessCalendar.objects.create(name="Office", time_zone=zone, is_default=True)
        Brand.objects.create(
            name=f"{tenant.name} Roofing",
            country=country,
            currency=currency,
            language="en",
            calendar=calendar,
            is_default=True,
        )
        create_defaults()
        # More than two working days: neither does the lead grow late while tests run, nor is it due at the same instant
        # by other hours. The default's fifteen minutes are over before the tests are, when they run in office hours.
        StageTarget.objects.filter(stage__name="New").update(ours=NEW_SECONDS)
        create_lost_reasons()
        rita = member("Rita Rep", Role.REP, slug)
        member("Mona Manager", Role.MANAGER, slug)
        member("Ada Admin", Role.ADMIN, slug)
        member("Sam Service", Role.SERVICE, slug)
        cora = Person.objects.create(name="Cora Customer")
        ContactPoint.objects.create(person=cora, kind="email", value=f"cora@{slug}-mail.example")
        ContactPoint.objects.create(
            person=cora, kind="phone", value="+18135550142" if country == "US" else "+31201234567"
        )
        place = Property.objects.create(
            street="2207 Bayshore Ct", city="Tampa", region="FL", postcode="33611", country=country
        )
        stage = next(
            stage for stage in pipeline_setup().steps(pipeline_setup().default_pipeline.pk) if stage.name == "New"
        )
        job = open_job(title=cora.name, person=cora, site=place, stage=stage, member=rita, by=rita)
        Lead.objects.create(job=job, rep=rita)


def build_cast() -> None:
    """Both houses, into the template every test database is cloned from. As the owner, who may create tenants."""
    build_house(HOUSE)
    build_house(OTHER, country="NL", currency="EUR", zone="Europe/Amsterdam")
    with use_tenant(Tenant.objects.get(slug=OTHER)):
        member("Otto Outsider", Role.ADMIN, OTHER)


def load_cast() -> Cast:
    """The cast as the database has it."""
    house, other = load_house(HOUSE), load_house(OTHER)
    with use_tenant(other.tenant):
        return Cast(house, other, Member.objects.get(name="Otto Outsider"))


def load_house(slug: str) -> House:
    tenant = Tenant.objects.get(slug=slug)
    with use_tenant(tenant):
        people = {person.name.split()[0].lower(): person for person in Member.objects.select_related("user")}
        named = {name: people[name] for name in ("rita", "mona", "ada", "sam")}
        return House(
            tenant, **named, cora=Person.objects.get(name="Cora Customer"), job=Job.objects.get(title="Cora Customer")
        )
