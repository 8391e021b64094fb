"""The board: its columns are the statuses, its counts their lists, and each drop the action of its status."""

import re
from typing import Any

import html5lib
import pytest

from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus
from followups.status_columns import CAP, COLUMNS
from tests.followups.test_list import subjects
from tests.queries import data_queries


@pytest.fixture
def each(planned: Any, house: Any) -> dict[str, FollowUp]:
    """One of Rita's in each column, by its key."""
    made = {key: planned(key, hours=-3 if key == "missed" else 4) for key in COLUMNS}
    with use_tenant(house.tenant):
        made["in_progress"].start(by=house.rita)
        made["completed"].complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
        made["cancelled"].cancel(by=house.rita)
    return made


def columns(page: str) -> dict[str, list[str]]:
    parts = re.split(r'data-phase="(\w+)"', page)[1:]
    return {
        key: re.findall(r"<h3>.*?<bdi>([^<]*)</bdi>", html) for key, html in zip(parts[::2], parts[1::2], strict=True)
    }


def drop(browser: Any, follow_up: FollowUp, phase: str, status: int = 200, **more: str) -> str:
    data = {"version": str(follow_up.version), "phase": phase, "on": "board", **more}
    answer = browser.post(f"followups/{follow_up.uid}/move/", data, status=status, htmx=True)
    assert answer["HX-Trigger"] == "followups"
    return str(answer.content.decode())


def fresh(house: Any, follow_up: FollowUp) -> FollowUp:
    with use_tenant(house.tenant):
        return FollowUp.objects.get(pk=follow_up.pk)


def test_each_stands_in_the_column_of_its_status(each: dict[str, FollowUp], as_member: Any) -> None:
    page = as_member("rita").get("followups/board/")
    assert columns(page) == {key: [key] for key in COLUMNS}
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.parametrize("query", ["", "?kind=call&where=when:not:today", "?status=in_progress"])
def test_a_column_is_its_list(each: dict[str, FollowUp], as_member: Any, query: str) -> None:
    rita = as_member("rita")
    page = rita.get(f"followups/board/{query}")
    shown = columns(page)
    for key, url in zip(shown, re.findall(r'<h2 id="h-\w+"><a href="/[^/]+/([^"]*)"', page), strict=True):
        assert subjects(rita.get(url.replace("&amp;", "&"))) == shown[key], key


def test_it_counts_what_the_lists_count(each: dict[str, FollowUp], as_member: Any, planned: Any) -> None:
    for number in range(CAP + 2):
        planned(f"No {number}")
    counts = as_member("rita").get("followups/counts/?shown=board")
    assert re.findall(r'id="column-(\w+)"[^>]*>(\d+)<', counts)[0] == ("pending", str(CAP + 3))
    assert re.findall(r'id="more-(\w+)"[^>]*>([^<]+)<', counts) == [("pending", "3 more")]
    page = as_member("rita").get("followups/board/")
    assert len(columns(page)["pending"]) == CAP
    assert 'id="more-pending"' in page


def test_filters_search_and_visibility_hold_on_it(
    each: dict[str, FollowUp], as_member: Any, planned: Any, house: Any
) -> None:
    planned("Monas", assignee=house.mona, by=house.mona)
    rita, mona = as_member("rita"), as_member("mona")
    assert columns(rita.get("followups/board/?q=miss"))["missed"] == ["missed"]
    assert columns(rita.get("followups/board/?q=miss"))["pending"] == []
    assert "Monas" not in rita.get("followups/board/?who=all")
    assert columns(mona.get("followups/board/"))["pending"] == ["Monas"]
    assert len(columns(mona.get("followups/board/?who=all"))["pending"]) == 2
    assert 'href="/suncoast-test/followups/?q=miss"' in rita.get("followups/board/?q=miss"), "the table keeps them"


@pytest.mark.parametrize(
    ("card", "column", "status"),
    [
        ("pending", "in_progress", FollowUpStatus.IN_PROGRESS),
        ("in_progress", "pending", FollowUpStatus.PENDING),
        ("missed", "in_progress", FollowUpStatus.IN_PROGRESS),
        ("pending", "cancelled", FollowUpStatus.CANCELLED),
        ("completed", "pending", FollowUpStatus.PENDING),
        ("cancelled", "in_progress", FollowUpStatus.IN_PROGRESS),
    ],
)
def test_a_drop_sets_the_status(
    each: dict[str, FollowUp], as_member: Any, house: Any, card: str, column: str, status: str
) -> None:
    drop(as_member("rita"), fresh(house, each[card]), column)
    assert fresh(house, each[card]).status == status


