"""The pages of series, as members use them: create, preview, edit, skip, move, end; and what others may not see."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpSeries
from tests.cast import House
from tests.followups.conftest import Browser
from tests.markup import flat

FORM = {
    "subject": "Check the permit",
    "kind": "call",
    "assignee": "",
    "day": "2026-11-30",
    "clock": "15:30",
    "repeat": "weekly",
    "interval": "2",
    "weekdays": ["MO"],
    "monthly": "day",
    "ends": "open",
    "holidays": "next",
    "zone": "America/New_York",
}


@pytest.fixture
def series(house: House, as_member: Callable[[str], Any]) -> FollowUpSeries:
    """A series that Rita planned on her lead."""
    as_member("rita").post("followups/series/new/", FORM | {"job": str(house.job.number)})
    with use_tenant(house.tenant):
        created: FollowUpSeries = FollowUpSeries.objects.get()
        return created


def test_a_new_series_is_planned_about_the_lead(house: House, series: FollowUpSeries) -> None:
    assert (series.rule, series.job_id) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", house.job.pk)


def test_the_form_shows_the_rule_in_words_and_the_next_six(as_member: Callable[[str], Any], house: House) -> None:
    page = as_member("rita").get(f"followups/series/new/?job={house.job.number}")
    assert "Every Thursday at 9:00\xa0AM in New York" in page
    assert page.count('class="n"') == 6


def test_the_preview_follows_what_is_typed(as_member: Callable[[str], Any]) -> None:
    browser = as_member("rita")
    given = FORM | {
        "subject": "",
        "repeat": "monthly",
        "monthly": "last",
        "interval": "1",
        "ends": "times",
        "times": "3",
    }
    page = browser.post("followups/series/preview/", given, status=200, htmx=True).content.decode()
    assert "Every month on the last Monday at 3:30\xa0PM in New York, 3 times" in page
    assert "FREQ=MONTHLY;COUNT=3;BYDAY=-1MO" in page
    unclear = browser.post("followups/series/preview/", FORM | {"repeat": "own", "rule": "x"}, status=200, htmx=True)
    assert "is not a part of a rule" in unclear.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"subject": ""}, "Write what to do."),
        ({"day": "soon"}, "Choose the first day."),
        ({"ends": "date"}, "Choose the last day."),
        ({"ends": "times", "times": "0"}, "Write how many times"),
        ({"repeat": "own", "rule": "FREQ=HOURLY"}, "at most once a day"),
        ({"zone": "Mars/Base"}, "time zone"),
    ],
)
def test_a_wrong_form_is_answered_with_a_sentence(
    as_member: Callable[[str], Any], house: House, wrong: dict[str, str], sentence: str
) -> None:
    refused = as_member("rita").post("followups/series/new/", FORM | wrong, status=422).content.decode()
    assert sentence in refused
    assert "15:30" in refused


def _edit(series: FollowUpSeries, **changed: Any) -> dict[str, Any]:
    original = "2026-11-30T20:30:00+00:00"
    return FORM | {"version": series.form_version, "original": original, "scope": "all"} | changed


def test_all_following_and_one(as_member: Callable[[str], Any], house: House, series: FollowUpSeries) -> None:
    browser = as_member("rita")
    url = f"followups/series/{series.uid}/"
    browser.post(url, _edit(series, subject="All of them"))
    browser.post(url, _edit(series, subject="Stale"), status=409)
    with use_tenant(house.tenant):
        series.refresh_from_db()
        assert series.subject == "All of them"
        assert set(FollowUp.objects.filter(series=series).values_list("subject", flat=True)) == {"All of them"}
    one = _edit(series, subject="All of them", scope="one", clock="17:00")
    browser.post(url, one)
    with use_tenant(house.tenant):
        series.refresh_from_db()
        first = FollowUp.objects.filter(series=series).order_by("due_at")[0]
        assert first.due_at.hour == 22
    following = _edit(series, subject="From then on", scope="following", original="2026-12-14T20:30:00+00:00")
    browser.post(url, following)
    with use_tenant(house.tenant):
        assert FollowUpSeries.objects.get(continues=series).subject == "From then on"
    browser.post(url, _edit(series, scope=""), status=422)


def test_for_only_one_the_rest_does_not_change(as_member: Callable[[str], Any], series: FollowUpSeries) -> None:
    page = as_member("rita").post(
        f"followups/series/{series.uid}/", _edit(series, subject="X", scope="one"), status=422
    )
    assert "For only this one" in page.content.decode()


def test_an_occurrence_is_left_out_brought_back_moved_and_put_back(
    as_member: Callable[[str], Any], house: House, series: FollowUpSeries
) -> None:
    browser = as_member("rita")
    url = f"followups/series/{series.uid}/"

    def act(verb: str, **data: str) -> str:
        with use_tenant(house.tenant):
            version = FollowUpSeries.objects.get(pk=series.pk).form_version
        browser.post(f"{url}{verb}/", {"version": version, "original": "2026-11-30T20:30:00+00:00"} | data)
        page: str = browser.get(url)
        return page

    page = act("skip", reason="Cora is travelling")
    assert "Rita Rep: Cora is travelling" in page
    assert "Bring back" in page
    assert "Bring back" not in act("bring_back")
    page = act("move", day="2026-12-02", clock="14:00")
    assert "moved by hand" in page
    assert "moved by hand" not in act("put_back")


def test_it_is_ended_and_continued(as_member: Callable[[str], Any], house: House, series: FollowUpSeries) -> None:
    browser = as_member("rita")
    url = f"followups/series/{series.uid}/"
    browser.post(f"{url}end/", {"version": series.form_version})
    page = browser.get(url)
    assert "The series has ended." in page
    with use_tenant(house.tenant):
        series.refresh_from_db()
    browser.post(f"{url}resume/", {"version": series.form_version})
    assert "Continue the series" not in browser.get(url)


def test_a_follow_up_leads_to_its_series_and_can_begin_one(
    as_member: Callable[[str], Any], house: House, series: FollowUpSeries, planned: Callable[..., FollowUp]
) -> None:
    browser = as_member("rita")
    with use_tenant(house.tenant):
        row = FollowUp.objects.filter(series=series)[0]
    assert f"series/{series.uid}/" in browser.get(f"followups/{row.uid}/")
    assert "every 2 weeks" in browser.get("followups/")
    other = planned()
    assert f"?of={other.uid}" in browser.get(f"followups/{other.uid}/")
    assert "Call" in browser.get(f"followups/series/new/?of={other.uid}")


def test_a_series_of_a_colleague_is_not_there(
    as_member: Callable[[str], Any], house: House, series: FollowUpSeries
) -> None:
    from crm.jobs.models import Job

    with use_tenant(house.tenant):
        FollowUpSeries.objects.update(assignee=house.mona, created_by=house.mona)
        Job.objects.filter(pk=house.job.pk).update(member=house.mona)
    as_member("rita").get(f"followups/series/{series.uid}/", status=404)
    as_member("rita").post(f"followups/series/{series.uid}/end/", {"version": "1"}, status=404)
    as_member("mona").get(f"followups/series/{series.uid}/")


def test_the_small_months_name_the_days_of_the_week(as_member: Callable[[str], Any], house: House) -> None:
    page = as_member("rita").get(f"followups/series/new/?job={house.job.number}")
    assert "<th>M</th><th>T</th><th>W</th><th>T</th><th>F</th><th>S</th><th>S</th>" in page


def test_the_days_of_the_week_are_in_the_readers_language(house: House) -> None:
    browser = Browser(house, house.rita)
    page = browser.client.get(f"{browser.prefix}followups/series/new/", headers={"Accept-Language": "nl"})
    days = flat(page.content.decode())
    assert "<span>Wo</span>" in days
    assert "<span>We</span>" not in days
