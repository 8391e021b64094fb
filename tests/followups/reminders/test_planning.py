"""Reminders as planned: whose list holds, what moves with a follow-up, and quiet hours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.kernel import clock
from crm.platform.models import Due, Tenant
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpOutcome, Reminder, ReminderDefault, ReminderPreference, TenantKind
from followups.models.reminder_plan import REMIND, reminder_time, waking_hours, wanted_time
from tests.cast import House

NEW_YORK = ZoneInfo("America/New_York")


def rows(follow_up: FollowUp) -> list[tuple[int, str, str]]:
    """What is planned: minutes, channel, and by the clock in New York."""
    planned = Reminder.objects.waiting().filter(follow_up=follow_up).order_by("planned_at")
    return [(row.minutes_before, row.channel, f"{row.planned_at.astimezone(NEW_YORK):%a %H:%M}") for row in planned]


def choose(house: House, *times: tuple[int, str], kind: str = "", member: bool = False) -> None:
    ReminderDefault.objects.create(member=house.rita if member else None, kind=kind, times=[list(one) for one in times])


@pytest.fixture
def inside(house: House):
    with use_tenant(house.tenant):
        yield house


def test_a_quarter_of_an_hour_before_where_nobody_chose(inside: House, planned: Callable[..., FollowUp]) -> None:
    follow_up = planned(hours=4)
    assert rows(follow_up) == [(15, "app", "Wed 13:45")]
    assert Due.objects.filter(kind=REMIND).count() == 1


def test_the_more_personal_list_holds(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (60, "email"))
    assert [row[:2] for row in rows(planned())] == [(60, "email")]
    choose(inside, (30, "app"), kind="call")
    assert [row[:2] for row in rows(planned())] == [(30, "app")]
    choose(inside, (20, "push"), member=True)
    assert [row[:2] for row in rows(planned())] == [(20, "push")]
    choose(inside, (10, "text"), (5, "app"), kind="call", member=True)
    assert [row[:2] for row in rows(planned())] == [(10, "text"), (5, "app")]


def test_an_empty_list_means_none(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (60, "email"))
    choose(inside, member=True)
    assert rows(planned()) == []


def test_what_has_passed_is_skipped_and_says_so(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (24 * 60, "app"), (30, "app"))
    follow_up = planned(hours=4)
    assert [row[0] for row in rows(follow_up)] == [30]
    assert Reminder.objects.get(follow_up=follow_up, minutes_before=24 * 60).skipped_reason == "too_late"


def test_moves_with_its_follow_up(inside: House, planned: Callable[..., FollowUp]) -> None:
    follow_up = planned(hours=4)
    follow_up.reschedule(clock.now() + timedelta(hours=6), by=inside.rita)
    assert rows(follow_up) == [(15, "app", "Wed 15:45")]
    assert Due.objects.get(kind=REMIND).due_at == Reminder.objects.get().planned_at


def test_one_that_was_sent_comes_again_for_another_time_only(inside: House, planned: Callable[..., FollowUp]) -> None:
    follow_up = planned(hours=4)
    Reminder.objects.update(sent_at=clock.now())
    follow_up.assign_to(inside.rita, by=None)
    assert rows(follow_up) == []
    follow_up.reschedule(clock.now() + timedelta(hours=6), by=inside.rita)
    assert rows(follow_up) == [(15, "app", "Wed 15:45")]


def test_goes_to_the_new_assignee_by_their_own_list(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (60, "email"), member=True)
    follow_up = planned()
    follow_up.assign_to(inside.mona, by=inside.rita)
    assert rows(follow_up) == [(15, "app", "Wed 13:45")]
    assert Reminder.objects.get().member == inside.mona
    follow_up.assign_to(None, by=inside.mona)
    assert rows(follow_up) == []


@pytest.mark.parametrize("verb", ["complete", "cancel"])
def test_none_of_a_closed_one_until_it_is_open_again(
    inside: House, planned: Callable[..., FollowUp], verb: str
) -> None:
    follow_up = planned()
    if verb == "complete":
        follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=inside.rita)
    else:
        follow_up.cancel(by=inside.rita)
    assert not Reminder.objects.exists()
    assert not Due.objects.filter(kind=REMIND).exists()
    follow_up.reopen(by=inside.rita)
    assert rows(follow_up) == [(15, "app", "Wed 13:45")]


def test_an_archived_type_still_reminds(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (45, "app"), kind="call")
    follow_up = planned()
    kind = TenantKind.of("call")
    assert kind
    kind.archive(by=inside.ada)
    follow_up.reschedule(clock.now() + timedelta(hours=6), by=inside.rita)
    assert rows(follow_up) == [(45, "app", "Wed 15:15")]


def test_at_night_it_comes_the_evening_before(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (120, "email"), (120, "text"), (120, "app"))
    follow_up = planned(hours=22.5)
    assert rows(follow_up) == [(120, "text", "Wed 19:59"), (120, "email", "Wed 20:59"), (120, "app", "Thu 06:30")]


def test_in_working_hours_only_for_who_wants_that(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (60, "email"))
    ReminderPreference.objects.create(member=inside.rita, working_hours_only=True)
    follow_up = planned(hours=22)  # at eight: wanted at seven, before they open
    assert rows(follow_up) == [(60, "email", "Wed 16:59")]


def test_never_after_it_is_due_and_never_in_the_past() -> None:
    hours = waking_hours(NEW_YORK, is_message=False)
    wanted = datetime(2026, 11, 26, 5, 30, tzinfo=NEW_YORK)
    late_at_night = datetime(2026, 11, 25, 23, tzinfo=NEW_YORK)
    assert reminder_time(wanted, late_at_night, hours) == wanted
    assert reminder_time(wanted, wanted, hours) is None


# Noon after the night in which the clocks go forward, and the one in which they go back.
@pytest.mark.parametrize(
    "noon", [datetime(2026, 3, 8, 12, tzinfo=NEW_YORK), datetime(2026, 11, 1, 12, tzinfo=NEW_YORK)]
)
def test_over_a_change_of_the_clocks(noon: datetime) -> None:
    day_before = wanted_time(noon.astimezone(UTC), 24 * 60, NEW_YORK).astimezone(NEW_YORK)
    assert (day_before.day != noon.day, day_before.hour) == (True, 12)
    # Hours are hours: eleven before noon is midnight or two o'clock.
    assert noon.astimezone(UTC) - wanted_time(noon, 11 * 60, NEW_YORK) == timedelta(hours=11)
    hours = waking_hours(NEW_YORK, is_message=False)
    evening = reminder_time(wanted_time(noon, 11 * 60, NEW_YORK), noon - timedelta(days=3), hours)
    assert evening is not None
    assert f"{evening.astimezone(NEW_YORK):%H:%M}" == "20:59"


def test_a_member_in_another_time_zone(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (120, "email"))
    inside.rita.time_zone = "Europe/Amsterdam"
    inside.rita.save()
    follow_up = planned(hours=17)  # nine in the morning there
    assert rows(follow_up) == [(120, "email", "Thu 01:00")]


def test_a_member_who_moves_is_reminded_by_their_new_clock(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose(inside, (60, "email"))
    follow_up = planned(hours=23)
    assert rows(follow_up) == [(60, "email", "Thu 08:00")]
    inside.rita.prefer(time_zone="America/Los_Angeles", start_page="")
    assert rows(follow_up) == [(60, "email", "Wed 23:59")]  # the evening before, as it would be five in the morning


def test_another_tenant_has_its_own(inside: House, planned: Callable[..., FollowUp], cast) -> None:
    choose(inside, (60, "email"))
    planned()
    with use_tenant(Tenant.objects.exclude(pk=inside.tenant.pk).first()):
        assert not Reminder.objects.exists()
        assert not ReminderDefault.objects.exists()
