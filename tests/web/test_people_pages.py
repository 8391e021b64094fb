"""The settings of members, teams and roles in the hands of an admin, and out of the hands of others."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.models import Job
from crm.platform.access import permissions
from crm.platform.models import Event, Invitation, Member, StaffMail, Team
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, PASSWORD, Cast
from tests.platform.test_invite import KIM, invited, join, link
from tests.web.confirm import confirm

SETTINGS = f"/{HOUSE}/settings"
MEMBERS, TEAMS = f"{SETTINGS}/members/", f"{SETTINGS}/teams/"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.post("/account/login/", {"login": cast.house.ada.user.email, "password": PASSWORD})
    confirm(client)
    return client


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def version(page: Any) -> str:
    return str(page.context["version"])


def test_an_admin_invites_sends_anew_and_withdraws(ada: Client, cast: Cast) -> None:
    page = ada.post(f"{MEMBERS}invite/", {"email": KIM, "name": "Kim Kessler", "role": "rep"}, follow=True)
    assert "The invitation to Kim Kessler was sent." in words(page)
    assert "Sending email" in words(page)
    with use_tenant(cast.house.tenant):
        uid = Invitation.objects.get().uid
    old = link()
    ada.post(f"{MEMBERS}invitations/{uid}/resend/")
    assert StaffMail.objects.count() == 2
    assert Client().get(old).status_code == 404
    page = ada.post(f"{MEMBERS}invitations/{uid}/withdraw/", follow=True)
    assert "is withdrawn" in words(page)
    assert KIM not in words(ada.get(MEMBERS))
    assert Client().get(link()).status_code == 410
    assert "was withdrawn in the meantime" in words(ada.post(f"{MEMBERS}invitations/{uid}/resend/", follow=True))


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("rita@suncoast-test.example", "already belongs to a member"),
        ("no address", "valid email"),
        (KIM, "is already invited"),
    ],
)
def test_an_invitation_that_cannot_be_says_why(ada: Client, cast: Cast, email: str, said: str) -> None:
    invited(cast)
    page = ada.post(f"{MEMBERS}invite/", {"email": email, "name": "Kim", "role": "rep"})
    assert page.status_code == 422
    assert said in words(page)
    assert StaffMail.objects.count() == 1


@pytest.mark.parametrize("path", ["invite/", "{}/", "{}/deactivate/"])
def test_roles_and_comings_ask_to_confirm_first(client: Client, cast: Cast, path: str) -> None:
    client.post("/account/login/", {"login": cast.house.ada.user.email, "password": PASSWORD})
    url = MEMBERS + path.format(cast.house.rita.uid)
    assert client.get(url)["Location"].startswith("/account/confirm/")
    assert client.post(url, {"role": "admin"})["Location"].startswith("/account/confirm/")


def test_a_role_and_teams_are_saved_and_hold_at_the_next_click(ada: Client, cast: Cast) -> None:
    house, rita = cast.house, Client()
    rita.force_login(house.rita.user)
    with use_tenant(house.tenant):
        team = Team.create("Storm crew", by=house.ada)
    assert rita.get(TEAMS).status_code == 404
    url = f"{MEMBERS}{house.rita.uid}/"
    sent = {"name": "Rita R. Rep", "role": "manager", "teams": [str(team.uid)], "version": version(ada.get(url))}
    assert ada.post(url, sent)["Location"] == MEMBERS
    assert "Storm crew" in words(rita.get(TEAMS))
    page = words(ada.get(MEMBERS))
    assert "Rita R. Rep" in page
    ada.post(url, sent | {"teams": [], "version": version(ada.get(url))})
    with use_tenant(house.tenant):
        assert directory().teams_of(house.rita) == []


def test_who_comes_second_sees_how_it_stands_now(ada: Client, cast: Cast) -> None:
    house = cast.house
    url = f"{MEMBERS}{house.rita.uid}/"
    seen = version(ada.get(url))
    with use_tenant(house.tenant):
        Member.objects.get(pk=house.rita.pk).change_role("service", by=house.mona)
    lost = ada.post(url, {"name": "Rita Rep", "role": "admin", "version": seen})
    assert lost.status_code == 409
    assert "Here is how it stands now" in words(lost)
    assert '<option value="service" selected>' in words(lost)
    with use_tenant(house.tenant):
        assert Member.objects.get(pk=house.rita.pk).role == "service"
    again = ada.post(url, {"name": "Rita Rep", "role": "admin", "version": version(lost)})
    assert again.status_code == 302


def test_the_last_admin_is_told_why_not(ada: Client, cast: Cast) -> None:
    url = f"{MEMBERS}{cast.house.ada.uid}/"
    page = ada.post(url, {"name": "Ada Admin", "role": "rep", "version": version(ada.get(url))})
    assert page.status_code == 422
    assert "the last active admin" in words(page)
    page = ada.post(f"{url}deactivate/", {"to": "leave"})
    assert page.status_code == 422
    assert "the last active admin" in words(page)
    assert ada.get(MEMBERS).status_code == 200


@pytest.mark.parametrize(("to", "whose"), [("leave", "rita"), ("nobody", None), ("mona", "mona")])
def test_a_leaver_is_out_and_the_work_is_where_it_was_sent(ada: Client, cast: Cast, to: str, whose: str | None) -> None:
    house, rita = cast.house, Client()
    rita.force_login(house.rita.user)
    assert rita.get(f"/{HOUSE}/leads/").status_code == 200
    url = f"{MEMBERS}{house.rita.uid}/deactivate/"
    assert "1 open lead" in words(ada.get(url))
    ada.post(url, {"to": str(house.mona.uid) if to == "mona" else to})
    assert rita.get(f"/{HOUSE}/leads/").status_code == 404
    with use_tenant(house.tenant):
        expected = getattr(house, whose).pk if whose else None
        assert Job.objects.get(pk=house.job.pk).member_id == expected
    assert "deactivated" in words(ada.get(MEMBERS))
    ada.post(f"{MEMBERS}{house.rita.uid}/reactivate/")
    assert rita.get(f"/{HOUSE}/leads/").status_code == 200


def test_work_is_not_left_to_a_colleague_of_another_organization(ada: Client, cast: Cast) -> None:
    page = ada.post(f"{MEMBERS}{cast.house.rita.uid}/deactivate/", {"to": str(cast.otto.uid)})
    assert page.status_code == 422
    with use_tenant(cast.house.tenant):
        assert Member.objects.get(pk=cast.house.rita.pk).active


def rights(page: Any) -> dict[str, bool]:
    return {line.label: line.may for _group, lines in page.context["groups"] for line in lines}


def test_what_kim_sees_names_pages_records_and_what_a_role_would_change(ada: Client, cast: Cast) -> None:
    url = f"{MEMBERS}{cast.house.rita.uid}/sight/"
    page = ada.get(url)
    assert page.context["seen"][0].label == "Open leads"
    assert rights(page)["See leads"]
    assert not rights(page)["See everybody’s leads"]
    assert not rights(page)["Manage members"]
    assert "Their own and the unclaimed ones, with customer, notes and timeline." in words(page)
    assert "leads stay hidden, also in search." in words(page)
    assert page.context["changes"] == []
    assert "Leads" in page.context["pages"]
    assert "Settings" not in page.context["pages"]
    page = ada.get(f"{url}?role=admin")
    changes = {line.label: line.may for line in page.context["changes"]}
    assert changes["See everybody’s leads"]
    assert [label for label, may in changes.items() if not may] == ["Get new leads"], "an admin loses nothing else"
    assert "Settings" in page.context["pages"]
    page = ada.get(f"{url}?role=service")
    assert {line.label: line.may for line in page.context["changes"]}["Change many leads at once"] is False
    assert ada.get(f"{url}?role=owner").context["role"] == "rep"
    with use_tenant(cast.house.tenant):
        assert Member.objects.get(pk=cast.house.rita.pk).role == "rep", "looking changes nothing"


def test_the_matrix_tells_every_permission_and_how_far_it_goes(ada: Client) -> None:
    lines = [line for _group, lines in ada.get(f"{SETTINGS}/roles/").context["groups"] for line in lines]
    assert {told.permission for told, _cells in lines} == set(permissions.permission_matrix())
    assert len({told.label for told, _cells in lines}) == len({told.note for told, _cells in lines}) == len(lines)
    assert all(told.note.endswith(".") for told, _cells in lines)
    refused = [told.permission for told, cells in lines if not cells[2]]
    assert refused == ["leads.sell"], "an admin may do everything but be given leads"


def test_managers_see_teams_and_change_none(client: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        team = Team.create("Storm crew", by=cast.house.ada)
    client.force_login(cast.house.mona.user)
    page = words(client.get(TEAMS))
    assert "Storm crew" in page
    assert "New team" not in page
    for url in (f"{TEAMS}new/", f"{TEAMS}{team.uid}/", f"{TEAMS}{team.uid}/archive/"):
        assert client.post(url, {"name": "Mine"}).status_code == 404


def test_an_admin_makes_a_team_fills_it_and_archives_it(ada: Client, cast: Cast) -> None:
    house = cast.house
    inside = [str(house.rita.uid), str(house.mona.uid)]
    ada.post(f"{TEAMS}new/", {"name": "Storm  crew", "members": inside})
    assert ada.post(f"{TEAMS}new/", {"name": "storm crew"}).status_code == 422
    with use_tenant(house.tenant):
        team = Team.objects.get()
    url = f"{TEAMS}{team.uid}/"
    seen = version(ada.get(url))
    ada.post(url, {"name": "Storms", "members": inside[:1], "version": seen})
    assert ada.post(url, {"name": "Hail", "members": [], "version": seen}).status_code == 409
    with use_tenant(house.tenant):
        assert [one.name for one in directory().members_of(team)] == ["Rita Rep"]
        assert directory().teams[team.pk].name == "Storms"
    ada.post(f"{url}archive/")
    assert "archived" in words(ada.get(TEAMS))
    ada.post(f"{url}restore/")
    assert "archived" not in words(ada.get(TEAMS))
    with use_tenant(house.tenant):
        assert Event.objects.of(team).count() == 7


def test_the_list_of_members_costs_the_same_for_many(ada: Client, cast: Cast) -> None:
    def cost() -> int:
        ada.get(MEMBERS)
        with CaptureQueriesContext(connection) as seen:
            ada.get(MEMBERS)
        return len(seen)

    invited(cast)
    few = cost()
    for number in range(3):
        invited(cast, f"more{number}@new.example")
        join(Client(), link())
    invited(cast, "last@new.example")
    assert cost() == few
