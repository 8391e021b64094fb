"""The way into the portal and what hangs on it: each verb, twice, and what it takes away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import RequestFactory

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from portal.access import sessions
from portal.models import (
    JobShare,
    Onboarding,
    PlaceAnswer,
    PortalAccess,
    PortalCode,
    PortalDevice,
    PortalLink,
    RoleVisibility,
)
from portal.models.code import LASTS, TRIES
from portal.models.onboarding import Step
from portal.models.share import MOST_A_DAY
from tests.cast import Cast, House
from tests.portal.conftest import point_of


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.get(pk=house.job.pk)
    return row


@pytest.fixture
def access(house: House) -> PortalAccess:
    return PortalAccess.invite(house.cora, by=house.rita)


@pytest.fixture
def nora(house: House) -> Person:
    found: Person = Person.objects.create(name="Nora")
    return found


def device(access: PortalAccess) -> PortalDevice:
    made, _secret = sessions.begin_session(access, RequestFactory().get("/"))
    return made


def recorded(kind: str) -> int:
    return int(Event.objects.filter(kind=kind).count())


def test_invited_twice_nothing_changes(house: House, access: PortalAccess) -> None:
    again = PortalAccess.invite(house.cora, by=house.mona)
    assert (again.pk, again.invited_by, recorded("portal.invited")) == (access.pk, house.rita, 1)


def test_who_was_let_out_is_invited_anew(house: House, access: PortalAccess) -> None:
    access.revoke(by=house.mona)
    again = PortalAccess.invite(house.cora, by=house.mona)
    assert (again.state, again.revoked_at, again.invited_by, recorded("portal.invited")) == (
        *("invited", None, house.mona),
        2,
    )


def test_taken_away_every_device_and_link_is_over(house: House, access: PortalAccess) -> None:
    device(access)
    for _time in range(2):
        access.revoke(by=house.mona)
    assert (access.is_open, access.devices.count(), recorded("portal.revoked")) == (False, 0, 1)
    assert access.links_since is not None


def test_one_device_is_signed_out_and_not_the_others(house: House, access: PortalAccess) -> None:
    first, second = device(access), device(access)
    for _time in range(2):
        access.forget(first, by=None)
    assert (list(access.live_devices()), recorded("portal.device_forgotten")) == ([second], 1)


def test_a_device_of_somebody_else_is_not_signed_out(house: House, access: PortalAccess, nora: Person) -> None:
    other = device(PortalAccess.invite(nora, by=None))
    access.forget(other, by=None)
    assert (PortalDevice.objects.count(), recorded("portal.device_forgotten")) == (1, 0)


def test_all_devices_but_the_one_at_hand(house: House, access: PortalAccess) -> None:
    here, _other = device(access), device(access)
    access.forget_all(but=here, by=None)
    assert list(access.live_devices()) == [here]
    access.forget_all(by=house.mona)
    assert not access.live_devices().exists()


def test_a_device_is_remembered_for_thirty_days(access: PortalAccess) -> None:
    device(access)
    with clock.at(clock.now() + timedelta(days=29, hours=23)):
        assert access.live_devices().exists()
    with clock.at(clock.now() + timedelta(days=30)):
        assert not access.live_devices().exists()


def test_what_they_see_by_name_is_recorded_once(house: House, access: PortalAccess) -> None:
    for _time in range(2):
        access.see({"money": False}, by=house.mona)
    assert (access.overrides, recorded("portal.seeing_changed")) == ({"money": False}, 1)


def test_the_first_visit_makes_it_active_and_is_recorded_once(access: PortalAccess) -> None:
    first = clock.now()
    for minutes in (0, 30):
        access.visit(first + timedelta(minutes=minutes))
    access.refresh_from_db()
    assert (access.state, access.first_seen_at) == ("active", first)
    assert (access.seen_at, recorded("portal.entered")) == (first + timedelta(minutes=30), 1)


def test_an_address_is_confirmed_by_its_code(house: House, access: PortalAccess) -> None:
    access.confirm(point_of(house.cora))
    assert point_of(house.cora).verified_at is not None


def test_an_address_that_another_has_confirmed_is_not_confirmed_again(
    house: House, access: PortalAccess, nora: Person
) -> None:
    mine = point_of(house.cora)
    ContactPoint.objects.create(person=nora, kind="email", value=mine.value, verified_at=clock.now())
    access.confirm(mine)
    assert point_of(house.cora).verified_at is None


def test_a_link_is_bound_to_the_first_browser_and_told_of_once(house: House, access: PortalAccess, job: Job) -> None:
    for browser in ("mine", "mine", "another", "another"):
        PortalLink.show(access, "digest", browser, job=job)
    row = PortalLink.objects.get()
    assert (row.browser, row.forwarded_to) == ("mine", "another")
    assert (recorded("portal.link_opened"), recorded("portal.link_forwarded")) == (1, 1)


def test_codes_forgotten_are_recorded_where_there_were_some(house: House, access: PortalAccess) -> None:
    access.reopen(by=house.mona)
    assert recorded("portal.reopened") == 0
    PortalCode.ask(point_of(house.cora).value)
    for _time in range(2):
        access.reopen(by=house.mona)
    assert (PortalCode.objects.count(), recorded("portal.reopened")) == (0, 1)


@pytest.fixture
def asked(house: House, access: PortalAccess) -> tuple[PortalCode, str]:
    """A code that was sent to Cora."""
    row = PortalCode.ask(point_of(house.cora).value)
    return row, row.make(point_of(house.cora))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_lets_in_once(house: House, asked: tuple[PortalCode, str]) -> None:
    row, code = asked
    assert row.take(code) == point_of(house.cora)
    assert row.take(code) is None


def test_a_code_lasts_ten_minutes(asked: tuple[PortalCode, str]) -> None:
    row, code = asked
    with clock.at(row.asked_at + LASTS - timedelta(seconds=1)):
        assert row.accepts(code)
    with clock.at(row.asked_at + LASTS):
        assert not row.accepts(code)


@pytest.mark.parametrize(("tries", "lets_in"), [(TRIES - 1, True), (TRIES, False)])
def test_a_code_stands_five_tries(asked: tuple[PortalCode, str], tries: int, lets_in: bool) -> None:
    row, code = asked
    for _try in range(tries):
        assert not row.accepts(wrong(code))
    assert row.accepts(code) is lets_in


def test_a_right_code_counts_as_no_try(asked: tuple[PortalCode, str]) -> None:
    row, code = asked
    row.accepts(wrong(code))
    row.accepts(code)
    assert row.tries == 1


def test_a_code_of_nobody_lets_nobody_in(house: House) -> None:
    row = PortalCode.ask("stranger@x.example")
    assert not any(row.accepts(code) for code in ("", "-", "000000"))


def test_a_code_is_kept_as_its_hash_alone(asked: tuple[PortalCode, str]) -> None:
    row, code = asked
    row.refresh_from_db()
    assert code not in (row.digest, row.key, row.address)
    assert len(row.digest) == 64


def test_codes_of_yesterday_are_forgotten(asked: tuple[PortalCode, str]) -> None:
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        PortalCode.ask("somebody@x.example")
    assert not PortalCode.objects.filter(pk=asked[0].pk).exists()


def test_a_step_of_onboarding_is_confirmed_once(house: House) -> None:
    row = Onboarding.start(house.cora)
    assert Onboarding.start(house.cora).pk == row.pk
    for _time in range(2):
        row.confirm(Step.PLACES)
    assert (list(row.confirmed), recorded("onboarding.confirmed")) == (["places"], 1)


@pytest.mark.parametrize(("done", "kind"), [(True, "onboarding.finished"), (False, "onboarding.put_aside")])
def test_onboarding_ends_once(house: House, done: bool, kind: str) -> None:
    row = Onboarding.start(house.cora)
    row.end(done=done)
    row.end(done=not done)
    ended = Event.objects.filter(kind__in=("onboarding.finished", "onboarding.put_aside"))
    assert list(ended.values_list("kind", flat=True)) == [kind]
    assert not Onboarding.objects.under_way().exists()


def test_a_place_is_theirs_as_the_last_word_says(house: House, job: Job, nora: Person) -> None:
    PlaceAnswer.decline(nora, job, by=house.rita)
    PlaceAnswer.link(nora, job, "resident", by=house.mona)
    row = PlaceAnswer.objects.get()
    assert (row.is_theirs, row.by, JobParty.objects.get(person=nora).role) == (True, house.mona, "resident")


def test_roles_chosen_as_they_are_record_nothing(house: House) -> None:
    for _time in range(2):
        RoleVisibility.choose({"adjuster": ["documents", "claim"]}, by=house.ada)
    assert RoleVisibility.objects.get().sections == ["claim", "documents"]
    assert recorded("portal.roles_changed") == 1


def test_a_job_is_shared_as_a_role_and_ended_once(house: House, job: Job, nora: Person) -> None:
    share = JobShare.share(job, nora, "spouse", sees_money=True, by_customer=house.cora)
    assert JobParty.objects.get(person=nora).role == "spouse"
    for _time in range(2):
        share.end(by=None)
    assert (recorded("portal.share_ended"), JobParty.objects.filter(person=nora).exists()) == (1, False)


@pytest.mark.parametrize("role", ["customer", "builder", ""])
def test_a_job_is_shared_as_no_other_role(house: House, job: Job, nora: Person, role: str) -> None:
    with pytest.raises(Refused, match="who they are"):
        JobShare.share(job, nora, role, sees_money=False, by_customer=house.cora)


def test_who_sees_the_job_already_is_not_shared_with(house: House, job: Job, nora: Person) -> None:
    JobParty.involve(job, nora, "adjuster", by=house.rita)
    for person in (house.cora, nora):
        with pytest.raises(Refused, match="already have access"):
            JobShare.share(job, person, "other", sees_money=False, by_customer=house.cora)


def test_a_share_that_was_ended_counts_for_the_day(house: House, job: Job) -> None:
    for number in range(MOST_A_DAY):
        person = Person.objects.create(name=f"Guest {number}")
        JobShare.share(job, person, "other", sees_money=False, by_customer=house.cora).end(by=None)
    last = Person.objects.create(name="One more")
    with pytest.raises(Refused, match="more people"):
        JobShare.share(job, last, "other", sees_money=False, by_customer=house.cora)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        JobShare.share(job, last, "other", sees_money=False, by_customer=house.cora)


def test_a_share_of_one_job_is_none_of_another(house: House, job: Job, nora: Person) -> None:
    other = open_job(title="Second", person=house.cora, by=house.rita)
    JobShare.share(job, nora, "other", sees_money=True, by_customer=house.cora)
    assert not JobParty.objects.filter(job=other, person=nora).exists()
