"""A real Chromium against a live server. Skipped with a reason where there is none; with CI=true that fails."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from crm.platform.events.hint_channel import STREAM
from tests.browser.scene_database import SceneDatabase
from tests.browser.windows import Windows
from tests.cast import Cast
from tests.static_files import serve

# The headless shell is the same engine without the window around it, which costs a sixth of a page's processor time.
SYSTEMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The browser of CHROMIUM, or the system's."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next(filter(None, map(shutil.which, SYSTEMS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    path = chromium()
    if path is None:
        why = "no Chromium: install the package chromium, or name one in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    # Playwright's loop runs in this thread; the tests' few queries beside it are not asynchronous.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()
    patch.undo()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """pytest-django's, with the static files in bundles."""
    server = serve(tmp_path_factory.mktemp("static"))
    yield server
    server.stop()


@dataclass
class Site:
    """The live server with the scene in it."""

    url: str
    cast: Cast
    numbers: dict[str, int]

    def path(self, rest: str) -> str:
        """The address of a page of the house."""
        return f"{self.url}/{self.cast.house.tenant.slug}/{rest}"

    def session(self, member: Any) -> dict[str, str]:
        """The cookie of somebody who has signed in."""
        client = Client()
        client.force_login(member.user)
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.url}


@pytest.fixture(scope="session")
def scene_database(django_db_setup: None) -> SceneDatabase:
    """The one of this worker."""
    return SceneDatabase()


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any, scene_database: SceneDatabase) -> Site:
    """The scene of tests/scene.py, served."""
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return Site(live_server.url, *scene_database.use())


def _is_complaint(message: Any) -> bool:
    # Not there, lost the race, not clear: answers, no faults of the page.
    answers = ("status of 404", "status of 409", "status of 410", "status of 422")
    # The live process is killed in tests; the browser itself notes the connection's end.
    ended = "net::ERR" in message.text and STREAM in message.location.get("url", "")
    # htmx says so of a part that was on its way as the page was left. Where a request fails, the browser notes it too.
    left = message.text.startswith(("htmx:afterRequest, ", "htmx:sendError, ", "htmx:sendAbort, "))
    # Before a tap Playwright cancels each touch that would meet something else, and tries again. None of our scripts
    # listens to it. The browser notes where it was too late for that: the page was scrolling, as on a busy machine.
    tapped = message.text.startswith("Ignored attempt to cancel a touchstart event with cancelable=false")
    excused = ended or left or tapped or any(words in message.text for words in answers)
    return message.type == "error" and not excused


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """Those of the run's browser."""
    return Windows(browser)


@pytest.fixture
def open_page(windows: Windows, site: Site) -> Iterator[Any]:
    """Open a page of one's own: `open_page(member=…, width=390, scheme="dark")`. Console errors fail the test.

    `failing`: requests are made to fail, and the browser notes each; errors of the page's own scripts still count.
    """
    complaints: list[str] = []

    def opened(
        *, member: Any = None, width: int = 1440, height: int = 900, failing: bool = False, **options: Any
    ) -> Page:
        page = windows.open(viewport={"width": width, "height": height}, **options)
        if member is not None:
            page.context.add_cookies([site.session(member)])
        if not failing:
            page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    windows.take_back(site.url)
    assert complaints == []
