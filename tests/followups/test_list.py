"""The list of follow-ups: whose, in which order, in which groups, with true figures, and what a page costs."""

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from crm.kernel import clock
from crm.platform.models import Tenant
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from followups.models import FollowUp, FollowUpOutcome
from followups.row_html import FollowUpRowHtml
from followups.rows import FollowUpRowBuilder

TRANSACTION_CONTROL = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|select set_config)", re.IGNORECASE)


def subjects(page: str) -> list[str]:
    return re.findall(r'<span class="what">.*?<bdi>([^<]*)</bdi>', page)


def headings(page: str) -> list[str]:
    return re.findall(r'<h2 class="todo-group">.*?<b>([^<]*)</b>', page)


def figures(page: str) -> list[str]:
    return re.findall(r"<b>([^<]+)</b>", page.split('id="tiles"')[1].split("</nav>")[0])


@pytest.fixture
def week(planned: Any, house: Any) -> None:
    """One of each group."""
    planned("Next month", hours=24 * 30)
    planned("Friday", hours=48)
    planned("Tonight", hours=6)
    planned("Three days ago", hours=-72)
    planned("An hour ago", hours=-1)
    planned("Monas", assignee=house.mona, by=house.mona)
    with use_tenant(house.tenant):
        FollowUp.plan(kind="task", subject="Some day", due_at=None, assignee=house.rita, by=None)


def test_it_runs_from_overdue_to_some_day(week: None, as_member: Any) -> None:
    page = as_member("rita").get("followups/")
    assert headings(page) == ["Overdue", "Today", "Later this week", "Later", "Without a date"]
    assert subjects(page) == ["Three days ago", "An hour ago", "Tonight", "Friday", "Next month", "Some day"]
    assert figures(page) == ["2", "1", "2", "–"]
    assert re.findall(r'id="group-(\w+)">(\d+)<', page) == [
        *[("overdue", "2"), ("today", "1"), ("week", "1")],
        *[("later", "1"), ("undated", "1")],
    ]
    assert "oldest 3 days" in page
    assert '<span class="age crit">3d</span>' in page
    assert '<span class="age late">1h</span>' in page
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.parametrize(
    ("when", "found"),
    [("overdue", ["Three days ago", "An hour ago"]), ("today", ["Tonight"]), ("week", ["Tonight", "Friday"])],
)
def test_each_figure_opens_its_list(week: None, as_member: Any, when: str, found: list[str]) -> None:
    assert subjects(as_member("rita").get(f"followups/?when={when}")) == found


def test_managers_see_everybodys(week: None, as_member: Any, house: Any) -> None:
    mona, rita = as_member("mona"), as_member("rita")
    assert subjects(mona.get("followups/")) == ["Monas"]
    assert len(subjects(mona.get("followups/?who=all"))) == 7
    assert len(subjects(mona.get(f"followups/?who={house.rita.uid}"))) == 6
    assert subjects(mona.get("followups/?who=nobody")) == []
    assert "Monas" not in rita.get("followups/?who=all"), "a rep's list is the own one"


def test_filters_and_what_was_done(week: None, as_member: Any, house: Any, planned: Any) -> None:
    rita = as_member("rita")
    late, good = planned("Late", hours=-5, kind="email"), planned("Good", kind="email", priority=1)
    with use_tenant(house.tenant):
        late.complete(FollowUpOutcome.NO_ANSWER, by=house.rita)
        assert subjects(rita.get("followups/?kind=email")) == ["Good"]
        assert subjects(rita.get("followups/?priority=1")) == ["Good"]
        good.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    page = rita.get("followups/?status=completed")
    assert subjects(page) == ["Good", "Late"], "the last first"
    assert "No answer" in page
    assert figures(page) == ["2", "1", "2", "50%"]
    assert "2 done" in page
    assert subjects(rita.get("followups/?kind=nonsense&status=x&when=y")) == subjects(rita.get("followups/"))
    assert "No follow-up matches" in rita.get("followups/?kind=visa")


def test_pages_follow_a_place(as_member: Any, planned: Any, house: Any) -> None:
    rita = as_member("rita")
    with use_tenant(house.tenant):
        at = clock.now() + timedelta(days=1)
        FollowUp.objects.bulk_create(
            FollowUp.build(kind="call", subject=f"No {n:03}", assignee=house.rita, due_at=at) for n in range(120)
        )
    seen, url = [], "followups/"
    while url:
        page = rita.get(url)
        seen += subjects(page)
        onward = re.search(r'href="\?(after=[^"]+)"', page)
        url = f"followups/?{onward[1]}" if onward else ""
    assert seen == [f"No {n:03}" for n in range(120)]
    back = re.search(r'href="\?(before=[^"]+)"', page)
    assert back
    assert subjects(rita.get(f"followups/?{back[1]}")) == [f"No {n:03}" for n in range(50, 100)]
    assert subjects(rita.get("followups/?after=nonsense"))[0] == "No 000"


