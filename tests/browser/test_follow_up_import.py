"""Import of follow-ups in a real browser: choose a file, map a column, check, import, take the refused, undo."""

from pathlib import Path
from typing import Any

import pytest

from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.browser.test_pages import WIDTHS, problems

pytestmark = pytest.mark.browser

CSV = (
    "Key,What,Remark,When,Assigned to\n"
    "T-1,Ask about the roof,She is in after five,2030-05-06 10:00,Rita Rep\n"
    "T-2,Send the papers,,2030-05-07,Nobody Known\n"
)


def follow_ups(site: Any) -> list[tuple[str, str, str]]:
    with use_tenant(site.cast.house.tenant):
        rows = FollowUp.objects.filter(subject="Ask about the roof")
        return list(rows.values_list("subject", "notes", "status"))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_file_goes_in_and_is_taken_back(open_page: Any, site: Any, tmp_path: Path, width: str) -> None:
    (tmp_path / "tasks.csv").write_text(CSV)
    wide, high = WIDTHS[width]
    page = open_page(member=site.cast.house.mona, width=wide, height=high)
    page.goto(site.path("followups/import/"))
    found = problems(page)
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "tasks.csv")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("There is no active member “Nobody Known”.").wait_for()
    page.get_by_label("Remark").select_option(label="Notes")
    with page.expect_navigation():
        page.get_by_role("button", name="Check again").click()
    found += problems(page)
    page.get_by_role("button", name="Import 1 follow-up").click()
    page.get_by_role("heading", name="Done").wait_for()
    found += problems(page)
    assert follow_ups(site) == [("Ask about the roof", "She is in after five", "pending")]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the refused rows").click()
    assert "Nobody Known" in Path(download.value.path()).read_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    assert follow_ups(site) == [("Ask about the roof", "She is in after five", "cancelled")]
    assert found == []
