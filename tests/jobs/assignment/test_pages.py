"""The pages of assignment: rules with a preview, skills, territories, workload; everybody's own availability."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from crm.jobs.assignment import engine
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.assignment import Absence, AssignmentPolicy, AssignmentRule, Capacity, Placement, Skill, Territory
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform.models import Due, Member, Team
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, Cast, House
from tests.markup import flat
from tests.queries import data_queries

SETTINGS = f"/{HOUSE}/settings/"
RULES = f"{SETTINGS}assignment/"
HTMX = {"HX-Request": "true"}
WORKDAY = datetime(2026, 3, 4, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_office_hours() -> Iterator[None]:
    with clock.at(WORKDAY):
        yield


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def version(client: Client, page: str) -> str:
    return re.search(r'name="version" value="(\w+)"', client.get(page).content.decode())[1]  # type: ignore[index]


def words(response: object) -> str:
    return flat(response.content.decode())  # type: ignore[attr-defined]


def own_page(member: Member) -> str:
    return f"/{HOUSE}/availability/{member.uid}/"


def test_a_rule_is_tried_before_it_is_saved_and_then_gives(house: House) -> None:
    with use_tenant(house.tenant):
        team = Team.create("Sales", by=None)
        for member in (house.rita, house.sam):
            team.add(member, by=None)
        for at in range(4):
            open_job(title=f"Lead {at}", by=None)
    mona, add = signed_in(house.mona), f"{RULES}leads/add/"
    form = {"name": "All", "team": team.pk, "strategy": "fewest", "is_sticky": "on"}
    tried = mona.post(add, form | {"preview": "1"})
    # The cast's lead is tried as well; Cora is known to nobody else.
    assert "of the last 5 it is about 5" in words(tried)
    assert re.findall(r"<b class=\"push\">(\d+)</b>", tried.content.decode())[:2] == ["3", "2"]
    assert mona.post(add, form).status_code == 302
    assert mona.post(add, form).status_code == 422, "the name is taken"
    shown = words(mona.get(RULES))
    assert "to the member of Sales with the least open work, prefers who knows the customer" in shown
    assert "4 wait" in shown
    with use_tenant(house.tenant):
        rule = AssignmentRule.objects.get()
        assert engine.drain("leads") == 4
    page = f"{RULES}rules/{rule.uid}/"
    first = version(mona, page)
    form |= {"version": first, "waits_for_hours": "on", "last_resort": house.ada.pk}
    assert mona.post(page, form).status_code == 302
    lost = mona.post(page, form | {"name": "Mine"})
    assert (lost.status_code, "Someone else changed this" in words(lost)) == (409, True)
    assert "fallback: Ada Admin" in words(mona.get(RULES))
    with use_tenant(house.tenant):
        job = Job.objects.get(title="Lead 0")
        holder = Member.objects.get(pk=job.member_id)
    told = words(mona.get(f"/{HOUSE}/leads/{job.number}/"))
    assert f"Why assigned to {holder.name}" in told
    assert "Least open work of those who qualify" in told
    assert "Rule “All”" in told
    with use_tenant(house.tenant):
        job.assign_to(house.ada, by=house.mona)
    assert f"First assigned to {holder.name}, reassigned later" in words(mona.get(f"/{HOUSE}/leads/{job.number}/"))
    with use_tenant(house.tenant):
        Placement.objects.create(kind="leads", subject_id=job.pk, member=None, tier="no_rule")
    told = words(mona.get(f"/{HOUSE}/leads/{job.number}/"))
    assert ("Why it was unassigned at first" in told, "Why unassigned" in told) == (True, False), (
        "somebody has it by now"
    )


def test_rules_are_ordered_and_switched_off_and_limits_are_set(house: House) -> None:
    with use_tenant(house.tenant):
        first, second = (AssignmentRule.add("leads", name, by=None) for name in ("First", "Second"))
    mona = signed_in(house.mona)

    def act(verb: str, **data: object) -> int:
        sent = {"version": version(mona, RULES), **data}
        return mona.post(f"{RULES}{verb}/", sent, headers=HTMX).status_code

    assert act(f"rules/{second.uid}/move", direction="up") == 200
    assert act(f"rules/{first.uid}/archive") == 200
    assert act("leads/policy", limit="5", waiting_percent="50", away_minutes="30") == 200
    assert act("leads/policy", limit="-1", waiting_percent="50", away_minutes="30") == 422
    with use_tenant(house.tenant):
        assert [rule.name for rule in assignment_setup().rules_of("leads")] == ["Second"]
        assert AssignmentPolicy.of("leads").limit == 5
        assert AssignmentRule.objects.get(pk=first.pk).position == 1
    assert act(f"rules/{first.uid}/restore") == 200


def test_skills_and_territories(house: House) -> None:
    mona = signed_in(house.mona)
    skills, areas = f"{SETTINGS}skills/", f"{SETTINGS}territories/"
    mona.post(f"{skills}add/", {"name": "Metal", "version": version(mona, skills)})
    again = mona.post(f"{skills}add/", {"name": "metal", "version": version(mona, skills)}, headers=HTMX)
    assert again.status_code == 422
    assert 'value="metal"' in again.content.decode()
    mona.post(f"{areas}add/", {"name": "Coast", "postal_codes": "336, 337-01", "version": version(mona, areas)})
    with use_tenant(house.tenant):
        skill, area = Skill.objects.get(), Territory.objects.get()
    people = {"members": [str(house.rita.uid), str(house.sam.uid)]}
    saved = {"name": "Metal roofs", "version": version(mona, skills), **people}
    assert "Rita Rep, Sam Service" in words(mona.post(f"{skills}{skill.pk}/edit/", saved, headers=HTMX))
    edited = {"name": "Coast", "postal_codes": "336\n33701", "states": "ga; FL", "version": version(mona, areas)}
    assert "FL, GA · 336, 33701" in words(mona.post(f"{areas}{area.pk}/edit/", edited | people, headers=HTMX))
    long = edited | {"postal_codes": "1" * 20, "version": version(mona, areas)}
    assert mona.post(f"{areas}{area.pk}/edit/", long, headers=HTMX).status_code == 422
    with use_tenant(house.tenant):
        assert assignment_setup().skills_of[house.sam.pk] == {skill.pk}
        assert assignment_setup().covering("336 05", "") == assignment_setup().covering("", "fl") == {area.pk}
        assert assignment_setup().covering("34", "TX") == frozenset()
    assert "Metal roofs" in words(mona.get(f"{SETTINGS}workload/"))
    mona.post(f"{skills}{skill.pk}/archive/", {"version": version(mona, skills)})
    with use_tenant(house.tenant):
        assert assignment_setup().skills_of == {}


def test_everybody_sets_their_own_availability_and_managers_that_of_all(house: House) -> None:
    rita, mona, page = signed_in(house.rita), signed_in(house.mona), own_page(house.rita)

    def act(client: Client, verb: str, **data: object) -> object:
        return client.post(f"{page}{verb}/", {"version": version(client, page), **data}, headers=HTMX)

    assert page in rita.get(f"/{HOUSE}/leads/").content.decode()
    assert "You get no new work through Fri, Mar 6" in words(act(rita, "pause", until="2026-03-06"))
    assert act(rita, "pause", until="2026-03-01").status_code == 422  # type: ignore[attr-defined]
    with use_tenant(house.tenant):
        # Midnight after that day, in New York.
        assert assignment_setup().availability[house.rita.pk].paused_until == datetime(2026, 3, 7, 5, tzinfo=UTC)
        assert Due.objects.get(kind="assignment.back").subject_id == house.rita.pk
    act(rita, "resume")
    noted = {"starts": "2026-03-09", "ends": "2026-03-11", "cover": str(house.mona.uid), "note": "Denver"}
    assert "Mon, Mar 9 to Wed, Mar 11" in words(act(rita, "absences/add", **noted))
    twice = act(rita, "absences/add", **noted)
    assert twice.status_code == 422
    assert 'value="Denver"' in twice.content.decode()
    assert act(rita, "absences/add", starts="2026-04-02", ends="2026-04-01").status_code == 422  # type: ignore[attr-defined]
    assert "Mona Manager covers" in words(mona.get(f"{SETTINGS}workload/"))
    assert act(rita, "limits", leads="3").status_code == 404  # type: ignore[attr-defined]
    assert act(mona, "limits", leads="3").status_code == 200  # type: ignore[attr-defined]
    with use_tenant(house.tenant):
        assert Capacity.objects.get().limit == 3
        absence = Absence.objects.get()
        assert (absence.starts_at, absence.ends_at) == (
            datetime(2026, 3, 9, 4, tzinfo=UTC),
            datetime(2026, 3, 12, 4, tzinfo=UTC),
        )
    longer = act(rita, f"absences/{absence.pk}/change", **noted | {"ends": "2026-03-13", "gives_back": "on"})
    assert "Mon, Mar 9 to Fri, Mar 13" in words(longer)
    assert 'value="2026-03-13"' in longer.content.decode()  # type: ignore[attr-defined]
    act(rita, f"absences/{absence.pk}/end")
    with use_tenant(house.tenant):
        assert not Absence.objects.exists()
        assert not Due.objects.filter(kind__startswith="assignment.absence").exists()
    other = own_page(house.sam)
    assert rita.get(other).status_code == 404
    assert mona.get(other).status_code == 200


def test_the_workload_costs_the_same_for_more_rules_and_members(house: House) -> None:
    mona, counts = signed_in(house.mona), []
    for count in (1, 6):
        with use_tenant(house.tenant):
            for at in range(count):
                AssignmentRule.add("leads", f"Rule {count} {at}", by=None)
                start = clock.now() + timedelta(days=30 * at + 100 * count)
                Absence.plan(house.rita, start, start + timedelta(days=1), by=None)
        for page in (RULES, f"{SETTINGS}workload/"):
            mona.get(page)
            with data_queries() as queries:
                mona.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
