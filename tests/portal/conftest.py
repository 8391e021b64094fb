"""What tests of the portal share: a browser somebody came in by."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from portal.access import cookies, sessions
from portal.models import PortalAccess

Coming = Callable[..., Client]


@pytest.fixture
def portal_client(db: None) -> Coming:
    """A browser that is remembered as a person's, by a code given before."""

    def come_in(person: Person) -> Client:
        client = Client()
        with use_tenant(person.tenant_id):
            access = PortalAccess.invite(person, by=None)
            _device, secret = sessions.begin(access, RequestFactory().get("/", HTTP_USER_AGENT="Firefox on Linux"))
        client.cookies[cookies.SESSION] = secret
        return client

    return come_in
