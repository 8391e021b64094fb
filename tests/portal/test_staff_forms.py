"""The staff's forms about the portal and the updates: what they do, refuse, and to whom."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import RequestFactory

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from portal.access import sessions
from portal.models import CustomerUpdate, JobShare, PortalAccess, RoleVisibility, UpdatePlan, UpdatePolicy
from portal.models.update_policy import update_policy
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import act, said

ACTS = ("invite", "revoke", "sign-out", "reopen", "see")


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def rita(house: House) -> Browser:
    return Browser(house, house.rita)


@pytest.fixture
def access(house: House) -> PortalAccess:
    return PortalAccess.invite(house.cora, by=house.rita)


@pytest.fixture
def hidden(house: House) -> Person:
    """Mona's customer, whom Rita does not see."""
    nora = Person.objects.create(name="Nora")
    nora.refresh_from_db()
    open_job(title="Nora", person=nora, member=house.mona, by=house.mona)
    PortalAccess.invite(nora, by=house.mona)
    return nora


@pytest.mark.parametrize("verb", ACTS)
def test_a_colleagues_customer_is_theirs_to_let_in(rita: Browser, hidden: Person, verb: str) -> None:
    rita.post(f"portal/people/{hidden.uid}/{verb}/", {"money": "always"}, status=404)
    access = PortalAccess.objects.get(person=hidden)
    assert (access.is_open, access.overrides, access.links_since) == (True, {}, None)


@pytest.mark.parametrize("verb", ACTS)
def test_another_tenants_customer_is_not_found(cast: Cast, access: PortalAccess, verb: str) -> None:
    otto = Browser(cast.other, cast.otto)
    otto.post(f"portal/people/{access.person.uid}/{verb}/", {}, status=404)


@pytest.mark.parametrize("verb", ["revoke", "sign-out", "reopen", "see"])
def test_who_was_never_invited_is_let_out_of_nothing(house: House, rita: Browser, verb: str) -> None:
    rita.post(f"portal/people/{house.cora.uid}/{verb}/", {}, status=404)


@pytest.mark.parametrize("point", ["", "x", "999999"])
def test_an_invitation_goes_to_an_address_of_theirs(house: House, rita: Browser, point: str) -> None:
    answer = rita.post(f"portal/people/{house.cora.uid}/invite/", {"point": point})
    assert said(answer) == "Choose an email address or number."
    assert not PortalAccess.objects.exists()


def test_without_a_channel_nobody_is_invited(house: House, rita: Browser) -> None:
    point = house.cora.contact_points.get(kind="email")
    rita.post(f"portal/people/{house.cora.uid}/invite/", {"point": point.pk})
    assert not PortalAccess.objects.exists()


def test_sections_are_seen_always_never_or_as_the_role_says(house: House, rita: Browser, access: PortalAccess) -> None:
    form = {"money": "never", "claim": "always", "team": "", "photos": "perhaps", "secrets": "always"}
    rita.post(f"portal/people/{house.cora.uid}/see/", form)
    access.refresh_from_db()
    assert access.overrides == {"money": False, "claim": True}


def test_one_device_is_signed_out_and_without_one_all_are(house: House, rita: Browser, access: PortalAccess) -> None:
    first, _second, _third = (sessions.begin_session(access, RequestFactory().get("/"))[0] for _each in range(3))
    rita.post(f"portal/people/{house.cora.uid}/sign-out/", {"device": first.pk})
    assert access.devices.count() == 2
    rita.post(f"portal/people/{house.cora.uid}/sign-out/", {"device": "999999"})
    assert access.devices.count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "reach": "nora@x.example", "role": "adjuster"},
        {"name": "Nora", "reach": "nonsense", "role": "adjuster"},
        {"name": "Nora", "reach": "nora@x.example", "role": "customer"},
        {"name": "Nora", "reach": "nora@x.example", "role": "king"},
    ],
)
def test_somebody_has_a_name_a_way_and_a_role(house: House, rita: Browser, form: dict[str, str]) -> None:
    parties = JobParty.objects.count()
    rita.post(f"portal/jobs/{house.job.number}/involve/", form)
    assert JobParty.objects.count() == parties


def test_somebody_is_added_to_a_job_and_leaves_it(house: House, rita: Browser) -> None:
    form = {"name": "Nora", "reach": "nora@x.example", "role": "adjuster"}
    assert said(rita.post(f"portal/jobs/{house.job.number}/involve/", form)) == "Nora was added."
    party = JobParty.objects.get(person__name="Nora")
    rita.post(f"portal/jobs/{house.job.number}/leave/", {"party": party.pk})
    assert not JobParty.objects.filter(pk=party.pk).exists()


