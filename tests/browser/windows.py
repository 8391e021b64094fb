"""Windows of one Chromium, each for one person at a time and empty for the next.

A new window costs a second of processor time before it shows anything: its processes, its caches, its fonts.
"""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page


class Windows:
    """Lends windows by their options; one that was given back holds no cookie, no storage and no page."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.idle: dict[str, list[BrowserContext]] = {}
        self.lent: list[tuple[str, BrowserContext]] = []

    def open(self, **options: Any) -> Page:
        """Open an empty page in a window that nobody else has."""
        kind = repr(sorted(options.items()))
        idle = self.idle.setdefault(kind, [])
        window = idle.pop() if idle else self.browser.new_context(**options)
        self.lent.append((kind, window))
        return window.pages[0] if window.pages else window.new_page()

    def take_back(self, url: str) -> None:
        """Close all pages and forget what the server at `url` left in their windows."""
        for kind, window in self.lent:
            empty(window, url)
            self.idle[kind].append(window)
        self.lent.clear()


def empty(window: BrowserContext, url: str) -> None:
    """Leave nothing behind but what was fetched, and an empty page: each costs a third of a second."""
    window.set_offline(False)
    last = window.new_page()
    for page in window.pages:
        if page is not last:
            page.close()
    session = window.new_cdp_session(last)
    session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    session.detach()
    window.clear_cookies()


def settle(page: Page) -> None:
    """Wait for the parts a page asks for once it is there: who signs out before they came is refused them."""
    page.wait_for_load_state("load")
    page.locator(".htmx-request").first.wait_for(state="detached")
