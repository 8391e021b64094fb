"""The list of calls, the figures of the report, and the settings of tracking numbers."""

from datetime import date

import pytest
from django.test import Client

from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.platform.organization.configuration import directory
from leads.calls.call_count import RESULTS, CallCount
from leads.models import CallPolicy, ExcuseReason, Spend, TrackedCall, TrackingNumber
from leads.sources.spending.amounts import SpendEntry, enter
from tests.cast import Cast
from tests.leads.calls.conftest import CORA, Calls, phone_channel
from tests.queries import data_queries
from tests.signed_in import force_login


@pytest.fixture
def mona(cast: Cast) -> Client:
    client = Client()
    force_login(client, cast.house.mona.user)
    return client


@pytest.fixture
def four_calls(called: Calls) -> None:
    called()
    called("+18135550178", seconds=0)
    called("+18135550179", seconds=9)
    called(CORA, seconds=500)
    called("+18135550180", seconds=500, ours=True)


def today() -> date:
    return clock.now().astimezone(directory().zone).date()


def test_each_number_of_the_report_is_that_of_its_list(mona: Client, four_calls: None, number: TrackingNumber) -> None:
    period = DayRange.up_to(today(), 30)
    counts = {result: CallCount(period, result, number.source_id, number.campaign_id) for result in RESULTS}
    assert {result: count.calls().count() for result, count in counts.items()} == {
        "calls": 4,
        "counted": 1,
        "missed": 1,
        "others": 2,
    }
    page = mona.get("/suncoast-test/leads/calls/figures/?period=30").text
    for count in counts.values():
        listed = mona.get("/suncoast-test/leads/calls/", {"brought": str(count)})
        assert listed.text.count('<tr id="c') == count.calls().count()
        assert str(count) in page


def test_what_was_spent_is_divided_by_counted_calls(mona: Client, four_calls: None, number: TrackingNumber) -> None:
    first = today().replace(day=1)
    entry = SpendEntry(number.source, number.campaign, first, "month", "USD", 300_00)
    assert enter([entry], by=None) == 1
    assert Spend.objects.count() == 1
    page = mona.get(f"/suncoast-test/leads/calls/figures/?first={first}&last={today()}").text
    assert "$" in page
    assert "Google Ads · Spring" in page
    assert "Calls by campaign" in mona.get("/suncoast-test/reports/sources/").text


def test_the_list_says_why_and_is_read_in_few_statements(mona: Client, four_calls: None) -> None:
    mona.get("/suncoast-test/leads/calls/")
    with data_queries() as queries:
        page = mona.get("/suncoast-test/leads/calls/").text
    for words in ("A new caller, long enough", "Nobody answered", "They had a lead before this call", "We called them"):
        assert words in page
    assert len(queries) <= 9
    assert mona.get("/suncoast-test/leads/calls/?verdict=none").text.count('<tr id="c') == 3
    assert mona.get("/suncoast-test/leads/calls/?q=Cora").text.count('<tr id="c') == 1


def test_an_unreadable_number_is_left_out(mona: Client, number: TrackingNumber) -> None:
    assert "was not recognized" in mona.get("/suncoast-test/leads/calls/?brought=1.2.3").text


def test_a_rep_sees_neither_list_nor_settings(cast: Cast, number: TrackingNumber) -> None:
    client = Client()
    force_login(client, cast.house.rita.user)
    for path in ("leads/calls/", "leads/calls/figures/", "leads/sources/tracking/"):
        assert client.get(f"/suncoast-test/{path}").status_code == 404


def test_numbers_are_assigned_and_archived_in_the_settings(mona: Client, number: TrackingNumber) -> None:
    channel = phone_channel("+18135550188")
    url = "/suncoast-test/leads/sources/tracking/"
    page = mona.get(url)
    assert "(813) 555-0188" in page.text
    version = page.context["version"]
    sent = {"version": version, "channel": channel.pk, "to": f"{number.source_id}-0"}
    assert mona.post(f"{url}add/", sent | {"to": "9-9"}).status_code == 422
    assert "Calls to (813) 555-0188 are tracked." in mona.post(f"{url}add/", sent, follow=True).text
    assert mona.post(f"{url}add/", sent).status_code == 409
    row = TrackingNumber.objects.get(channel=channel)
    version = mona.get(url).context["version"]
    mona.post(f"{url}{row.pk}/archive/", {"version": version})
    row.refresh_from_db()
    assert row.archived_at


def test_the_threshold_is_typed(mona: Client, number: TrackingNumber) -> None:
    url = "/suncoast-test/leads/sources/tracking/"
    version = mona.get(url).context["version"]
    refused = mona.post(f"{url}policy/", {"version": version, "seconds": "soon"})
    assert (refused.status_code, "Enter seconds from 1 to" in refused.text, "soon" in refused.text) == (422, True, True)
    mona.post(f"{url}policy/", {"version": version, "seconds": "90"})
    assert CallPolicy.objects.get().least_seconds == 90


def test_timeline_and_conversation_say_whether_a_call_counts(cast: Cast, called: Calls, mona: Client) -> None:
    call: TrackedCall = called()
    assert call.lead
    page = mona.get(f"/suncoast-test/leads/{call.lead.job.number}/").text
    assert "Counted as a lead · Google Ads · Spring" in page
    assert "Does this call count as a lead?" in mona.get(f"/suncoast-test/messages/{call.message.uid}/").text


def test_a_row_of_the_list_has_one_button_whose_menu_decides(mona: Client, called: Calls) -> None:
    call = called(seconds=9)
    url = f"/suncoast-test/leads/calls/of/{call.message.uid}/"
    row = mona.get("/suncoast-test/leads/calls/").text.partition(f'id="c{call.uid}"')[2].partition("</tr>")[0]
    assert (row.count("<button"), row.count('class="btn')) == (0, 1)
    assert 'hx-swap="innerHTML" hx-select="unset"' in row, "the region of the rows has others, which are inherited"
    menu = mona.get(f"{url}?on=list", headers={"HX-Request": "true"}).text
    assert ("Count as a lead" in menu, menu.count('name="reason"'), "<html" in menu) == (True, len(ExcuseReason), False)


def test_the_row_of_our_own_call_has_no_button(mona: Client, called: Calls) -> None:
    called(ours=True)
    assert "Decide" not in mona.get("/suncoast-test/leads/calls/").text.partition("<tbody>")[2].partition("</tbody>")[0]
