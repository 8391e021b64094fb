"""Keeping the data right, in a browser: duplicates, data quality, correcting a lead, exports."""

from typing import Any

import pytest

from crm.jobs.models import Job
from crm.jobs.quality import checks
from crm.people.merging import duplicate_candidates
from crm.people.models import ContactPoint, Person
from crm.platform.tenancy.context import use_tenant
from crm.web.models import ExportRun
from tests.browser.test_pages import in_all_looks, problems, sweep

pytestmark = pytest.mark.browser


@pytest.fixture
def untidy(site: Any) -> None:
    with use_tenant(site.cast.house.tenant):
        people = [Person.objects.create(name=name) for name in ("John Smith", "Jon Smith")]
        for one in people:
            ContactPoint.objects.create(person=one, kind="phone", value="+18135550142")
        ExportRun.objects.create(kind="leads", format="csv", language="en", by=site.cast.house.mona)
        duplicate_candidates.look_at([one.pk for one in people])
        checks.check(list(Job.objects.open()))


def test_the_pages_of_the_data(open_page: Any, site: Any, untidy: None) -> None:
    page = open_page(member=site.cast.house.mona)
    paths = (
        "duplicates/",
        f"duplicates/of/{site.cast.house.cora.uid}/",
        "reports/data-quality/",
        f"jobs/{site.numbers['Hector Salinas']}/correct/?part=place",
        "exports/",
        "exports/of/leads/?level=over",
    )
    assert sweep(page, *map(site.path, paths)) == []


def test_two_records_become_one_and_two_again(open_page: Any, site: Any, untidy: None) -> None:
    page = open_page(member=site.cast.house.mona)
    page.goto(site.path("duplicates/"))
    page.get_by_role("button", name="Merge: same person").click()
    page.get_by_text("is now part of").wait_for()
    assert in_all_looks(page) == []
    page.get_by_role("button", name="Undo merge").click()
    page.get_by_text("two records again").wait_for()
    page.get_by_role("button", name="Merge: same person").wait_for()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_fact_is_edited_where_it_stands(open_page: Any, site: Any, width: int) -> None:
    page = open_page(member=site.cast.house.rita, width=width, height=844)
    page.goto(site.path(f"leads/{site.numbers['Hector Salinas']}/"))
    value = page.get_by_role("link", name="Edit: Value")
    value.focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Value").fill("no")
    page.keyboard.press("Escape")
    page.locator("form.is-inline").wait_for(state="detached")
    value.and_(page.locator(":focus")).wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Value").fill("lots")
    page.keyboard.press("Enter")
    page.locator("form.is-inline [role=alert]").wait_for()
    assert page.get_by_role("textbox", name="Value").input_value() == "lots"
    page.evaluate("scrollTo(0, 0)")  # else what lies half under the phone's bar depends on what follows the field
    assert problems(page) == []
    page.get_by_role("textbox", name="Value").fill("20,000")
    page.keyboard.press("Enter")
    page.locator("#who", has_text="$20,000").wait_for()
    value.and_(page.locator(":focus")).wait_for()
    assert problems(page) == []
    page.get_by_role("link", name="Edit: Name").click()
    page.get_by_role("textbox", name="Name").fill("Hector M. Salinas")
    page.keyboard.press("Enter")
    page.locator("#crumb", has_text="Hector M. Salinas").wait_for()
