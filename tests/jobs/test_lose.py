"""Ends and holds by their dialogs: a reason that says something, kept honestly, and open again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import html5lib
import pytest
from django.utils.translation import override

from crm.jobs.losses.closing_reason import read
from crm.jobs.models import Job, JobState, Side
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.acts import current


def reason_of(cast):
    return current(cast, cast.house.job).ended_reason


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"reason": "price"}, "Price"),
        ({"reason": "price", "gap": "2,400"}, "Price · $2,400 too much"),
        ({"reason": "price", "gap": "1.250,50"}, "Price · $1,250.50 too much"),
        ({"reason": "price", "gap": "$ 99.5"}, "Price · $99.50 too much"),
        ({"reason": "schedule", "offered": "2026-12-12"}, "Schedule · offered Dec 12, 2026"),
        (
            {"reason": "schedule", "offered": "2026-12-12", "wanted": "2026-11-28"},
            "Schedule · offered Dec 12, 2026, wanted Nov 28, 2026",
        ),
        ({"reason": "silent", "note": "is not asked for here"}, "No answer"),
        ({"reason": "competitor", "note": " Bay  Roofers "}, "Chose a competitor · Bay Roofers"),
        ({"reason": "other", "note": "moved away"}, "Other · moved away"),
        ({"reason": "other", "note": "x" * 500}, "Other · " + "x" * 56),
    ],
)
def test_the_reason_is_kept_in_words(post, cast, given, kept):
    assert post("lose", **given).status_code == 302
    assert reason_of(cast) == kept
    assert current(cast, cast.house.job).state == JobState.LOST


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a reason."),
        ({"reason": "nonsense"}, "Choose a reason."),
        ({"reason": "other", "note": "  "}, "Add a few words."),
        ({"reason": "price", "gap": "a lot"}, "Write the amount in digits"),
        ({"reason": "price", "gap": "-5"}, "Write the amount in digits"),
        ({"reason": "price", "gap": "NaN"}, "Write the amount in digits"),
        ({"reason": "schedule", "wanted": "soon"}, "That is not a valid date."),
    ],
)
def test_what_is_missing_is_asked_for_again(post, cast, given, words):
    answer = post("lose", on="list", **given)
    page = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "#dialog", "innerHTML")
    assert words in page
    assert "<html" not in page
    assert 'name="on" value="list"' in page
    plain = post("lose", **given)
    assert plain.status_code == 422
    html5lib.HTMLParser(strict=True).parse(plain.content.decode())
    assert current(cast, cast.house.job).is_open


def test_an_amount_as_typed_is_kept_in_the_currencys_own_units(post, cast):
    with use_tenant(cast.house.tenant):
        Job.objects.filter(pk=cast.house.job.pk).update(currency="JPY")
    post("lose", reason="price", gap="12,000")
    assert reason_of(cast) == "Price · ¥12,000 too much"


def test_the_bar_says_the_reason_in_the_organizations_language(cast):
    with override("nl"), use_tenant(cast.house.tenant):
        assert read("lost", {"reason": "silent"}, cast.house.job).text(cast.house.job) == "No answer"


def test_lost_shows_at_once_and_opens_again(post, cast):
    page = post("lose", reason="price", on="lead").content.decode()
    assert "Cora Customer: lost, Price." in page
    assert "Lost · Price" in page
    assert 'data-act="reopen"' in page
    assert "marked it as lost: Price" in page
    page = post("reopen", on="lead").content.decode()
    assert 'data-act="move-next"' in page
    assert current(cast, cast.house.job).is_open


def test_one_that_ended_in_a_step_archived_since_opens_elsewhere_and_says_so(post, cast):
    post("lose", reason="price", on="lead")
    with use_tenant(cast.house.tenant):
        cast.house.stage("New").archive(into=None, stay=True, by=cast.house.ada)
    page = post("reopen", on="lead").content.decode()
    assert "Cora Customer: reopened in Reached, because New is archived." in page
    assert "reopened it in Reached, because New was archived" in page


@pytest.mark.parametrize(("verb", "data", "state"), [("drop", {"reason": "area"}, "dropped"), ("finish", {}, "done")])
def test_the_other_ends(post, cast, verb, data, state):
    assert post(verb, on="list", **data).status_code == 200
    job = current(cast, cast.house.job)
    assert job.state == state
    assert job.ended_reason == ("Out of our area" if verb == "drop" else "")


def test_an_ended_lead_does_not_move(post, cast):
    seen = current(cast, cast.house.job).stay
    with use_tenant(cast.house.tenant):
        stage = cast.house.stage("Reached").pk
    post("finish", member=cast.house.mona)
    late = post("move", stage=stage, stay=seen, on="list")
    assert late.status_code == 409
    assert "Mona Manager finished it, just now" in late.content.decode()
    assert post("move", stage=stage, on="list").status_code == 422
    assert post("lose", reason="price", stay=seen, on="list").status_code == 409
    assert post("pause", reason="x", stay=seen, on="list").status_code == 409
    assert current(cast, cast.house.job).state == JobState.DONE


def test_a_hold_has_a_reason_and_comes_back_in_the_morning(post, cast):
    day = (clock.now().astimezone(ZoneInfo("America/New_York")) + timedelta(days=5)).date()
    assert post("pause", reason="Waits for the bank", until=day.isoformat(), on="lead").status_code == 200
    job = current(cast, cast.house.job)
    assert (job.side, job.pause_reason) == (Side.PAUSED, "Waits for the bank")
    assert job.pause_ends_at == datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("America/New_York"))
    page = post("resume", on="lead").content.decode()
    assert "resumed" in page
    assert current(cast, cast.house.job).side == Side.US


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": ""}, "Enter what it is waiting for."),
        ({"reason": "x", "until": "2020-01-01"}, "Choose a day in the future."),
        ({"reason": "x", "until": "9999-12-31"}, "That is not a valid date."),
        ({"reason": "x", "until": "someday"}, "That is not a valid date."),
    ],
)
def test_a_hold_asks_again(post, cast, given, words):
    answer = post("pause", on="lead", **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert current(cast, cast.house.job).side == Side.US
    assert post("pause", **given).status_code == 422


def test_a_hold_may_be_open_ended_and_is_not_turned(post, cast):
    post("pause", reason="Insurance decides")
    assert current(cast, cast.house.job).pause_ends_at is None
    assert post("turn", side="customer", on="lead").status_code == 422


@pytest.mark.parametrize("verb", ["lose", "drop", "pause", "assign", "prioritize", "move", "reach"])
def test_each_form_is_a_page_of_its_own(client, cast, verb):
    client.force_login(cast.house.rita.user)
    url = f"/suncoast-test/jobs/{cast.house.job.number}/{verb}/"
    page = client.get(url).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "hx-post" not in page.split('id="main"')[1].split("</main>")[0]
    fragment = client.get(f"{url}?on=lead", headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]


def test_what_happened_is_on_record(post, cast):
    post("lose", reason="other", note="sold the house")
    with use_tenant(cast.house.tenant):
        event = Event.objects.of_job(cast.house.job.pk).get(kind="job.lost")
    assert (event.actor_id, event.data["reason"]) == (cast.house.rita.pk, "Other · sold the house")