@pytest.mark.parametrize(
    ("card", "column", "why"),
    [
        ("pending", "missed", "It can’t be moved there."),
        ("missed", "pending", "Give it a new time"),
        ("completed", "cancelled", "Reopen it first."),
        ("pending", "completed", "Choose an outcome."),
        ("pending", "elsewhere", "Choose a column."),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(
    each: dict[str, FollowUp], as_member: Any, house: Any, card: str, column: str, why: str
) -> None:
    before = fresh(house, each[card])
    assert why in drop(as_member("rita"), before, column, status=422)
    assert fresh(house, each[card]).status == before.status


def test_done_asks_how_it_went(each: dict[str, FollowUp], as_member: Any, house: Any) -> None:
    rita, one = as_member("rita"), each["pending"]
    assert 'data-asks="complete/"' in rita.get("followups/board/")
    menu = rita.get(f"followups/{one.uid}/complete/?on=board", htmx=True)
    assert 'name="on" value="board"' in menu
    data = {"version": str(one.version), "come_from": "menu", "on": "board"}
    assert (
        "Choose an outcome."
        in rita.post(f"followups/{one.uid}/complete/", data, status=422, htmx=True).content.decode()
    )
    done = rita.post(f"followups/{one.uid}/complete/", data | {"outcome": "no_answer"}, status=200, htmx=True)
    assert "Undo" in done.content.decode()
    assert fresh(house, one).outcome == "no_answer"


def test_a_stale_card_is_a_conflict(each: dict[str, FollowUp], as_member: Any, house: Any) -> None:
    one = each["pending"]
    drop(as_member("mona"), one, "in_progress")
    assert "Someone else changed this" in drop(as_member("rita"), one, "cancelled", status=409)
    assert fresh(house, one).status == FollowUpStatus.IN_PROGRESS


def test_the_menu_is_the_drag_for_keys(each: dict[str, FollowUp], as_member: Any) -> None:
    rita = as_member("rita")
    menu = rita.get(f"followups/{each['in_progress'].uid}/move/?on=board", htmx=True)
    assert re.findall(r'name="phase" value="(\w+)"', menu) == ["pending", "cancelled"]
    assert 'value="tomorrow"' in menu
    closed = rita.get(f"followups/{each['completed'].uid}/move/?on=board", htmx=True)
    assert re.findall(r'name="phase" value="(\w+)"', closed) == ["pending", "in_progress"]
    assert "<h1" in rita.get(f"followups/{each['pending'].uid}/move/"), "the page, without scripts"


def test_nobody_moves_what_they_do_not_see(planned: Any, as_member: Any, house: Any) -> None:
    monas = planned("Monas", job=None, assignee=house.mona, by=house.mona)
    data = {"version": "1", "phase": "cancelled", "on": "board"}
    as_member("rita").post(f"followups/{monas.uid}/move/", data, status=404)


def test_the_board_costs_the_same_for_one_card_and_for_many(as_member: Any, planned: Any) -> None:
    rita = as_member("rita")
    planned()
    rita.get("followups/board/")
    with data_queries() as few:
        rita.get("followups/board/")
    for number in range(20):
        planned(f"No {number}")
    with data_queries() as many:
        rita.get("followups/board/")
    assert len(many) == len(few) <= 8, many


def test_a_follow_up_is_planned_in_an_open_column(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    page = rita.get("followups/board/")
    assert re.findall(r'hx-get="[^"]*/followups/new/\?status=(\w+)"', page) == ["pending", "in_progress"]
    form = rita.get("followups/new/?status=in_progress", htmx=True)
    assert '<input type="hidden" name="status" value="in_progress">' in form
    assert "?status=in_progress" in form, "separate fields keep it"
    values = {"text": "call tomorrow 3pm", "status": "in_progress", "come_from": "dialog"}
    answer = rita.post("followups/new/", values, status=200, htmx=True)
    assert answer["HX-Trigger"] == "followups, planned"
    assert columns(rita.get("followups/board/"))["in_progress"] == ["Call"]


def test_what_was_planned_in_a_column_is_taken_back(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    values = {"text": "call tomorrow 3pm", "status": "in_progress", "come_from": "dialog"}
    page = rita.post("followups/new/", values, status=200, htmx=True).content.decode()
    undo = re.search(r"/undo/([0-9a-f-]{36})/", page)
    assert undo
    rita.post(f"undo/{undo[1]}/", {})
    assert columns(rita.get("followups/board/"))["cancelled"] == ["Call"]


def test_no_other_status_begins_a_follow_up(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    for status in ("completed", "missed", "nonsense"):
        rita.post("followups/new/", {"text": "call tomorrow 3pm", "status": status})
    with use_tenant(house.tenant):
        assert set(FollowUp.objects.values_list("status", flat=True)) == {FollowUpStatus.PENDING}
