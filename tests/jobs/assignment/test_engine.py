"""The engine on leads: placed as they come in, drained in order, logged; moved by an absence, and given back."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from crm.jobs.assignment import absences, engine, retention, wake
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Pipeline, Side
from crm.jobs.models.assignment import (
    Absence,
    AssignmentPolicy,
    AssignmentRule,
    Availability,
    Capacity,
    Placement,
    Skill,
    Territory,
    Tier,
)
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.people.models import Company, Property
from crm.platform.models import Due, Member, Team
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from leads.assignment import LEADS
from leads.new_lead import NewLead, open_lead
from tests.cast import Cast, House
from tests.queries import data_queries

KIND = "leads"
# A Wednesday, in office hours.
WORKDAY = datetime(2026, 3, 4, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_office_hours() -> Iterator[None]:
    with clock.at(WORKDAY):
        yield


def team(house: House, *members: Member, name: str = "Sales") -> Team:
    row = Team.create(name, by=house.ada)
    for member in members:
        row.add(member, by=house.ada)
    return row


def rule(house: House, **fields: object) -> AssignmentRule:
    return AssignmentRule.add(KIND, str(fields.pop("name", "All")), by=house.ada, **fields)


def leads(count: int, **fields: object) -> list[Job]:
    return [open_job(title=f"Lead {at}", by=None, **fields) for at in range(count)]


def default_pipeline() -> Pipeline:
    return pipeline_setup().default_pipeline


def holders() -> Counter[str | None]:
    return Counter(Job.objects.filter(title__startswith="Lead").values_list("member__name", flat=True))


def test_without_a_rule_nothing_changes(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        (job,) = leads(1)
        assert engine.assign(KIND, job) is None
        assert engine.drain(KIND) == 0
        wake.drain_soon(KIND)
        assert not Due.objects.filter(kind=wake.DRAIN).exists()
        assert (holders(), Placement.objects.count()) == ({None: 1}, 0)


def test_a_queue_is_shared_evenly_and_each_row_knows_why(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        placed_by = rule(house, team=team(house, house.rita, house.mona, house.sam))
        jobs = leads(9)
        # Rita has one more already: she gets the last.
        assert engine.drain(KIND) == 9
        assert holders() == {"Mona Manager": 3, "Sam Service": 3, "Rita Rep": 3}
        logged = list(Placement.objects.order_by("pk"))
        assert [one.subject_id for one in logged] == [job.pk for job in jobs]
        assert {(one.rule_id, one.absence_id) for one in logged} == {(placed_by.pk, None)}
        assert all(one.candidates[0][0] == one.member_id and len(one.candidates) == 3 for one in logged)
        assert engine.drain(KIND) == 0


def test_rules_match_from_the_top_and_ask_for_skill_and_territory(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        everybody = team(house, house.rita, house.mona, house.sam)
        metal, coast = Skill.add("Metal", by=None), Territory.add("Coast", postal_codes=["336"], by=None)
        metal.give_to([house.mona, house.sam], by=None)
        coast.edit(name="Coast", postal_codes=["336"], states=["TX"], members=[house.sam], by=None)
        rule(house, name="Urgent", priority=1, team=everybody, skill=metal, uses_territory=True)
        rule(house, name="Rest", last_resort=house.ada, team=team(house, name="Empty"))
        site = Property.objects.create(street="1 Bay St", postcode="33611", region="FL", country="US")
        texas = Property.objects.create(street="2 Bay St", postcode="9", region="tx", country="US")
        urgent, southern, rest = (*leads(1, priority=1, site=site), *leads(1, priority=1, site=texas), *leads(1))
        given = [engine.assign(KIND, job) for job in (urgent, southern, rest)]
        assert [(one.member_id, one.tier) for one in given if one] == [
            (house.sam.pk, given[0].tier),
            (house.sam.pk, given[0].tier),
            (house.ada.pk, Tier.LAST),
        ]


def test_capacity_is_weighted_and_a_freed_slot_drains(cast: Cast) -> None:
    """chatwoot#10583, #9587: the queue was never drained."""
    house = cast.house
    with use_tenant(house.tenant):
        rule(house, team=team(house, house.rita))
        AssignmentPolicy.set(KIND, limit=50, waiting_percent=50, by=None)
        Capacity.set(house.rita, KIND, 2, by=None)
        first, second, third = leads(3)
        # Rita has the cast's lead, which waits on us: one more is room for one.
        assert engine.drain(KIND) == 1
        assert Placement.objects.latest_of(KIND, [second.pk, third.pk]).values_list("tier", flat=True)[0] == Tier.NOBODY
        wake.drain_due([AssignmentPolicy.of(KIND).pk])
        said = Placement.objects.filter(member=None).count()
        assert said == 2, "that they still wait is not said again"
        first.refresh_from_db()
        first.drop("spam", by=None)
        assert engine.drain(KIND) == 1


