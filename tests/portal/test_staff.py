"""The staff's side: invite, look as the customer, sign out, take away, say who is who and what they see."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from comms.models import Message
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty
from crm.people.models import Person
from crm.platform.models import AccessLog, Event, Member
from crm.platform.tenancy.context import use_tenant
from portal.access import links
from portal.access.policy import sections_of
from portal.models import PortalAccess, PortalDevice, PortalVisit
from tests.cast import Cast, House
from tests.portal.conftest import Coming, point_of


def staff(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def at(house: House, page: str) -> str:
    return f"/{house.tenant.slug}/portal/{page}"


def test_a_customer_is_invited_by_the_address_chosen(writing_house: House) -> None:
    house, point = writing_house, point_of(writing_house.cora, "phone")
    page = at(house, f"people/{house.cora.uid}/")
    assert "Not invited yet" in staff(house.rita).get(page, headers={"hx-request": "true"}).content.decode()
    staff(house.rita).post(f"{page}invite/", {"point": point.pk})
    message = Message.objects.get()
    assert (message.address, message.job_id, message.author_id) == (point.value, house.job.pk, house.rita.pk)
    token = re.search(r"/open/([^/\s]+)/", message.text)
    assert token
    link = links.read_link(token[1], house.tenant.pk)
    assert (link.person_id, link.point_id, link.job_id) == (house.cora.pk, point.pk, house.job.pk)
    assert PortalAccess.objects.get(person=house.cora).invited_by == house.rita
    assert "<h1" in staff(house.rita).get(page).content.decode()


def test_a_colleague_looks_as_the_customer_and_can_do_nothing(writing_house: House, cast: Cast) -> None:
    house, client = writing_house, staff(writing_house.rita)
    home = f"/my/{house.tenant.slug}/"
    open_job(title="Monas", person=house.cora, member=house.mona, by=house.mona)
    begun = client.post(at(house, f"people/{house.cora.uid}/look/"))
    assert begun["Location"] == home
    from_job = client.post(at(house, f"people/{house.cora.uid}/look/"), {"job": house.job.number})
    assert from_job["Location"] == f"{home}jobs/{house.job.number}/"
    page = client.get(home, follow=True)
    assert "You are viewing as Cora Customer" in page.content.decode()
    assert page.redirect_chain[-1][0] == f"{home}jobs/{house.job.number}/", "of a colleague's she sees none here either"
    refused = client.post(f"{home}devices/forget/")
    assert refused.status_code == 403
    assert "nothing is sent or changed" in refused.content.decode()
    assert "seen.gif" not in page.content.decode()
    assert Event.objects.filter(kind="portal.looked", actor=house.rita).count() == 2
    assert AccessLog.objects.of(house.cora).filter(member=house.rita).exists()
    assert not PortalAccess.objects.filter(seen_at__isnull=False).exists()
    assert not PortalVisit.objects.exists()
    # It ends at once with what let them: the pass says who holds it, not what they may.
    Member.objects.filter(pk=house.rita.pk).update(active=False)
    house.rita.active = False
    house.rita.save()
    assert "sign-in" in client.get(home)["Location"]
    house.rita.active = True
    house.rita.save()
    ended = client.post(f"{home}looking/end/")
    assert ended["Location"] == f"/{house.tenant.slug}/people/{house.cora.uid}/"
    assert "sign-in" in client.get(home)["Location"]
    assert staff(cast.otto).post(at(house, f"people/{house.cora.uid}/look/")).status_code == 404


def test_what_a_customer_opened_is_noted_once_an_hour(writing_house: House, portal_client: Coming) -> None:
    house = writing_house
    client, home = portal_client(house.cora), f"/my/{house.tenant.slug}/"
    job = f"{home}jobs/{house.job.number}/"
    for page in (job, job, f"{job}now/", f"{job}documents/", f"{home}jobs/999999/", f"{home}preferences/"):
        client.get(page)
    with use_tenant(house.tenant):
        visits = PortalVisit.objects.order_by("pk").values_list("page", "number")
        number = house.job.number
        assert list(visits) == [("portal:job", number), ("portal:documents", number), ("portal:preferences", 0)]
    panel = staff(house.rita).get(at(house, f"people/{house.cora.uid}/")).content.decode()
    assert f"Documents and photos · #{number}" in panel


def test_a_visit_taken_back_with_its_transaction_is_noted_the_next_time(
    writing_house: House, portal_client: Coming, django_capture_on_commit_callbacks: Any
) -> None:
    house = writing_house
    client, page = portal_client(house.cora), f"/my/{house.tenant.slug}/preferences/"
    client.get(page)
    with use_tenant(house.tenant):
        PortalVisit.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        client.get(page)
    with use_tenant(house.tenant):
        assert PortalVisit.objects.count() == 1
        PortalVisit.objects.all().delete()
    client.get(page)
    with use_tenant(house.tenant):
        assert not PortalVisit.objects.exists(), "noted once an hour"


def test_a_pass_is_no_other_companys(writing_house: House, cast: Cast, portal_client: Coming) -> None:
    client = staff(writing_house.rita)
    client.post(at(writing_house, f"people/{writing_house.cora.uid}/look/"))
    assert client.get(f"/my/{writing_house.tenant.slug}/devices/").status_code == 200
    assert client.get(f"/my/{cast.other.tenant.slug}/devices/").status_code == 302


@pytest.mark.parametrize("end", ["sign out", "elsewhere", "password", "inactive", "another in", "in again", "stolen"])
def test_looking_ends_with_the_session_that_began_it(writing_house: House, end: str) -> None:
    house, client = writing_house, staff(writing_house.rita)
    home, user = f"/my/{house.tenant.slug}/devices/", house.rita.user
    client.post(at(house, f"people/{house.cora.uid}/look/"))
    assert client.get(home).status_code == 200
    match end:
        case "sign out":
            client.post("/account/logout/")
        case "elsewhere":
            Session.objects.all().delete()
        case "password":
            user.set_password("another horse battery")
            user.save()
        case "inactive":
            type(user).objects.filter(pk=user.pk).update(is_active=False)
        case "another in":
            client.force_login(house.mona.user)
        case "in again":
            client.post("/account/logout/")
            client.force_login(user)
        case "stolen":
            del client.cookies[settings.SESSION_COOKIE_NAME]
    assert "sign-in" in client.get(home)["Location"]


def test_devices_are_signed_out_and_the_way_in_taken_away(writing_house: House, portal_client: Coming) -> None:
    house, one, two = writing_house, portal_client(writing_house.cora), portal_client(writing_house.cora)
    page, home = at(house, f"people/{house.cora.uid}/"), f"/my/{house.tenant.slug}/devices/"
    mona = staff(house.mona)
    assert mona.get(page).content.decode().count("Firefox on Linux") >= 2
    mona.post(f"{page}sign-out/", {"device": PortalDevice.objects.order_by("pk")[0].pk})
    assert (one.get(home).status_code, two.get(home).status_code) == (302, 200)
    mona.post(f"{page}see/", {"money": "never", "claim": "always", "photos": ""})
    assert PortalAccess.objects.get().overrides == {"money": False, "claim": True}
    mona.post(f"{page}revoke/")
    assert two.get(home).status_code == 302
    kinds = set(Event.objects.filter(kind__startswith="portal.", actor=house.mona).values_list("kind", flat=True))
    assert kinds == {"portal.device_forgotten", "portal.seeing_changed", "portal.revoked"}


def test_several_people_have_roles_in_a_job(writing_house: House) -> None:
    house, page = writing_house, at(writing_house, f"jobs/{writing_house.job.number}/")
    given = {"name": "Adam Adjuster", "reach": "adam@insurer.example", "role": "adjuster"}
    for _twice in range(2):
        staff(house.rita).post(f"{page}involve/", given)
    party = JobParty.objects.get(job=house.job, role="adjuster")
    assert "Adam Adjuster" in staff(house.rita).get(page).content.decode()
    staff(house.rita).post(f"{page}involve/", given | {"reach": "nonsense", "name": "Other"})
    staff(house.rita).post(f"{page}involve/", given | {"role": "customer"})
    assert JobParty.objects.filter(job=house.job).exclude(role="customer").count() == 1
    staff(house.rita).post(f"{page}leave/", {"party": party.pk})
    assert not JobParty.objects.filter(pk=party.pk).exists()
    kinds = Event.objects.filter(kind__startswith="job.party").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["job.party_added", "job.party_removed"]


def test_whom_a_colleague_sees_alone_stays_theirs(writing_house: House) -> None:
    house = writing_house
    hers = Person.objects.create(name="Priya Secret")
    hers.contact_points.create(kind="email", value="priya@mail.example")
    open_job(title="Priya Secret", person=hers, member=house.mona, by=house.mona)
    page = at(house, f"jobs/{house.job.number}/involve/")
    staff(house.rita).post(page, {"name": "Priya Secret", "reach": "priya@mail.example", "role": "owner"})
    assert JobParty.objects.get(job=house.job, role="owner").person != hers
    staff(house.mona).post(page, {"name": "Priya Secret", "reach": "priya@mail.example", "role": "partner"})
    assert JobParty.objects.get(job=house.job, role="partner").person == hers


def test_a_tenant_says_what_roles_see(writing_house: House) -> None:
    house, page = writing_house, at(writing_house, "roles/")
    assert staff(house.mona).get(page).status_code == 404
    ada = staff(house.ada)
    assert "Adjuster: Insurance and claim" in ada.get(page).content.decode()
    ada.post(f"{page}choose/", {"adjuster-money": "on", "customer-team": "on"})
    with use_tenant(house.tenant):
        assert sections_of("adjuster") == {"money"}
        assert sections_of("owner") == frozenset()
    assert Job.objects.filter(pk=house.job.pk).exists()
