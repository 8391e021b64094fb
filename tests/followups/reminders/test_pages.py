"""The pages to choose reminders on: a member's own, the types' for everybody, one follow-up's."""

from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

import pytest

from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from followups.customer_reminders.models import customer_reminder_settings
from followups.customer_reminders.settings import set_customer_reminders
from followups.customer_reminders.texts import SHARED
from followups.models import FollowUp, Reminder, ReminderDefault, ReminderPreference
from followups.reminders import defaults
from followups.reminders.defaults import REPLAN, replan_slice, set_default
from followups.reminders.digest import DIGEST
from followups.reminders.start import begin_again
from followups.views.kinds import kinds_version
from tests.cast import House


@pytest.fixture
def inside(house: House) -> Iterator[House]:
    with use_tenant(house.tenant):
        yield house


def fields(*times: tuple[str, str, str], **more: str) -> dict[str, Any]:
    number, unit, channel = zip(*times, strict=True)
    return {"number": number, "unit": unit, "channel": channel, **more}


def version(house: House) -> str:
    with use_tenant(house.tenant):
        return kinds_version()


def planned_rows() -> list[tuple[int, str]]:
    return list(Reminder.objects.order_by("-minutes_before").values_list("minutes_before", "channel"))


def test_a_member_chooses_their_own(house: House, planned: Callable[..., FollowUp], as_member: Any) -> None:
    planned(hours=4)
    rita = as_member("rita")
    posted = fields(("1", "hours", "email"), ("", "minutes", "app"), ("30", "minutes", "push"), kind="")
    rita.post("followups/reminders/times/", posted)
    with use_tenant(house.tenant):
        assert ReminderDefault.objects.get().times == [[60, "email"], [30, "push"]]
        assert planned_rows() == [(60, "email"), (30, "push")]
    rita.post("followups/reminders/times/", {"kind": "", "do": "reset"})
    with use_tenant(house.tenant):
        assert planned_rows() == [(15, "app")]


def test_another_list_for_one_type(house: House, planned: Callable[..., FollowUp], as_member: Any) -> None:
    planned(hours=4)
    rita = as_member("rita")
    rita.post("followups/reminders/times/", fields(("45", "minutes", "app"), kind="call"))
    assert "45 minutes before, here" in rita.get("followups/reminders/")
    with use_tenant(house.tenant):
        assert planned_rows() == [(45, "app")]


@pytest.mark.parametrize(
    ("posted", "why"),
    [
        (fields(("0", "minutes", "app")), "between one minute and 60 days"),
        (fields(("61", "days", "app")), "between one minute and 60 days"),
        (fields(("soon", "minutes", "app")), "a whole number"),
        (fields(("5", "weeks", "app")), "a whole number"),
        (fields(("5", "minutes", "pigeon")), "Choose how"),
        (fields(*[(str(n), "minutes", "app") for n in range(1, 7)]), "No more than 5"),
        (fields(("5", "minutes", "app"), kind="nonesuch"), "does not exist"),
    ],
)
def test_bad_input_says_why(house: House, as_member: Any, posted: dict[str, Any], why: str) -> None:
    response = as_member("rita").post("followups/reminders/times/", posted, status=422)
    assert why in response.content.decode()
    with use_tenant(house.tenant):
        assert not ReminderDefault.objects.exists()


def test_the_digest_is_set_there(house: House, as_member: Any) -> None:
    rita = as_member("rita")
    rita.post("followups/reminders/digest/", {"digest_time": "06:45", "working_hours_only": "yes"})
    with use_tenant(house.tenant):
        mine = ReminderPreference.objects.get()
        assert (mine.member, mine.wants_digest, mine.digest_time) == (house.rita, False, time(6, 45))
        assert (mine.working_days_only, mine.working_hours_only) == (False, True)
        assert Due.objects.filter(kind=DIGEST).exists()
    rita.post("followups/reminders/digest/", {"digest_time": "late"}, status=422)


def test_an_admin_sets_those_of_a_type(house: House, planned: Callable[..., FollowUp], as_member: Any) -> None:
    planned(hours=4)
    ada = as_member("ada")
    ada.post("followups/types/reminders/", fields(("1", "hours", "app"), kind="call", version=version(house)))
    assert "1 hour before, here" in ada.get("followups/types/")
    with use_tenant(house.tenant):
        assert planned_rows() == [(60, "app")]
        assert Event.objects.filter(kind="reminders.changed", actor_id=house.ada.pk).count() == 1
    ada.post("followups/types/reminders/", {"kind": "call", "do": "reset"}, status=409)
    ada.post("followups/types/reminders/", {"kind": "call", "do": "reset", "version": version(house)})
    with use_tenant(house.tenant):
        assert planned_rows() == [(15, "app")]
    ada.post("followups/types/reminders/", {"kind": "nonesuch", "version": version(house)}, status=404)
    as_member("rita").post("followups/types/reminders/", {"kind": "call"}, status=404)


