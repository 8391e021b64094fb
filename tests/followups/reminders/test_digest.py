"""The daily digest: what it says, and once on each of a member's local days whatever the clocks and zones do."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.kernel import clock
from crm.platform.models import Due, StaffMail
from crm.platform.tenancy.context import use_tenant
from followups.models import DigestMail, FollowUp, FollowUpOutcome, ReminderPreference
from followups.neglect.models import Neglect
from followups.reminders.digest import DIGEST, digest_instant, mail_digests
from followups.reminders.digest_content import count_neglected
from tests.cast import House

NEW_YORK = ZoneInfo("America/New_York")
TOMORROW = datetime(2026, 11, 26, tzinfo=NEW_YORK)  # a Thursday


@pytest.fixture
def inside(house: House) -> Iterator[House]:
    with use_tenant(house.tenant):
        # Thanksgiving is a holiday of the cast's calendar.
        for member in (house.rita, house.mona, house.ada, house.sam):
            ReminderPreference.objects.create(member=member, working_days_only=False)
        yield house


def look(at: datetime) -> list[str]:
    """Have the worker look at an instant; who was mailed by it, with the subject."""
    before = set(StaffMail.objects.values_list("pk", flat=True))
    with clock.at(at):
        mail_digests([0])
    new = StaffMail.objects.exclude(pk__in=before).order_by("pk")
    return [f"{mail.to.split('@')[0]}: {mail.subject}" for mail in new]


def at(hour: int, minute: int = 0, day: datetime = TOMORROW) -> datetime:
    return day.replace(hour=hour, minute=minute)


def test_overdue_first_then_today_the_most_urgent_first(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned("Missed, normal", hours=-3)
    planned("Missed, urgent", hours=-2, priority=1)
    planned("Later today", hours=26)
    planned("Next week", hours=200)
    assert look(at(7)) == ["rita: Thu, Nov 26: 2 overdue, 1 today"]
    body = StaffMail.objects.get().body
    places = [body.find(words) for words in ("Missed, urgent", "Missed, normal", "Later today")]
    assert -1 not in places
    assert places == sorted(places)
    assert "Next week" not in body


def test_the_bar_of_its_lead_is_drawn_for_mail(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=26)
    look(at(7))
    html = StaffMail.objects.get().html
    assert html.count('<table role="presentation" aria-hidden="true"') == 1
    assert 'bgcolor="#' in html
    assert "<script" not in html
    assert "class=" not in html


def test_it_counts_the_neglected_customers_a_member_sees(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=26)
    planned(hours=26, assignee=inside.mona)
    assert count_neglected(inside.rita) == 0
    Neglect.objects.create(person=inside.cora, touched_at=clock.now(), days=60)
    inside.job.assign_to(inside.mona, by=inside.mona)
    look(at(7))
    words = "1 customer without contact for longer than planned"
    said = {mail.to.split("@")[0]: words in mail.body and words in mail.html for mail in StaffMail.objects.all()}
    assert said == {"rita": False, "mona": True}


def test_nothing_to_do_means_no_mail(inside: House, planned: Callable[..., FollowUp]) -> None:
    follow_up = planned(hours=26)
    follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=inside.rita)
    assert look(at(7)) == []
    assert DigestMail.objects.get(member=inside.rita).count == 0


def test_once_a_day_at_its_time(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=26)
    planned(hours=50)
    assert look(at(6, 59)) == []
    assert len(look(at(7))) == 1
    assert look(at(7)) == look(at(8)) == []
    assert look(at(7) + timedelta(days=1)) == ["rita: Fri, Nov 27: 1 overdue, 1 today"]


def test_not_in_the_afternoon_after_an_outage(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=26)
    assert look(at(11, 1)) == []
    assert len(look(at(7) + timedelta(days=1))) == 1


def test_only_for_who_wants_it_and_on_days_they_work(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=26)
    mine = ReminderPreference.objects.get(member=inside.rita)
    mine.wants_digest = False
    mine.save()
    assert look(at(7)) == []
    mine.wants_digest = True
    mine.working_days_only = True
    mine.save()
    saturday = at(7) + timedelta(days=2)
    assert look(saturday) == []
    assert len(look(saturday + timedelta(days=2))) == 1


def test_by_the_clock_where_the_member_is(inside: House, planned: Callable[..., FollowUp]) -> None:
    inside.rita.time_zone = "America/Los_Angeles"
    inside.rita.save()
    planned(hours=29)
    assert look(at(9, 59)) == []
    assert len(look(at(10))) == 1


def test_one_who_moves_west_gets_no_second_one(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=29)
    assert len(look(at(7))) == 1
    inside.rita.time_zone = "America/Los_Angeles"
    inside.rita.save()
    assert look(at(10)) == []
    assert len(look(at(10) + timedelta(days=1))) == 1


def test_one_who_moves_east_gets_that_of_the_next_day(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=29)
    assert len(look(at(7))) == 1
    inside.rita.time_zone = "Asia/Tokyo"
    inside.rita.save()
    assert look(at(12)) == []
    # Seven on the 27th in Tokyo.
    assert len(look(datetime(2026, 11, 26, 22, tzinfo=UTC))) == 1


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        # Half past two does not exist; half past one exists twice.
        (date(2026, 3, 8), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
    ],
)
def test_where_the_clocks_change(day: date, instant: datetime) -> None:
    preference = ReminderPreference(digest_time=time(2, 30))
    if day.month == 11:
        preference.digest_time = time(1, 30)
        instant -= timedelta(hours=1)
    assert digest_instant(preference, day, NEW_YORK) == instant


@pytest.mark.parametrize("night", [datetime(2027, 3, 14, tzinfo=NEW_YORK), datetime(2027, 11, 7, tzinfo=NEW_YORK)])
def test_one_over_a_change_of_the_clocks(inside: House, planned: Callable[..., FollowUp], night: datetime) -> None:
    planned(hours=1)
    ReminderPreference.objects.filter(member=inside.rita).update(digest_time=time(1, 30))
    first = night.astimezone(UTC)
    mails = [mail for minutes in range(0, 24 * 60, 30) for mail in look(first + timedelta(minutes=minutes))]
    assert len(mails) == 1


def test_the_next_look_is_at_the_next_digest_or_in_an_hour(inside: House) -> None:
    look(at(6, 30))
    assert Due.objects.get(kind=DIGEST).due_at == at(7)
    look(at(12))
    assert Due.objects.get(kind=DIGEST).due_at == at(13)
