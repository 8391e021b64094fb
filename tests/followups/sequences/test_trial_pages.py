"""The pages of a sequence in test mode: what it would have done, and the way to turn it on."""

import re
from html import unescape

import pytest
from django.test import Client

from crm.kernel import clock
from followups.sequences.enrolling import enrol
from followups.sequences.models import Enrolment, Sequence
from tests.cast import House
from tests.followups.preset_acts import MONDAY
from tests.followups.sequences.scenes import HOUR, lead, message, pass_to, row, sent, sequence, task, wait
from tests.followups.sequences.test_editor import edit
from tests.markup import flat
from tests.queries import data_queries

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(house: House) -> Client:
    client = Client()
    client.force_login(house.ada.user)
    return client


def url(house: House, path: str = "") -> str:
    return f"/{house.tenant.slug}/sequences/{path}"


@pytest.fixture
def tested(house: House) -> Sequence:
    """In test mode, with Cora's lead behind its first message."""
    made = sequence(message(), wait(2), task(), name="Nudge")
    made.switch("shadow", by=house.ada)
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    return made


def test_a_button_puts_it_in_test_mode_and_the_page_says_so(house: House, ada: Client) -> None:
    made = sequence(message(), wait(2))
    page = flat(edit(ada, url(house, f"{made.uid}/"), do="shadow").content.decode())
    assert "Now in test mode: it only logs what it would do." in page
    assert "Nothing is sent or planned." in page
    assert Sequence.objects.get().mode == "shadow"


def test_its_numbers_are_those_of_the_test_and_open_its_list(house: House, ada: Client, tested: Sequence) -> None:
    page = ada.get(url(house, f"{tested.uid}/")).content.decode()
    assert "Day 1 of the test, would have sent 1 message" in flat(page)
    assert "In the test now" in page
    links = {unescape(link) for link in re.findall(r'href="([^"]+/people/\?[^"]+)"', page)}
    steps = [link for link in links if "at=" in link or "reached=" in link]
    assert steps
    assert all("test=1" in link for link in steps)
    listed = flat(ada.get(next(link for link in links if f"at={tested.version_id}.1" in link)).content.decode())
    assert lead(house).title in listed
    assert "Test mode" in listed


def test_the_log_says_what_to_whom_and_when(house: House, ada: Client, tested: Sequence) -> None:
    page = flat(ada.get(url(house, f"{tested.uid}/test/")).content.decode())
    assert lead(house).title in page
    assert "would be sent by Email" in page
    assert re.search(r"today, 11:00.AM", page)
    own = flat(ada.get(url(house, f"people/{row().uid}/")).content.decode())
    assert re.search(r"today, 11:00.AM: would be sent by Email", own)


def test_the_log_has_only_leads_that_a_member_sees(house: House, tested: Sequence) -> None:
    client = Client()
    client.force_login(house.rita.user)
    path = url(house, f"{tested.uid}/test/")
    assert lead(house).title in client.get(path).content.decode()
    type(house.job).objects.filter(pk=house.job.pk).update(member=house.sam)
    assert lead(house).title not in client.get(path).content.decode()


def test_what_is_tested_is_in_no_other_list_and_on_no_page_of_a_lead(
    house: House, ada: Client, tested: Sequence
) -> None:
    assert "Nobody here" in ada.get(url(house, "people/?state=inside")).content.decode()
    panel = ada.get(url(house, f"leads/{house.job.number}/"), headers=HTMX).content.decode()
    assert "In no sequence now." in panel


def test_starting_it_says_that_nothing_is_sent(house: House, ada: Client) -> None:
    made = sequence(message(), wait(2))
    made.switch("shadow", by=house.ada)
    path = url(house, f"leads/{house.job.number}/enrol/")
    page = flat(ada.post(path, {"to": made.uid}, headers=HTMX).content.decode())
    assert "Nudge (Test mode)" in page
    assert "Test mode: it logs what it would do, and does nothing." in page


@pytest.mark.parametrize(("begin", "count"), [("future", 0), ("tested", 1)])
def test_turned_on_it_begins_anew_or_also_with_those_in_the_test(
    house: House, ada: Client, tested: Sequence, begin: str, count: int
) -> None:
    path = url(house, f"{tested.uid}/on/")
    with clock.at(MONDAY + 2 * HOUR):
        with data_queries() as queries:
            page = flat(ada.get(path).content.decode())
        assert len([query for query in queries if "SELECT COUNT(*)" in query and '"jobs_job"' in query]) == 1
        assert "The test ends, and those in it leave it." in page
        assert "Also the lead that is in the test, from the first step" in page
        version = re.search(r'name="version" value="(\w+)"', page)
        assert version is not None
        ada.post(path, {"version": version[1], "begin": begin})
    pass_to(3 * HOUR)
    assert (Enrolment.objects.in_test(False).count(), len(sent())) == (count, count)
    assert Enrolment.objects.in_test().get().end_reason == "test"