def test_one_follow_up_has_its_own(house: House, planned: Callable[..., FollowUp], as_member: Any) -> None:
    follow_up = planned(hours=4)
    rita = as_member("rita")
    path = f"followups/{follow_up.uid}/"
    rita.post(f"{path}remind/", fields(("2", "hours", "app"), ("2", "days", "app"), version="1"))
    page = rita.get(path)
    assert "<small>Wed, Nov 25, 12:00" in page
    assert "Not sent: its time had passed already" in page
    with use_tenant(house.tenant):
        set_default([(30, "app")], member=house.rita, by=house.rita)
        assert planned_rows() == [(48 * 60, "app"), (120, "app")]
    rita.post(f"{path}remind/", {"do": "reset", "version": "2"})
    with use_tenant(house.tenant):
        assert planned_rows() == [(30, "app")]


def test_two_who_edit_it_at_once(house: House, planned: Callable[..., FollowUp], as_member: Any) -> None:
    follow_up = planned(hours=4)
    path = f"followups/{follow_up.uid}/remind/"
    as_member("rita").post(path, fields(("2", "hours", "app"), version="1"))
    as_member("mona").post(path, fields(("3", "hours", "app"), version="1"), status=409)


def test_many_are_planned_anew_by_a_worker(
    inside: House, planned: Callable[..., FollowUp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(defaults, "AT_ONCE", 2)
    rows = [planned(f"Call {nth}", hours=4) for nth in range(5)]
    set_default([(60, "app")], member=None, by=inside.ada)
    assert set(planned_rows()) == {(15, "app")}
    for last in (0, rows[1].pk, rows[3].pk):
        assert Due.objects.filter(kind=REPLAN, subject_id=last).exists()
        replan_slice([last])
    assert planned_rows() == [(60, "app")] * 5
    assert not Due.objects.filter(kind=REPLAN, subject_id=rows[4].pk).exists()


def test_after_an_upgrade_open_ones_get_theirs(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=4)
    Reminder.objects.all().delete()
    begin_again()
    assert Due.objects.filter(kind=DIGEST).exists()
    replan_slice([Due.objects.get(kind=REPLAN).subject_id])
    assert planned_rows() == [(15, "app")]


def test_customers_are_reminded_of_a_type_once_an_admin_chose_a_text(as_member: Any, house: House) -> None:
    ada, rita = as_member("ada"), as_member("rita")
    form = f"followups/new/?job={house.job.number}"
    assert 'name="to"' not in rita.get(form)
    given = fields(("1", "days", "email"), kind="video", template=SHARED, version=version(house))
    ada.post("followups/types/customers/", given | {"channel": ["app"]}, status=422)
    ada.post("followups/types/customers/", given)
    with use_tenant(house.tenant):
        assert customer_reminder_settings()["video"].times == [[1440, "email"]]
    kind = {"kind": "video", "has_customer": "1", "proposed": "15:app", "number": ["15"], "unit": ["minutes"]}
    proposed = rita.post("followups/new/reminders/", kind | {"channel": ["app"]}, status=200).content.decode()
    assert '<option value="customer" selected>' in proposed
    ada.post("followups/types/customers/", {"kind": "video", "template": "", "version": version(house)})
    with use_tenant(house.tenant):
        assert customer_reminder_settings() == {}


def test_on_the_page_of_a_follow_up_the_customer_is_chosen_and_refused(
    as_member: Any, house: House, planned: Callable[..., FollowUp]
) -> None:
    follow_up, rita = planned(hours=40), as_member("rita")
    chosen = fields(("1", "days", "email"), version=str(follow_up.version), to="customer")
    page = rita.post(f"followups/{follow_up.uid}/remind/", chosen, status=422).content.decode()
    assert "Customers are not reminded of “Call”." in page
    with use_tenant(house.tenant):
        set_customer_reminders("call", template=SHARED, times=[], by=house.ada)
    rita.post(f"followups/{follow_up.uid}/remind/", chosen)
    with use_tenant(house.tenant):
        follow_up.refresh_from_db()
    assert (follow_up.own_reminders, follow_up.customer_reminders) == ([], [[1440, "email"]])
    assert "the customer: 1 day before, by email" in rita.get(f"followups/{follow_up.uid}/")
