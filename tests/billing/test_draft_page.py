"""The page on which a draft is edited."""

from typing import Any

import pytest

from billing.models import Invoice, LineDraft
from crm.jobs.models import Job
from tests.cast import House
from tests.followups.conftest import Browser


@pytest.fixture
def draft(house: House, job: Job) -> Invoice:
    lines = [LineDraft("Work", 10_000, unit="h", description="By two"), LineDraft("Skip", 5_000)]
    return Invoice.draft(job, "progress", "Work has begun", lines, by=house.sam)


def typed(draft: Invoice, **given: Any) -> dict[str, Any]:
    fields = {
        "version": draft.form_version,
        "title": "Half of it",
        "due_days": "9",
        "note": "Thank you",
        "of": ["0", "1", ""],
        "name": ["Work", "", "Crane"],
        "quantity": ["2.5", "1", ""],
        "price": ["100", "", "80.50"],
        "rate": ["7.5", "0", ""],
    }
    return fields | given


def test_lines_are_changed_removed_and_added(draft: Invoice, sam: Browser) -> None:
    page = f"invoices/{draft.uid}/edit/"
    assert 'value="Skip"' in sam.get(page)
    sam.post(page, typed(draft))
    draft.refresh_from_db()
    lines = [(one.name, one.quantity, one.unit_price, one.tax_rate, one.unit) for one in draft.lines.all()]
    assert lines == [("Work", 2_500, 10_000, 75_000, "h"), ("Crane", 1_000, 8_050, 0, "")]
    assert (draft.title, draft.due_days, draft.note, draft.total) == ("Half of it", 9, "Thank you", 34_925)
    assert draft.is_draft


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"price": ["abc", "", ""]}, 422),
        ({"name": ["", "", ""], "price": ["", "", ""]}, 422),
        ({"due_days": "many"}, 422),
        ({"version": "0"}, 409),
    ],
)
def test_what_cannot_be_saved_stays_in_the_fields(
    draft: Invoice, sam: Browser, given: dict[str, Any], status: int
) -> None:
    response = sam.post(f"invoices/{draft.uid}/edit/", typed(draft, **given), status=status)
    assert "Half of it" in response.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Work has begun"


def test_an_issued_one_has_no_such_page(house: House, draft: Invoice, sam: Browser, rita: Browser) -> None:
    rita.get(f"invoices/{draft.uid}/edit/", status=404)
    draft.issue(by=house.sam)
    sam.get(f"invoices/{draft.uid}/edit/", status=404)


def test_a_draft_names_its_customer(draft: Invoice, job: Job, sam: Browser) -> None:
    assert job.person is not None
    for page in ("", "edit/"):
        assert job.person.name in sam.get(f"invoices/{draft.uid}/{page}").split("<h1")[1].split("<table")[0]
