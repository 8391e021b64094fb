"""What tests of the portal share: a browser somebody came in by, and a house that writes by email and text."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client, RequestFactory

from comms.models import Channel
from crm.jobs.models import Job
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from portal.access import cookies, links, sessions
from portal.access.viewer import Level
from portal.models import PortalAccess
from tests.cast import Cast, House

Coming = Callable[..., Client]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def portal_client(db: None) -> Coming:
    """A browser of a person's: by a code given before, or (`level`) holding a link to `job`."""

    def come_in(person: Person, level: Level = Level.SESSION, *, job: Job | None = None) -> Client:
        client = Client(headers={"user-agent": FIREFOX})
        with use_tenant(person.tenant_id):
            access = PortalAccess.invite(person, by=None)
            if level == Level.LINK:
                job = job or Job.objects.filter(person=person).order_by("pk").first()
                client.cookies[cookies.LINK] = links.make_link(person, job=job).token()
            else:
                _device, secret = sessions.begin_session(
                    access, RequestFactory().get("/", headers={"user-agent": FIREFOX})
                )
                client.cookies[cookies.SESSION] = secret
        return client

    return come_in


@pytest.fixture
def writing_house(cast: Cast) -> Iterator[House]:
    """The house, in use, with a channel for email and one for texts; what they send stays in the built-in phone."""
    with use_tenant(cast.house.tenant):
        brand = Brand.objects.get()
        for medium, address in (("email", "hello@suncoast.example"), ("sms", "+18135550100")):
            Channel.create(by=None, brand=brand, medium=medium, role="support", provider="embedded", address=address)
        yield cast.house


def point_of(person: Person, kind: str = "email") -> ContactPoint:
    """One of somebody's addresses. Inside the tenant."""
    found: ContactPoint = ContactPoint.objects.get(person=person, kind=kind)
    return found