def test_a_page_costs_the_same_for_one_row_and_for_fifty(as_member: Any, planned: Any) -> None:
    rita = as_member("rita")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rita.get("followups/")
        return len([query for query in captured if not TRANSACTION_CONTROL.match(query["sql"])])

    planned("first")
    rita.get("followups/")
    one = queries()
    for at in range(30):
        planned(f"No {at}", hours=at + 1)
    assert queries() == one <= 8


def test_htmx_gets_the_content_alone(week: None, as_member: Any) -> None:
    fragment = as_member("rita").get("followups/", htmx=True)
    assert fragment.startswith('<nav class="tiles"')
    assert '<div id="content"' in fragment
    assert "<html" not in fragment
    # At the next one's time the page asks again.
    assert 'data-crossing="2026-11-25T21:00:00+00:00"' in fragment


def test_the_navigation_counts_what_is_overdue(week: None, as_member: Any) -> None:
    number = '<small id="count-followups-list" hx-swap-oob="innerHTML">'
    assert f'{number}2<span class="vh"> overdue</span></small>' in as_member("rita").get("counts/")
    assert f"{number}</small>" in as_member("mona").get("counts/")
    assert 'hx-get="/suncoast-test/counts/?area=leads-list"' in as_member("rita").get("leads/")


def test_what_people_type_is_escaped(as_member: Any, planned: Any) -> None:
    planned("<script>alert(1)</script>")
    page = as_member("rita").get("followups/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_who_sees_everybody_is_told_whose_list_it_is(as_member: Any, week: None) -> None:
    rita, ada = as_member("rita"), as_member("ada")
    html = ada.get("followups/")
    assert "No follow-ups" in html
    assert "<b>Ada Admin</b>" in html
    assert html.count('href="?who=all"') == 2, "as a filter, and where the own list is empty"
    everybodys = ada.get("followups/?who=all")
    assert "<b>everybody</b>" in everybodys
    assert set(subjects(everybodys)) > set(subjects(rita.get("followups/")))
    assert "who=all" not in rita.get("followups/")


def test_a_heading_whose_last_row_was_done_loses_its_number(planned: Any, as_member: Any) -> None:
    rita, follow_up = as_member("rita"), planned(hours=-3)
    assert '<span id="group-overdue">1</span>' in rita.get("followups/", htmx=True)
    data = {"version": "1", "come_from": "list", "outcome": "successful"}
    rita.post(f"followups/{follow_up.uid}/complete/", data, status=200, htmx=True)
    assert '<span id="group-overdue"></span>' in rita.get("followups/", htmx=True)


def test_missed_is_a_status_one_can_ask_for(week: None, as_member: Any) -> None:
    rita = as_member("rita")
    assert subjects(rita.get("followups/?status=missed")) == ["Three days ago", "An hour ago"]
    assert subjects(rita.get("followups/?status=pending&where=when:not:overdue"))[0] == "Tonight"


def test_the_search_reads_notes_too(planned: Any, as_member: Any) -> None:
    planned("Call", notes="Wants the copper gutters")
    planned("Other")
    assert subjects(as_member("rita").get("followups/?q=copper")) == ["Call"]


def test_the_share_done_in_time_opens_those_it_counts(planned: Any, as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    with use_tenant(house.tenant):
        for subject, hours in (("Good", 4), ("Late", -5), ("Better", 2)):
            planned(subject, hours=hours).complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
        with clock.at(clock.now() - timedelta(days=40)):
            planned("Long ago").complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    page = rita.get("followups/")
    assert "67%" in page
    assert "2 of 3 done in 30 days" in page
    url = re.search(r'<a class="tile" href="([^"]*timing=on_time[^"]*)"', page)
    assert url
    assert subjects(rita.get(f"followups/{url[1].replace('&amp;', '&')}")) == ["Good", "Better"]
    assert subjects(rita.get("followups/?timing=late")) == ["Late"]
    assert len(subjects(rita.get("followups/?where=done:within:60"))) == 4


def test_the_layouts_keep_the_filters(week: None, as_member: Any) -> None:
    page = as_member("rita").get("followups/?kind=call")
    for layout in ("", "calendar/", "board/", "timeline/"):
        assert f'href="/suncoast-test/followups/{layout}?kind=call"' in page


def test_the_address_of_the_organization_may_have_a_nought(planned: Any, house: Any) -> None:
    request: Any = RequestFactory().get("/")
    request.tenant, request.member = Tenant(slug="roof2030"), house.rita
    with use_tenant(house.tenant):
        follow_up = planned("Call back")
        row = FollowUpRowBuilder(request, Reader.of(house.rita, clock.now()), [follow_up]).row(follow_up)
    shown = FollowUpRowHtml(request).html(row)
    assert f"/roof2030/jobs/{house.job.number}/reach/?on=elsewhere" in shown
    assert f"/roof2030/messages/write/{house.job.number}/" in shown
