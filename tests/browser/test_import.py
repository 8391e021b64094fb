"""Import in a real browser: with and without JavaScript, at two widths, past axe and a strict HTML parser."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import WIDTHS, problems
from tests.libs.tabular.workbooks import workbook

pytestmark = pytest.mark.browser

CSV = (
    "Naam;E-mailadres;Telefoon;Plaats;Bedrag;Schoenmaat\n"
    "Zoë Müller;zoe@example.com;(813) 555-0111;Tampa;18.400;42\n"
    "Zoë Müller;ZOE@example.com;;;;\n"
    "Jan Jansen;jan@;813 555 0112;Tampa;veel;\n"
    ";;;;5;\n"
)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "f"}}
    }


def test_a_workbook_goes_in_and_comes_out_again(open_page: Any, site: Any, tmp_path: Path) -> None:
    """Choose what a column and a word mean, decide on a double, run it, take the refused rows, undo the whole."""
    header = ["Who", "E-mail", "Heard from", "Stage", "Created"]
    rows = [
        ["Zoë Müller", "zoe@example.com", "Fair", "Pending visit", date(2026, 3, 4)],
        ["C. Customer", f"cora@{site.cast.house.tenant.slug}-mail.example", "Fair", "New", None],
        ["", "", "", "New", None],
    ]
    (tmp_path / "leads.xlsx").write_bytes(workbook([["Printed today"], header, *rows]))
    width, height = WIDTHS["wide"]
    page = open_page(member=site.cast.house.mona, width=width, height=height)
    page.goto(site.path("leads/import/"))
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "leads.xlsx")
    page.get_by_role("button", name="Preview").click()
    page.get_by_label("Who", exact=True).select_option(label="Name")
    page.get_by_label("Heard from", exact=True).select_option(label="Source")
    with page.expect_navigation():
        page.get_by_role("button", name="Check again").click()
    page.get_by_label("Pending visit").select_option(label="Quote sent")
    with page.expect_navigation():
        page.get_by_role("button", name="Check again").click()
    page.get_by_label("Action for row 4").select_option(label="Make a new lead")
    found = problems(page)
    page.get_by_role("button", name="Decide").click()
    for words in ("2 new", "0 updated", "0 duplicate", "1 refused"):
        page.get_by_role("link", name=words, exact=True).wait_for()
    page.get_by_role("button", name="Start the import").click()
    page.get_by_role("heading", name="Done").wait_for()
    found += problems(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the refused rows").click()
    assert download.value.suggested_filename == "leads-refused.xlsx"
    page.goto(site.path("leads/"))
    page.get_by_text("Zoë Müller").first.wait_for()
    page.go_back()
    page.get_by_role("link", name="Undo the whole import").click()
    found += problems(page)
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("2 leads added by this import were deleted.").wait_for()
    found += problems(page)
    page.goto(site.path("leads/"))
    assert page.get_by_text("Zoë Müller").count() == 0
    assert found == []


def test_a_spreadsheet_is_brought_in_by_phone(open_page: Any, site: Any, tmp_path: Path) -> None:
    width, height = WIDTHS["phone"]
    page = open_page(member=site.cast.house.mona, width=width, height=height, color_scheme="dark")
    page.goto(site.path("leads/import/"))
    found = problems(page)
    (tmp_path / "leads.csv").write_text(CSV)
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "leads.csv")
    page.get_by_role("button", name="Preview").click()
    for words in ("2 new", "0 updated", "1 duplicate", "1 refused"):
        page.get_by_role("link", name=words, exact=True).wait_for()
    found += problems(page)
    page.get_by_role("button", name="Start the import").click()
    page.get_by_role("heading", name="Done").wait_for()
    found += problems(page)
    page.get_by_role("link", name="Back to the leads").click()
    page.get_by_text("Zoë Müller").first.wait_for()
    page.goto(site.path("leads/import/"))
    found += problems(page)
    assert found == []


def test_it_works_without_scripts(open_page: Any, site: Any, tmp_path: Path) -> None:
    page = open_page(member=site.cast.house.mona, java_script_enabled=False)
    page.goto(site.path("leads/import/"))
    (tmp_path / "leads.csv").write_text(CSV)
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "leads.csv")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Start the import").click()
    page.get_by_role("heading", name="Done").wait_for()
