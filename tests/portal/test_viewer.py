"""What somebody sees of the portal: by their role, by name, by a link alone, by a share, and as a colleague."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from portal.access import links
from portal.access.entrance import brand_for
from portal.access.policy import SECTIONS, sections_of
from portal.access.viewer import Level, PortalViewer
from portal.models import JobShare, PortalAccess, RoleVisibility
from tests.cast import Cast, House

See = Callable[..., PortalViewer]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.get(pk=house.job.pk)
    return row


@pytest.fixture
def see(house: House) -> See:
    """Look as somebody, known as surely as `level` says; by a link: to `job`."""

    def look(person: Person, level: Level = Level.SESSION, *, job: Job | None = None, **more: Any) -> PortalViewer:
        access = PortalAccess.invite(person, by=None)
        link = links.make_link(person, job=job) if level == Level.LINK else None
        return PortalViewer(person, brand_for(person.pk), level, access, link=link, **more)

    return look


@pytest.fixture
def nora(house: House) -> Person:
    found: Person = Person.objects.create(name="Nora")
    return found


def sections(viewer: PortalViewer, job: Job) -> set[str]:
    return {name for name in SECTIONS if viewer.may(job, name)}


def test_a_customer_sees_all_of_their_job_with_a_code(house: House, job: Job, see: See) -> None:
    assert sections(see(house.cora), job) == set(sections_of("customer"))


def test_a_link_alone_shows_neither_money_nor_claim(house: House, job: Job, see: See) -> None:
    shown = sections(see(house.cora, Level.LINK, job=job), job)
    assert shown
    assert not shown & {"money", "claim"}


def test_of_somebody_elses_job_nothing_is_seen(house: House, job: Job, nora: Person, see: See) -> None:
    viewer = see(nora)
    assert (sections(viewer, job), list(viewer.jobs()), viewer.roles(job)) == (set(), [], frozenset())


def test_a_section_that_is_none_is_a_mistake(house: House, job: Job, see: See) -> None:
    with pytest.raises(ValueError, match="secrets"):
        see(house.cora).may(job, "secrets")


@pytest.mark.parametrize("role", [role.value for role in JobParty.PartyRole if role != JobParty.PartyRole.CUSTOMER])
def test_each_role_sees_what_the_policy_says(house: House, job: Job, nora: Person, see: See, role: str) -> None:
    JobParty.involve(job, nora, role, by=house.rita)
    assert sections(see(nora), job) == set(sections_of(role))


def test_two_roles_see_what_either_sees(house: House, job: Job, nora: Person, see: See) -> None:
    for role in ("adjuster", "spouse"):
        JobParty.involve(job, nora, role, by=house.rita)
    assert sections(see(nora), job) == set(sections_of("adjuster") | sections_of("spouse"))


def test_a_tenant_chooses_what_a_role_sees(house: House, job: Job, nora: Person, see: See) -> None:
    JobParty.involve(job, nora, "adjuster", by=house.rita)
    RoleVisibility.choose({"adjuster": ["documents"]}, by=house.ada)
    assert sections(see(nora), job) == {"documents"}


def test_what_somebody_sees_by_name_comes_before_their_role(house: House, job: Job, see: See) -> None:
    viewer = see(house.cora)
    viewer.access.see({"money": False}, by=house.mona)
    assert not viewer.may(job, "money")
    assert viewer.may(job, "messages")


def test_more_by_name_is_not_more_by_a_link(house: House, job: Job, see: See) -> None:
    viewer = see(house.cora, Level.LINK, job=job)
    viewer.access.see({"money": True}, by=house.mona)
    assert not viewer.may(job, "money")


def test_more_by_name_is_nothing_of_somebody_elses_job(house: House, job: Job, nora: Person, see: See) -> None:
    viewer = see(nora)
    viewer.access.see({"money": True}, by=house.mona)
    assert not viewer.may(job, "money")


@pytest.mark.parametrize(("sees_money", "missing"), [(True, set()), (False, {"money"})])
def test_a_share_shows_what_was_chosen(
    house: House, job: Job, nora: Person, see: See, sees_money: bool, missing: set[str]
) -> None:
    JobShare.share(job, nora, "other", sees_money=sees_money, by_customer=house.cora)
    assert set(SECTIONS) - sections(see(nora), job) == missing


def test_a_share_that_is_ended_shows_nothing(house: House, job: Job, nora: Person, see: See) -> None:
    JobShare.share(job, nora, "other", sees_money=True, by_customer=house.cora).end(by=None)
    assert sections(see(nora), job) == set()


def test_a_job_that_was_dropped_is_gone(house: House, job: Job, see: See) -> None:
    job.drop("Spam", by=house.rita)
    assert list(see(house.cora).jobs()) == []


def test_a_customer_corrected_since_is_none(house: House, job: Job, nora: Person, see: See) -> None:
    JobParty.objects.get_or_create(job=job, person=house.cora, role="customer")
    Job.objects.filter(pk=job.pk).update(person=nora)
    job.refresh_from_db()
    assert see(house.cora).roles(job) == frozenset()


def test_a_link_opens_its_job_and_others_of_its_place(house: House, job: Job, see: See) -> None:
    beside = open_job(title="Gutter", person=house.cora, site=job.site, by=house.rita)
    elsewhere = open_job(title="Elsewhere", person=house.cora, by=house.rita)
    viewer = see(house.cora, Level.LINK, job=job)
    assert set(viewer.jobs()) == {job, beside}
    assert elsewhere in see(house.cora).jobs()


def test_a_link_to_a_job_without_a_place_opens_that_job_alone(house: House, job: Job, see: See) -> None:
    alone, _other = (open_job(title=title, person=house.cora, by=house.rita) for title in ("One", "Two"))
    assert list(see(house.cora, Level.LINK, job=alone).jobs()) == [alone]


def test_a_link_to_all_their_places_opens_with_a_code(house: House, job: Job, see: See) -> None:
    viewer = see(house.cora, Level.LINK)
    assert (viewer.needs_code_for_all, list(viewer.jobs())) == (True, [])


def test_a_form_is_heard_with_a_code_and_of_no_colleague(house: House, job: Job, see: See) -> None:
    viewers = (
        see(house.cora),
        see(house.cora, Level.LINK, job=job),
        see(house.cora, member=house.rita),
    )
    assert [viewer.may_act for viewer in viewers] == [True, False, False]


def test_a_colleague_who_looks_sees_no_job_that_is_not_theirs(house: House, job: Job, see: See) -> None:
    other = open_job(title="Mona's", person=house.cora, member=house.mona, by=house.mona)
    assert list(see(house.cora, member=house.rita).jobs()) == [job]
    assert set(see(house.cora, member=house.mona).jobs()) == {job, other}


@pytest.mark.parametrize(("role", "answers"), [("spouse", True), ("resident", False), ("adjuster", False)])
def test_who_shares_the_household_answers_for_the_customer(
    house: House, job: Job, nora: Person, see: See, role: str, answers: bool
) -> None:
    JobParty.involve(job, nora, role, by=house.rita)
    assert see(nora).may_answer(job, None) is answers
    assert see(nora).may_answer(job, nora.pk)


def test_what_is_asked_of_the_adjuster_is_not_the_customers(house: House, job: Job, nora: Person, see: See) -> None:
    JobParty.involve(job, nora, "adjuster", by=house.rita)
    assert not see(house.cora).may_answer(job, nora.pk)


def test_a_spouse_with_a_link_alone_answers_for_nobody(house: House, job: Job, nora: Person, see: See) -> None:
    JobParty.involve(job, nora, "spouse", by=house.rita)
    assert not see(nora, Level.LINK, job=job).may_answer(job, None)


def test_the_customer_shares_their_job_and_who_is_shared_with_shares_it_no_further(
    house: House, job: Job, nora: Person, see: See
) -> None:
    JobShare.share(job, nora, "other", sees_money=True, by_customer=house.cora)
    assert (see(house.cora).may_share(job), see(nora).may_share(job)) == (True, False)
