"""The lines of the home page: who sees which, what each counts, and what a member has today."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm.automation.models import Mode, Rule
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Flaw, Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.platform.models import Due, Invitation, Member, Role
from crm.platform.tenancy.context import use_tenant
from crm.web.models import HealthAlarm
from crm.web.reader import Reader
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp
from leads.models import Lead
from reports.home.admin import admin_lines
from reports.home.day import appointments_today, follow_ups_due, to_jump_on
from reports.home.line import HomeLine, HomeSection, Lines, count_sections
from reports.home.sections import KINDS, HomeRequest, sections
from tests.automation.rules import do, rule
from tests.cast import Cast, House

# A Thursday morning in New York.
NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
MARCH = DayRange(date(2026, 3, 1), date(2026, 3, 31))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


def found(
    house: House, member: Member, *keys: str, mine: bool = False, period: DayRange = MARCH
) -> dict[str, list[str]]:
    """The labels of the lines, by section."""
    asked = HomeRequest(member, house.tenant.slug, period, mine=mine)
    return {one.key: [str(line.label) for line in one.lines] for one in sections(list(keys or KINDS), asked)}


def numbers(house: House, member: Member, key: str, *, mine: bool = False) -> dict[str, tuple[str, str]]:
    """Number and that of the time before, by label."""
    asked = HomeRequest(member, house.tenant.slug, MARCH, mine=mine)
    [section] = count_sections(sections([key], asked))
    return {str(one.line.label): (one.number, one.before) for one in section.lines}


@pytest.mark.parametrize(
    ("name", "sees"),
    [("mona", set(KINDS)), ("ada", set(KINDS)), ("rita", set(KINDS) - {"money"}), ("sam", set(KINDS) - {"money"})],
)
def test_each_role_has_the_sections_it_may_see(house: House, name: str, sees: set[str]) -> None:
    assert set(found(house, getattr(house, name))) == sees


def test_sections_stand_in_the_order_asked_for(house: House) -> None:
    assert list(found(house, house.mona, "followups", "leads", "answers")) == ["followups", "leads", "answers"]


def test_a_section_that_is_no_more_is_left_out(house: House) -> None:
    assert list(found(house, house.mona, "nonesuch", "leads")) == ["leads"]


def test_what_nobody_has_is_no_line_of_a_members_own(house: House) -> None:
    everybodys, own = (found(house, house.mona, "leads", "answers", mine=mine) for mine in (False, True))
    assert ("Unclaimed" in everybodys["leads"], "Unclaimed" in own["leads"]) == (True, False)
    assert everybodys["answers"] == own["answers"], "who may answer sees what nobody answers"


def test_money_is_never_a_members_own(house: House) -> None:
    assert found(house, house.mona, "money", mine=True) == {}


@pytest.mark.parametrize(
    ("period", "note"), [(MARCH, "March 2026"), (DayRange(date(2026, 3, 1), date(2026, 3, 30)), "")]
)
def test_a_whole_month_is_named_below_its_heading(house: House, period: DayRange, note: str) -> None:
    [section] = sections(["period"], HomeRequest(house.mona, house.tenant.slug, period, mine=False))
    assert section.note == note


def test_a_period_stands_beside_the_one_before(house: House) -> None:
    for days in (1, 2, 10):
        with clock.at(NOW - days * DAY):
            open_job(title=f"{days}", stage=house.stage("New"), member=house.mona, by=house.mona)
    assert numbers(house, house.mona, "period", mine=True)["Came in"] == ("2", "1")


def test_how_leads_ended_is_told_apart(house: House) -> None:
    for title in ("Won", "Lost", "Dropped"):
        job = open_job(title=title, stage=house.stage("New"), member=house.mona, by=house.mona)
        Lead.objects.create(job=job, rep=house.mona)
    Lead.objects.get(job__title="Won").win(by=house.mona)
    Job.objects.get(title="Lost").lose("Price", by=house.mona)
    Job.objects.get(title="Dropped").drop("Spam", by=house.mona)
    shown = numbers(house, house.mona, "period", mine=True)
    assert [shown[label][0] for label in ("Won", "Lost", "Dropped", "Work done")] == ["1", "1", "1", "0"]


def test_follow_ups_are_ones_own_or_everybodys(house: House) -> None:
    FollowUp.plan(job=house.job, kind="call", subject="Ring", due_at=NOW + HOUR, assignee=house.rita, by=house.rita)
    shown = [
        numbers(house, member, "followups", mine=mine)["Due today"][0]
        for member, mine in ((house.mona, False), (house.mona, True), (house.rita, False))
    ]
    assert shown == ["1", "0", "1"]


def test_several_counts_of_a_line_are_added_up(house: House) -> None:
    members = Member.objects.all()
    line = HomeLine("Members", "/", (members, members.filter(role=Role.REP)), rows_before=(members.none(),))
    [section] = count_sections([HomeSection("one", "One", [line])])
    assert (section.lines[0].number, section.lines[0].before, section.is_compared) == ("5", "0", True)


def test_what_is_counted_to_its_end_has_no_plus(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.web.lists.counts.CAP", 3)
    section = HomeSection("one", "One", [HomeLine("Members", "/", (Member.objects.all(),))])
    numbers = [count_sections([section], exact=exact)[0].lines[0].number for exact in (False, True)]
    assert numbers == ["2+", "4"]


def test_amounts_stand_in_place_of_a_count(house: House) -> None:
    line = HomeLine("Sold", "/", (), text="$5K", text_before="–")
    [section] = count_sections([HomeSection("one", "One", [line])])
    assert (section.lines[0].number, section.lines[0].before, section.lines[0].is_more) == ("$5K", "–", True)


def test_a_line_without_rows_counts_nothing(house: House) -> None:
    [section] = count_sections([HomeSection("one", "One", [HomeLine("None", "/", ())])])
    assert (section.lines[0].number, section.is_compared) == ("", False)


def admins(house: House, member: Member) -> dict[str, str]:
    lines = admin_lines(Lines(member, house.tenant.slug))
    return {str(one.line.label): one.number for one in count_sections([HomeSection("admin", "", lines)])[0].lines}


@pytest.mark.parametrize("name", ["rita", "sam", "mona"])
def test_who_looks_after_nothing_has_no_such_section(house: House, name: str) -> None:
    assert admin_lines(Lines(getattr(house, name), house.tenant.slug)) == []


def test_an_alarm_that_somebody_silenced_does_not_count(house: House) -> None:
    for name, until in (("mail", None), ("sms", NOW + HOUR), ("phone", NOW)):
        HealthAlarm.objects.create(check_name=name, quiet_until=until)
    assert admins(house, house.ada)["Does not work"] == "2"


def test_an_alarm_that_is_over_does_not_count(house: House) -> None:
    HealthAlarm.objects.create(check_name="mail", fine_since=NOW)
    HealthAlarm.objects.create(check_name="sms", closed_at=NOW)
    assert admins(house, house.ada)["Does not work"] == "0"


def test_work_that_waits_for_nobody_is_no_failed_task(house: House) -> None:
    before = admins(house, house.ada)["Failed tasks"]
    for key, run_at in (("waits", NOW), ("failed", None)):
        Due.objects.create(
            tenant=house.tenant, kind="report.mail", subject_id=10**9, key=key, due_at=NOW, run_at=run_at
        )
    assert int(admins(house, house.ada)["Failed tasks"]) == int(before) + 1


@pytest.mark.parametrize(("mode", "archived", "count"), [("on", False, "1"), ("off", False, "0"), ("on", True, "0")])
def test_a_paused_trigger_counts_while_it_should_work(house: House, mode: str, archived: bool, count: str) -> None:
    made = rule("job.opened", do("tell", who="owner"), mode=Mode.ON)
    made.pause("It failed")
    Rule.objects.filter(pk=made.pk).update(mode=mode, archived_at=NOW if archived else None)
    assert admins(house, house.ada)["Triggers paused after failures"] == count


def test_an_invitation_counts_until_it_is_answered(house: House) -> None:
    for email, answer in (("a", {}), ("b", {"accepted_at": NOW}), ("c", {"withdrawn_at": NOW})):
        Invitation.objects.create(email=f"{email}@x.example", name=email, role=Role.REP, expires_at=NOW + DAY, **answer)
    assert admins(house, house.ada)["Invitations not answered"] == "1"


def test_a_lead_with_two_flaws_is_one_lead(house: House) -> None:
    for name in ("no_source", "no_value"):
        Flaw.objects.create(job=house.job, rule=name)
    assert admins(house, house.ada)["Leads with missing data"] == "1"


@pytest.fixture
def visit(house: House) -> AppointmentType:
    return AppointmentType.add("Inspection", by=house.ada, minutes=60)


def today(house: House, member: Member) -> list[dict[str, Any]]:
    return appointments_today(member, Reader.of(member, NOW), house.tenant.slug)


def test_a_day_has_its_appointments_in_their_order(house: House, visit: AppointmentType) -> None:
    for hours in (4, 2, 24):
        Appointment.book(house.job, visit, NOW + hours * HOUR, [house.rita], by=house.rita)
    shown = today(house, house.rita)
    assert [row["when"].replace("\xa0", " ") for row in shown] == ["12:00 PM – 1:00 PM", "2:00 PM – 3:00 PM"]
    assert (shown[0]["what"], shown[0]["who"]) == ("Inspection", "Cora Customer")
    assert today(house, house.mona) == []


def test_a_cancelled_appointment_is_not_of_the_day(house: House, visit: AppointmentType) -> None:
    Appointment.book(house.job, visit, NOW + HOUR, [house.rita], by=house.rita).cancel("Rain", by=house.rita)
    assert today(house, house.rita) == []


def test_an_appointment_that_is_over_says_so(house: House, visit: AppointmentType) -> None:
    Appointment.book(house.job, visit, NOW + HOUR, [house.rita], by=house.rita)
    with clock.at(NOW + 2 * HOUR):
        [row] = appointments_today(house.rita, Reader.of(house.rita, clock.now()), house.tenant.slug)
    assert row["is_over"]


def plan(house: House, subject: str, due_at: datetime) -> None:
    with clock.at(NOW - 2 * DAY):
        FollowUp.plan(job=house.job, kind="call", subject=subject, due_at=due_at, assignee=house.rita, by=house.rita)


def test_follow_ups_until_midnight_are_due_the_most_overdue_first(house: House) -> None:
    midnight = datetime(2026, 3, 6, 5, tzinfo=UTC)
    for subject, at in (("Tonight", midnight - HOUR), ("Tomorrow", midnight), ("Missed", NOW - DAY)):
        plan(house, subject, at)
    rows = follow_ups_due(house.rita, Reader.of(house.rita, NOW), house.tenant.slug)
    assert [(row["what"], row["is_late"]) for row in rows] == [("Missed", True), ("Tonight", False)]


def test_nobody_has_the_follow_ups_of_another(house: House) -> None:
    plan(house, "Missed", NOW - DAY)
    assert follow_ups_due(house.mona, Reader.of(house.mona, NOW), house.tenant.slug) == []


@pytest.mark.parametrize(("mine", "shown"), [(True, False), (False, True)])
def test_leads_to_jump_on_are_ones_own_or_all(house: House, mine: bool, shown: bool) -> None:
    open_job(title="Nobodys", by=None)
    rows = to_jump_on(house.mona, Reader.of(house.mona, NOW), house.tenant.slug, mine=mine)
    assert ("Nobodys" in rows) is shown


def test_a_lead_that_ended_is_none_to_jump_on(house: House) -> None:
    job = open_job(title="Nobodys", by=None)
    job.drop("Spam", by=house.mona)
    assert "Nobodys" not in to_jump_on(house.mona, Reader.of(house.mona, NOW), house.tenant.slug, mine=False)


@pytest.mark.parametrize("name", ["rita", "mona", "sam"])
def test_each_number_of_follow_ups_is_the_length_of_its_list(house: House, name: str) -> None:
    member = getattr(house, name)
    for hours in (-30, 2, 40, 300):
        at = NOW + hours * HOUR
        with clock.at(at - DAY):
            FollowUp.plan(kind="call", subject="Ring", due_at=at, assignee=member, by=member)
            FollowUp.plan(kind="call", subject="Done", due_at=at, assignee=member, by=member).complete(
                "successful", by=member
            )
    [section] = count_sections(sections(["followups"], HomeRequest(member, house.tenant.slug, MARCH, mine=True)))
    shown = [(str(one.line.label), one.number) for one in section.lines]
    assert shown == [
        *[("Overdue", "1"), ("Due today", "1"), ("Due this week", "2"), ("All open", "4")],
        *[("Done on time, 30 days: 100%", "4 of 4"), ("Customers without contact", "0")],
    ]
    *of_follow_ups, _of_customers = section.lines
    for one in of_follow_ups:
        filters = FOLLOW_UPS.read_text(one.line.url.partition("?")[2], member)
        assert str(FOLLOW_UPS.apply(filters, member).count()) == one.number.split()[0], one.line.label
