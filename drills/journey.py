"""A rep signs in at a running product, writes a note on a lead, and finds it again."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from runtime.demo import PASSWORD

BROWSERS = ("chromium-headless-shell", "chromium")


def write_note(address: str) -> str:
    """Write a note on the first lead of the list. Returns its text. Raises playwright's errors."""
    text = f"Gate code is {secrets.token_hex(4)}."
    with _first_lead(address) as page:
        box = page.locator("form[action$='/contact/'] textarea[name=body]")
        box.fill(text)
        page.locator("form[action$='/contact/']").get_by_role("button", name="Add note").click()
        page.get_by_text(text).first.wait_for()
    return text


def read_note(address: str, text: str) -> None:
    """Find a note on the first lead of the list. Raises a TimeoutError of playwright if it is gone."""
    with _first_lead(address) as page:
        page.get_by_text(text).first.wait_for()


@contextmanager
def _first_lead(address: str) -> Iterator[Page]:
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page()
        page.goto(f"{address}/suncoast/leads/?sort=name")
        page.get_by_label("Email").fill("rep@suncoast.example")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main form button:not([type=button])").last.click()
        page.wait_for_url("**/leads/**")
        page.locator("tr.lead th a").last.click()
        page.locator("form[action$='/contact/']").wait_for()
        yield page
        browser.close()