def test_an_absence_hands_over_what_waits_on_us_and_gives_it_back(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        now = clock.now()
        away = Absence.plan(house.rita, now, now + timedelta(days=5), cover=house.mona, by=house.mona)
        absences.begin([away.pk])
        absences.begin([away.pk])
        assert Job.objects.get(pk=house.job.pk).member == house.mona
        with clock.at(now + timedelta(days=6)):
            absences.end([away.pk])
            assert Job.objects.get(pk=house.job.pk).member == house.rita
        assert list(Placement.objects.order_by("pk").values_list("tier", flat=True)) == [Tier.COVER, Tier.RETURNED]


def test_without_cover_the_rules_decide_and_never_the_absent_one(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        rule(house, team=team(house, house.rita, house.sam))
        now = clock.now()
        Availability.pause(house.sam, by=None)
        away = Absence.plan(house.rita, now, None, by=house.rita)
        absences.begin([away.pk])
        assert Job.objects.get(pk=house.job.pk).member is None, "it waits in the queue, not with who went home"
        Availability.resume(house.sam, by=None)
        assert engine.drain(KIND) == 1
        assert Job.objects.get(pk=house.job.pk).member == house.sam


def test_what_a_customer_answers_while_its_member_is_away_moves_and_what_was_given_on_stays_there(cast: Cast) -> None:
    """chatwoot#7204, #4158: stuck with somebody who went home."""
    house = cast.house
    with use_tenant(house.tenant):
        house.job.turn_to(Side.CUSTOMER, by=None)
        now = clock.now()
        away = Absence.plan(house.rita, now, now + timedelta(days=5), cover=house.mona, by=house.mona)
        absences.begin([away.pk])
        job = Job.objects.get(pk=house.job.pk)
        assert job.member == house.rita, "it waits on the customer"
        job.turn_to(Side.US, by=None)
        absences.relieve(KIND, job)
        job.refresh_from_db()
        assert job.member == house.mona
        absences.relieve(KIND, job)
        assert Placement.objects.count() == 1, "Mona is here"
        job.assign_to(house.sam, by=house.mona)
        with clock.at(now + timedelta(days=6)):
            absences.end([away.pk])
        job.refresh_from_db()
        assert job.member == house.sam, "somebody decided otherwise meanwhile"


def test_who_gives_it_back_does_not_get_it_again(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        rule(house, team=team(house, house.mona, house.sam))
        (job,) = leads(1)
        engine.assign(KIND, job)
        first = Job.objects.get(pk=job.pk)
        other = house.sam if first.member == house.mona else house.mona
        first.assign_to(None, by=first.member)
        Availability.pause(other, by=None)
        assert engine.drain(KIND) == 0
        Availability.resume(other, by=None)
        assert engine.drain(KIND) == 1
        assert Job.objects.get(pk=job.pk).member == other


def test_all_are_away_overnight_and_the_morning_finds_what_waited(cast: Cast) -> None:
    """chatwoot#5672, #10685: unassigned for ever once nobody was there. Presence is hours, not a socket (#5436)."""
    house, night = cast.house, WORKDAY - timedelta(hours=10)
    with use_tenant(house.tenant), clock.at(night):
        rule(house, team=team(house, house.mona, house.sam), waits_for_hours=True)
        new = open_lead(NewLead(uuid4(), "Lead by night", directory().default_brand, default_pipeline()), by=house.rita)
        assert new.member is None
        assert Placement.objects.get().tier == Tier.WAITS
        policy = AssignmentPolicy.of(KIND)
        wake.drain_due([policy.pk])
        # Within the hour, and with the first click.
        again = Due.objects.get(kind=wake.DRAIN)
        assert (again.subject_id, again.due_at) == (policy.pk, night + timedelta(hours=1))
        with clock.at(night + timedelta(hours=7, minutes=30)):
            assert wake.next_chance(clock.now()) == night + timedelta(hours=8), "8:00 in New York"
    with use_tenant(house.tenant):
        Member.objects.note_seen(house.sam.pk, clock.now())
        assert Due.objects.get(kind=wake.DRAIN).due_at == clock.now()
        wake.drain_due([policy.pk])
        assert Job.objects.get(pk=new.pk).member == house.sam, "Mona was not seen yet"
        assert Placement.objects.latest_of(KIND, [new.pk]).get().tier == Tier.ACTIVE


def test_who_was_not_seen_on_a_computer_is_at_work_all_the_same(cast: Cast) -> None:
    """chatwoot#5436: who works on a phone looked offline, and got nothing. Being seen only decides who comes first."""
    house = cast.house
    with use_tenant(house.tenant):
        rule(house, team=team(house, house.mona, house.sam))
        Member.objects.all().update(seen_at=None)
        (job,) = leads(1)
        assert engine.drain(KIND) == 1
        assert Placement.objects.latest_of(KIND, [job.pk]).get().tier == Tier.AWAY


def test_a_batch_costs_the_same_for_one_row_and_for_many(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        rule(house, team=team(house, house.rita, house.mona))
        leads(2)
        engine.drain(KIND, most=1)
        counts = []
        for size in (2, 30):
            leads(size)
            with data_queries() as queries:
                engine.drain(KIND, most=size)
            counts.append(len(queries))
        assert counts[0] == counts[1]


def test_old_placements_are_forgotten_but_for_why_open_work_is_with_whom(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        still_open, lost = leads(2)
        lost.lose("Price", by=house.rita)
        absent = Absence.plan(house.rita, WORKDAY - timedelta(days=200), None, by=None)
        for nth, days in enumerate((100, 95, 91, 1)):
            at = WORKDAY - timedelta(days=days)
            rows = [
                Placement(kind=KIND, subject_id=job.pk, member=house.sam, tier=Tier.ACTIVE, at=at)
                for job in (still_open, lost)
                if days > 1 or job == lost
            ]
            rows[0].absence = absent if nth == 0 else None
            Placement.objects.bulk_create(rows)
        retention.forget([])
        kept = [(one.subject_id, (WORKDAY - one.at).days) for one in Placement.objects.order_by("pk")]
        assert kept == [(still_open.pk, 100), (still_open.pk, 91), (lost.pk, 1)], "by the absence it comes back"


def test_a_rule_without_a_team_gives_leads_to_those_who_sell(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        rule(house)
        engine.assign(KIND, leads(1)[0])
        considered = [line[0] for line in Placement.objects.get().candidates]
    assert considered == [house.rita.pk]


def test_a_rule_may_be_about_one_pipeline(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other = Pipeline.add("Repair", by=house.ada)
        found = rule(house, pipeline=other)
        (there,) = leads(1, pipeline=other)
        (elsewhere,) = leads(1)
        named = [engine.rule_for(facts, [found]) for facts in LEADS.facts([there, elsewhere])]
    assert named == [found, None]


@pytest.mark.parametrize(
    ("work_type", "is_firm", "wanted"), [("", True, True), ("", False, False), ("business", False, True)]
)
def test_work_is_commercial_by_its_pipeline_or_its_customer(
    cast: Cast, work_type: str, is_firm: bool, wanted: bool
) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        default_pipeline().set_work_type(work_type, by=house.ada)
        found = rule(house, work_type="business")
        company = Company.objects.create(name="Gulf Dental") if is_firm else None
        (facts,) = LEADS.facts(leads(1, company=company))
    assert engine.is_about(found, facts) is wanted
