"""Inviting a colleague: the mail, the link that works once, and whose password it never sets."""

import re
import time as wall
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Invitation, Member, StaffMail, Team, Token, User
from crm.platform.organization import invitations
from crm.platform.organization.configuration import directory
from crm.platform.organization.invitations import InvalidInvitation
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, OTHER, PASSWORD, Cast, load_cast

NEW = "an even longer staple"
KIM = "kim@new.example"


def invited(cast: Cast, email: str = KIM, role: str = "rep", **more: Any) -> Invitation:
    with use_tenant(cast.house.tenant):
        return invitations.invite(email=email, name="Kim Kessler", role=role, by=cast.house.ada, **more)


def link() -> str:
    """The address in the newest mail."""
    found = re.search(r"/account/invitation/\S+", StaffMail.objects.order_by("-pk")[0].body)
    assert found
    return found[0]


def join(client: Client, url: str, password: str = NEW) -> Any:
    return client.post(url, {"name": "Kim  Kessler", "password1": password, "password2": password})


def member_of(cast: Cast, email: str) -> Member | None:
    with use_tenant(cast.house.tenant):
        found: Member | None = Member.objects.filter(user__email=email).first()
        return found


def test_a_new_colleague_chooses_a_password_and_is_in(client: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        team = Team.create("Storm crew", by=cast.house.ada)
    invited(cast, " KIM@new.example", teams=[team])
    mail = StaffMail.objects.get()
    assert mail.tenant_id == cast.house.tenant.pk, "it waits while its organization is suspended"
    assert (mail.to, mail.subject) == (KIM, "Join Suncoast-Test in Throughline")
    assert "Ada Admin invites you" in mail.body
    assert "Choose a password" in mail.body
    page = client.get(link()).content.decode()
    assert "Ada Admin invites kim@new.example, as Rep." in page
    assert join(client, link())["Location"] == f"/{HOUSE}/"
    assert client.get(f"/{HOUSE}/leads/").status_code == 200
    with use_tenant(cast.house.tenant):
        kim = Member.objects.get(user__email=KIM)
        assert (kim.name, kim.role) == ("Kim Kessler", "rep")
        assert directory().teams_of(kim) == [team]
        kinds = set(Event.objects.filter(kind__regex="^(invitation|member)[.]").values_list("kind", flat=True))
        assert kinds == {"invitation.sent", "invitation.accepted", "member.joined"}
        assert KIM not in str(list(Event.objects.values_list("data", flat=True)))


def test_an_admin_who_has_just_chosen_a_password_invites_without_confirming_it(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(cast, role="admin")
    join(client, link())
    invite = f"/{HOUSE}/settings/members/invite/"
    assert client.get(invite).status_code == 200
    now = wall.time()
    monkeypatch.setattr(wall, "time", lambda: now + 15 * 60 + 1)
    assert client.get(invite)["Location"].startswith("/account/confirm/")


def test_the_link_works_once(client: Client, cast: Cast) -> None:
    invited(cast)
    url = link()
    join(client, url)
    again = Client()
    page = again.get(url)
    assert page.status_code == 410
    assert "has already been used" in page.content.decode()
    assert join(again, url, "another longer staple").status_code == 410
    assert User.objects.get(email=KIM).check_password(NEW)


def test_of_the_secret_only_the_hash_is_kept(cast: Cast) -> None:
    invited(cast)
    secret = link().split("/")[3]
    assert secret not in str(list(Token.objects.values()))
    with use_tenant(cast.house.tenant):
        assert secret not in str(list(Invitation.objects.values()))


def test_it_ends_after_seven_days(client: Client, cast: Cast) -> None:
    invited(cast)
    with clock.at(clock.now() + timedelta(days=7, seconds=-5)):
        assert client.get(link()).status_code == 200
    with clock.at(clock.now() + timedelta(days=7, seconds=5)):
        page = client.get(link())
        assert page.status_code == 410
        assert "has expired" in page.content.decode()
        assert join(client, link()).status_code == 410
    assert member_of(cast, KIM) is None


def test_withdrawn_is_a_sentence_and_cannot_be_undone(client: Client, cast: Cast) -> None:
    invitation = invited(cast)
    with use_tenant(cast.house.tenant):
        for _ in range(2):
            invitations.withdraw(invitation, by=cast.house.ada)
        assert Event.objects.filter(kind="invitation.withdrawn").count() == 1
        with pytest.raises(Refused, match="withdrawn"):
            invitations.resend(invitation, by=cast.house.ada)
    page = client.get(link())
    assert page.status_code == 410
    assert "was withdrawn" in page.content.decode()


def test_sent_anew_the_old_link_stops_and_the_week_begins_again(client: Client, cast: Cast) -> None:
    invitation = invited(cast)
    old = link()
    with clock.at(clock.now() + timedelta(days=8)):
        with use_tenant(cast.house.tenant):
            invitations.resend(invitation, by=cast.house.ada)
        assert client.get(old).status_code == 404
        assert "a newer one was sent" in client.get(old).content.decode()
        assert join(client, link())["Location"] == f"/{HOUSE}/"


@pytest.mark.parametrize("secret", ["x", "A" * 43, "..", "%00"])
def test_a_link_nobody_sent_is_a_sentence(client: Client, db: None, secret: str) -> None:
    page = client.get(f"/account/invitation/{secret}/")
    assert page.status_code == 404


def test_one_who_signs_in_elsewhere_joins_with_the_password_they_have(client: Client, cast: Cast) -> None:
    """The link must never set a password of somebody who exists: the mail may lie in a shared mailbox."""
    email = cast.otto.user.email
    invited(cast, email)
    assert "You sign in with the password you have" in StaffMail.objects.get().body
    page = client.get(link()).content.decode()
    assert "password1" not in page
    assert f"/account/login/?next={link()}" in page
    answer = join(client, link(), "a hijacked staple")
    assert answer["Location"].startswith("/account/login/")
    assert User.objects.get(email=email).check_password(PASSWORD)
    assert member_of(cast, email) is None
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    assert "Join" in client.get(link()).content.decode()
    assert client.post(link())["Location"] == f"/{HOUSE}/"
    assert client.get(f"/{HOUSE}/leads/").status_code == 200
    assert client.get(f"/{OTHER}/leads/").status_code == 200, "and is where they were before"


def test_not_even_the_verb_sets_the_password_of_somebody_who_exists(cast: Cast) -> None:
    invited(cast, cast.otto.user.email)
    with pytest.raises(InvalidInvitation, match="exists"):
        invitations.accept(link().split("/")[3], user=None, name="Otto", password=NEW)
    assert User.objects.get(pk=cast.otto.user_id).check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_joins_nothing(client: Client, cast: Cast) -> None:
    invited(cast)
    client.force_login(cast.otto.user)
    assert "Sign out, then open the link again" in client.get(link()).content.decode()
    page = client.post(link())
    assert page.status_code == 410
    assert client.get(f"/{HOUSE}/leads/").status_code == 404
    assert join(Client(), link()).status_code == 302, "the link is still good for whom it is for"


def test_an_address_is_invited_once_at_a_time_and_no_member_twice(cast: Cast) -> None:
    invitation = invited(cast)
    with pytest.raises(Refused, match="already invited"):
        invited(cast, "Kim@New.example")
    with pytest.raises(Refused, match="already belongs to a member"):
        invited(cast, cast.house.rita.user.email)
    with use_tenant(cast.house.tenant):
        cast.house.rita.deactivate(by=cast.house.ada)
        invitations.withdraw(invitation, by=cast.house.ada)
    with pytest.raises(Refused, match="deactivated"):
        invited(cast, cast.house.rita.user.email)
    invited(cast)


def test_a_weak_password_is_refused_with_its_reason(client: Client, cast: Cast) -> None:
    invited(cast)
    page = join(client, link(), "12345")
    assert page.status_code == 422
    assert "too short" in page.content.decode()
    different = client.post(link(), {"name": "Kim", "password1": NEW, "password2": NEW + "x"})
    assert "are not the same" in different.content.decode()
    assert member_of(cast, KIM) is None


def test_it_speaks_the_organizations_language(client: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        cast.house.tenant.edit(by=cast.house.ada, language="nl")
    invited(cast)
    assert 'lang="nl"' in client.get(link()).content.decode()
    join(client, link())
    assert User.objects.get(email=KIM).language == "nl"


def test_a_closed_organization_lets_nobody_in(client: Client, transactional_db: None, owner_connection: Any) -> None:
    cast = load_cast()
    invited(cast)
    owner_connection.execute("update platform_tenant set suspended_at = now()")
    page = join(client, link())
    assert page.status_code == 410
    assert "closed at the moment" in page.content.decode()
    assert member_of(cast, KIM) is None


def test_the_thirty_first_try_in_a_minute_waits(client: Client, db: None, valkey_url: str) -> None:
    with clock.at(clock.now()):  # of one minute, even where they take longer or another one begins
        answers = [client.get("/account/invitation/x/").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
