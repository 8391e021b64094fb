"""The frame: who is known sees their own jobs, and nobody sees anything else."""

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import JobParty
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from portal.access import links
from portal.access.policy import SECTIONS, USUAL, sections_of
from portal.access.viewer import Level, PortalViewer
from portal.models import PortalAccess, RoleVisibility
from tests.cast import Cast
from tests.portal.conftest import Coming


def test_who_is_known_sees_their_own_jobs(cast: Cast, portal_client: Coming) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other = Person.objects.create(name="Nora Neighbour")
        open_job(title="Nora Neighbour", person=other, by=None)
    client, home = portal_client(house.cora), f"/my/{house.tenant.slug}/"
    page = client.get(home, follow=True)
    assert page.status_code == 200
    assert "2207 Bayshore Ct" in page.content.decode()
    assert "Nora" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    # No crawler has a code: what anybody with a link, or nobody, gets is the part not to be found in an index.
    open_ones = [portal_client(house.cora, Level.LINK).get(page.wsgi_request.path), client.get(f"{home}jobs/987654/")]
    open_ones.append(Client().get(f"{home}sign-in/"))
    assert [one.get("X-Robots-Tag") for one in (page, *open_ones)] == [None, *["noindex, nofollow"] * 3]
    with use_tenant(house.tenant):
        access = PortalAccess.objects.get(person=house.cora)
        assert (access.state, access.seen_at is not None) == ("active", True)
        access.revoke(by=house.mona)
    assert client.get(home)["Location"] == f"{home}sign-in/?next=%2Fmy%2F{house.tenant.slug}%2F"


def test_a_colleague_is_nobody_in_the_portal_and_a_customer_nobody_at_the_staffs(
    cast: Cast, portal_client: Coming
) -> None:
    slug, staff = cast.house.tenant.slug, Client()
    staff.force_login(cast.house.ada.user)
    assert "sign-in" in staff.get(f"/my/{slug}/")["Location"]
    assert "/account/login/" in portal_client(cast.house.cora).get(f"/{slug}/leads/")["Location"]
    # Nor is one company's customer known at another's.
    assert "sign-in" in portal_client(cast.house.cora).get(f"/my/{cast.other.tenant.slug}/")["Location"]


@pytest.mark.parametrize("role", JobParty.PartyRole.values)
def test_a_role_sees_its_sections(cast: Cast, role: str) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        person = Person.objects.create(name="Ivy Involved")
        if role == "customer":
            house.job.person = person
        JobParty.objects.create(job=house.job, person=person, role=role)
        access = PortalAccess.invite(person, by=None)
        viewer = PortalViewer(person, house.job.brand, Level.SESSION, access)
        seen = {section for section in SECTIONS if viewer.may(house.job, section)}
        assert seen == USUAL[role] == sections_of(role)
        by_link = PortalViewer(person, house.job.brand, Level.LINK, access, link=links.make_link(person, job=house.job))
        assert not any(by_link.may(house.job, section) for section in ("messages", "money", "claim"))
        RoleVisibility.objects.create(role=role, sections=["money"])
        assert PortalViewer(person, house.job.brand, Level.SESSION, access).may(house.job, "money")
        access.overrides = {"money": False}
        assert not PortalViewer(person, house.job.brand, Level.SESSION, access).may(house.job, "money")
        assert not PortalViewer(house.cora, house.job.brand, Level.SESSION, access).roles(open_job(title="X", by=None))
