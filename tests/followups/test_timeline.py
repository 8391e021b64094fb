"""The timeline: which customers, in which order, what stands on which day, and where nobody kept a promise."""

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest

from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpOutcome
from tests.queries import data_queries

# Today is in column 13: eleven days are before it.
TODAY = 13


@pytest.fixture
def for_customer(house: Any, planned: Any) -> Any:
    """Plan something for a customer of this name, `days` from now."""

    def plan(name: str, subject: str, days: float, **changed: Any) -> FollowUp:
        with use_tenant(house.tenant):
            person = Person.objects.filter(name=name).first() or Person.objects.create(name=name)
            return planned(subject, hours=24 * days, job=None, person_id=person.pk, **changed)

    return plan


def lanes(page: str) -> dict[str, list[tuple[str, int]]]:
    """The marks of each customer: their state and column."""
    found = {}
    for part in page.split('class="lane-row is-lane"')[1:]:
        name = re.findall(r"<bdi>([^<]*)</bdi>", part)[0]
        marks = re.findall(r'class="day-mark ?([\w-]*) col-(\d+)"', part)
        found[name] = [(css, int(column)) for css, column in marks]
    return found


def test_customers_come_in_the_order_of_the_list(for_customer: Any, planned: Any, as_member: Any) -> None:
    for_customer("Later", "Call", 3)
    for_customer("Late", "Call", -4)
    for_customer("Late", "Again", 1)
    planned("For nobody", job=None)
    page = as_member("rita").get("followups/timeline/")
    assert lanes(page) == {"Late": [("is-over", TODAY - 4), ("", TODAY + 1)], "Later": [("", TODAY + 3)]}
    html5lib.HTMLParser(strict=True).parse(page)


def test_what_was_done_stands_beside_what_is_to_do(for_customer: Any, as_member: Any, house: Any) -> None:
    late, good = for_customer("Cora", "Late", -5), for_customer("Cora", "Good", 1 / 24)
    for_customer("Cora", "Next", 2)
    with use_tenant(house.tenant):
        late.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
        good.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    page = as_member("rita").get("followups/timeline/")
    assert lanes(page)["Cora"] == [("is-missed", TODAY - 5), ("is-done", TODAY), ("", TODAY + 2)]
    assert f'class="silence col-{TODAY - 4} cols-4"' in page, "after a missed one, up to the next"
    assert "4 days without contact" in page


def test_something_overdue_for_long_stands_on_the_first_day(for_customer: Any, as_member: Any) -> None:
    for_customer("Cora", "Long ago", -60)
    page = as_member("rita").get("followups/timeline/")
    assert lanes(page)["Cora"] == [("is-over", 2)]
    assert "Cora: Long ago, overdue" in page


def test_several_on_a_day_are_one_mark_in_the_worst_state(for_customer: Any, as_member: Any, house: Any) -> None:
    done, _late = for_customer("Cora", "Done", -0.04), for_customer("Cora", "Late", -0.08)
    with use_tenant(house.tenant):
        done.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    page = as_member("rita").get("followups/timeline/")
    assert lanes(page)["Cora"] == [("is-over", TODAY)]
    assert "<b>2</b>" in page


def test_filters_search_and_visibility_hold_on_it(for_customer: Any, as_member: Any, house: Any) -> None:
    for_customer("Cora", "Call", 1)
    for_customer("Theo", "Visit", 2, kind="visit")
    for_customer("Monas", "Call", 1, assignee=house.mona, by=house.mona)
    rita, mona = as_member("rita"), as_member("mona")
    assert set(lanes(rita.get("followups/timeline/?who=all"))) == {"Cora", "Theo"}
    assert set(lanes(rita.get("followups/timeline/?kind=visit"))) == {"Theo"}
    assert set(lanes(rita.get("followups/timeline/?q=theo"))) == {"Theo"}
    assert set(lanes(mona.get("followups/timeline/?who=all"))) == {"Cora", "Theo", "Monas"}


def test_one_customer_by_name_or_by_link(for_customer: Any, as_member: Any, house: Any) -> None:
    follow_up = for_customer("Theo Nakamura", "Call", 1)
    for_customer("Cora", "Call", 1)
    rita = as_member("rita")
    with use_tenant(house.tenant):
        uid = Person.objects.get(pk=follow_up.person_id).uid
    for value in ("nakamura", uid):
        assert set(lanes(rita.get(f"followups/timeline/?customer={value}"))) == {"Theo Nakamura"}
    assert "<b>Theo Nakamura</b>" in rita.get(f"followups/?customer={uid}"), "the chip has the name"
    with use_tenant(house.tenant):
        FollowUp.objects.get(pk=follow_up.pk).complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    assert set(lanes(rita.get(f"followups/timeline/?customer={uid}"))) == {"Theo Nakamura"}, "closed ones, too"


def test_the_customer_of_a_lead_nobody_shares_has_no_link(as_member: Any, house: Any, planned: Any) -> None:
    with use_tenant(house.tenant):
        person = Person.objects.create(name="Hidden Harry")
        hidden = open_job(by=house.mona, title="Hidden", person=person, member=house.mona)
    planned("Call", job=hidden)
    page = as_member("rita").get("followups/timeline/")
    assert "Hidden Harry" in page
    assert "/people/" not in page.split('class="lanes"')[1].split("</main>")[0]


def test_earlier_and_later_days(for_customer: Any, as_member: Any) -> None:
    for_customer("Cora", "Call", 20)
    rita = as_member("rita")
    assert lanes(rita.get("followups/timeline/"))["Cora"] == []
    later = re.search(r'href="(\?day=[\d-]+)" aria-label="Later"', rita.get("followups/timeline/"))
    assert later
    later = re.search(r'href="(\?day=[\d-]+)" aria-label="Later"', rita.get(f"followups/timeline/{later[1]}"))
    assert later
    assert lanes(rita.get(f"followups/timeline/{later[1]}"))["Cora"] == [("", TODAY + 20 - 14)]
    assert "lane-row" in rita.get("followups/timeline/?kind=call&day=9999-99-99")


def test_pages_follow_each_other_without_a_customer_twice(house: Any, as_member: Any) -> None:
    with use_tenant(house.tenant):
        people = Person.objects.bulk_create(Person(name=f"Customer {number:02}") for number in range(60))
        at = clock.now() + timedelta(days=1)
        FollowUp.objects.bulk_create(
            FollowUp(kind="call", subject="Call", person=person, assignee=house.rita, due_at=moment, sort_at=moment)
            for nth, person in enumerate(people)
            for moment in (at + timedelta(minutes=nth), at + timedelta(days=2, minutes=nth))
        )
    rita = as_member("rita")
    first = rita.get("followups/timeline/")
    onward = re.search(r'href="\?(after=[^"]+)"', first)
    assert onward
    second = rita.get(f"followups/timeline/?{onward[1]}")
    assert len(lanes(first)) == 50
    assert [*lanes(first), *lanes(second)] == [f"Customer {number:02}" for number in range(60)]


def test_it_costs_the_same_for_one_customer_and_for_many(for_customer: Any, as_member: Any, planned: Any) -> None:
    rita = as_member("rita")
    for_customer("Cora", "Call", 1)
    planned()
    rita.get("followups/timeline/")
    with data_queries() as few:
        rita.get("followups/timeline/")
    for number in range(15):
        for_customer(f"Customer {number}", "Call", 1)
    with data_queries() as many:
        rita.get("followups/timeline/")
    assert len(many) == len(few) <= 12, many
