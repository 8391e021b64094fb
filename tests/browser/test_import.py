"""Import in a real browser: with and without JavaScript, at two widths, past axe and a strict HTML parser."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import WIDTHS, problems

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


@pytest.mark.parametrize(
    ("size", "options"),
    [("wide", {"color_scheme": "light"}), ("phone", {"color_scheme": "dark"})],
    ids=["wide light", "phone dark"],
)
def test_a_spreadsheet_is_brought_in(open_page: Any, site: Any, tmp_path: Path, size: str, options: Any) -> None:
    width, height = WIDTHS[size]
    page = open_page(member=site.cast.house.mona, width=width, height=height, **options)
    page.goto(site.path("leads/import/"))
    found = problems(page)
    (tmp_path / "leads.csv").write_text(CSV)
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "leads.csv")
    page.get_by_role("button", name="Show what would happen").click()
    for words in ("2 new", "0 updated", "1 duplicate", "1 refused"):
        page.get_by_role("link", name=words, exact=True).wait_for()
    found += problems(page)
    page.get_by_role("button", name="Import 4 rows").click()
    page.get_by_role("heading", name="Done").wait_for()
    found += problems(page)
    page.get_by_role("link", name="To the leads").click()
    assert page.get_by_text("Zoë Müller").first.is_visible()
    page.goto(site.path("leads/import/"))
    found += problems(page)
    assert found == []


def test_it_works_without_scripts(open_page: Any, site: Any, tmp_path: Path) -> None:
    page = open_page(member=site.cast.house.mona, java_script_enabled=False)
    page.goto(site.path("leads/import/"))
    (tmp_path / "leads.csv").write_text(CSV)
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "leads.csv")
    page.get_by_role("button", name="Show what would happen").click()
    page.get_by_role("button", name="Import 4 rows").click()
    page.get_by_role("heading", name="Done").wait_for()