def test_who_sees_it_by_a_share_leaves_with_the_share(house: House, rita: Browser) -> None:
    nora = Person.objects.create(name="Nora")
    share = JobShare.share(house.job, nora, "other", sees_money=True, by_customer=house.cora)
    party = JobParty.objects.get(person=nora)
    rita.post(f"portal/jobs/{house.job.number}/leave/", {"party": party.pk})
    share.refresh_from_db()
    assert (share.ended_at is not None, JobParty.objects.filter(person=nora).exists()) == (True, False)


@pytest.mark.parametrize("party", ["", "x", "999999"])
def test_nobody_leaves_who_is_not_there(house: House, rita: Browser, party: str) -> None:
    rita.post(f"portal/jobs/{house.job.number}/leave/", {"party": party}, status=404)


@pytest.mark.parametrize("verb", ["involve", "leave"])
def test_a_colleagues_job_is_not_found(house: House, rita: Browser, hidden: Person, verb: str) -> None:
    number = Job.objects.get(person=hidden).number
    rita.post(f"portal/jobs/{number}/{verb}/", {"name": "Otis", "reach": "o@x.example", "role": "other"}, status=404)


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_what_roles_see_is_not_theirs_to_choose(house: House, name: str) -> None:
    Browser(house, getattr(house, name)).post("portal/roles/choose/", {}, status=404)
    assert not RoleVisibility.objects.exists()


@pytest.fixture
def update(house: House) -> CustomerUpdate:
    job = Job.objects.get(pk=house.job.pk)
    UpdatePlan.objects.create(job=job)
    now = clock.now()
    row: CustomerUpdate = CustomerUpdate.objects.create(
        job=job,
        person=house.cora,
        brand=job.brand,
        member=house.rita,
        language="en",
        happened="The tiles are here.",
        next="We lay them on Friday.",
        since=now,
        until=now,
        due_at=now,
    )
    row.refresh_from_db()
    return row


def test_an_update_is_changed_on_the_page(rita: Browser, update: CustomerUpdate) -> None:
    form = {"happened": "They are red.", "next": "We begin."}
    assert said(act(rita, f"updates/{update.uid}/edit/", update, **form)) == "Saved. It waits to be approved."
    assert (update.happened, update.needed) == ("They are red.", "")


def test_an_update_that_cannot_leave_says_why(rita: Browser, update: CustomerUpdate) -> None:
    assert "can’t be reached" in said(act(rita, f"updates/{update.uid}/approve/", update))
    assert update.state == "draft"


def test_a_pause_leaves_the_draft_out_too(rita: Browser, update: CustomerUpdate) -> None:
    place = f"updates/{update.uid}/"
    assert "why" in said(act(rita, f"{place}pause/", update, reason=" "))
    act(rita, f"{place}pause/", update, reason="Abroad")
    plan = UpdatePlan.objects.get()
    assert (update.state, update.reason, plan.pause_reason) == ("skipped", "Abroad", "Abroad")
    assert "from today" in said(act(rita, f"{place}resume/", update))
    assert not UpdatePlan.objects.get().is_paused


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_a_job_without_a_plan_has_none_to_pause(rita: Browser, update: CustomerUpdate, verb: str) -> None:
    UpdatePlan.objects.all().delete()
    act(rita, f"updates/{update.uid}/{verb}/", update, status=404, reason="Abroad")


@pytest.mark.parametrize("verb", ["approve", "edit", "skip", "pause", "resume", "send-again", "leave"])
def test_an_update_of_a_colleagues_customer_is_not_found(
    cast: Cast, house: House, rita: Browser, update: CustomerUpdate, verb: str
) -> None:
    Job.objects.update(member=house.mona)
    for who in (rita, Browser(cast.other, cast.otto)):
        who.post(f"updates/{update.uid}/{verb}/", {"version": update.form_version}, status=404)


def test_an_update_that_is_gone_leads_to_its_job_where_one_is_named(house: House, rita: Browser) -> None:
    rita.get(f"updates/{uuid4()}/", status=404)
    rita.get(f"updates/{uuid4()}/?job=x", status=404)
    answer = rita.client.get(f"{rita.prefix}updates/{uuid4()}/?job={house.job.number}")
    assert answer["Location"].endswith(f"updates/job/{house.job.number}/")


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_the_policy_is_not_theirs_to_set(house: House, name: str) -> None:
    form = {"cadence_days": "7", "ahead_days": "1", "unseen_days": "3"}
    Browser(house, getattr(house, name)).post("updates/settings/set/", form, status=404)
    assert not UpdatePolicy.objects.exists()


def test_a_tenant_without_a_policy_has_the_usual_one(house: House) -> None:
    assert required_tenant_id() == house.tenant.pk
    usual: Any = update_policy()
    assert (usual.cadence_days, usual.ahead_days, usual.unseen_days, usual.sends_itself) == (14, 2, 5, False)
