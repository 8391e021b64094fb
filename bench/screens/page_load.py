"""What a page weighs on a phone, its first time: requests, bytes, and Lighthouse's performance score.

Lighthouse needs Node, which nothing here does. So this signs in and loads each page in Chromium as Lighthouse does with
throttling applied (`--throttling-method=devtools`): a phone of 412 × 823, a processor a quarter as fast, a line of
1.4 Mbit/s with 562 ms before each answer, nothing in the cache. FCP, LCP, layout shifts and long tasks are the
browser's own entries, requests and bytes those of its network domain; bench/lighthouse.py makes the score of them.

Two things differ to our disadvantage: the speed index is taken to be when the last answer has come, which it cannot
exceed, and blocking counts long tasks after the first paint to the end, not until the page is interactive. One evens
out the machine, as Lighthouse asks for: where others use it too, so that the page's thread gets half of a core, it is
slowed half as much. What they take from the server still counts. Each score is the median of a few loads.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from bench import web
from bench.cluster import Servers
from bench.figures import Figure
from bench.screens import portal
from bench.screens.lighthouse import performance
from crm.platform.events.hint_channel import STREAM
from runtime.demo import PASSWORD
from runtime.servers.ports import free_port

DATABASE, TENANT = "bench_pages", "suncoast"
PAGES = {"list": "leads/", "board": "leads/board/", "follow-ups": "followups/"}
# Loads of each page before they count, which compile templates in each process of the server, and those that count;
# seconds without a request that end one, and at most.
WARM, LOADS, QUIET, LONGEST = 4, 5, 1.5, 60
# Lighthouse's constants `mobileSlow4G`, and its phone.
SLOWER = 4
LINE = {"offline": False, "latency": 150 * 3.75, "downloadThroughput": 1.6 * 1024 * 0.9 * 1024 / 8}
LINE |= {"uploadThroughput": 750 * 0.9 * 1024 / 8}
PHONE = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
    "color_scheme": "light",
}
OBSERVE = """
window.observed = {};
for (const type of ["paint", "largest-contentful-paint", "layout-shift", "longtask"]) {
  observed[type] = [];
  new PerformanceObserver((list) => observed[type].push(...list.getEntries().map((entry) => ({
    name: entry.name, start: entry.startTime, duration: entry.duration, value: entry.value, own: entry.hadRecentInput,
  })))).observe({ type, buffered: true });
}
"""


@dataclass
class Load:
    """What one load of a page took."""

    requests: list[str] = field(default_factory=list)
    weight: int = 0
    open: set[str] = field(default_factory=set)
    last: float = 0.0
    share: float = 1.0
    measured: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return performance(self.measured)


def measure(servers: Servers) -> list[Figure]:
    """Every page of PAGES, a lead's, and the page a customer has of their job, cold."""
    port = free_port()
    live = f"http://localhost:{port}{STREAM}"
    with (
        web.serving(servers, DATABASE, LIVE_URL=live) as own,
        web.listening(servers, DATABASE, own, port),
        _chromium() as chromium,
    ):
        origin = f"http://localhost:{own}"
        cookies, lead = _sign_in(chromium, origin)
        paths = {name: f"/{TENANT}/{path}" for name, path in PAGES.items()} | {"lead": lead}
        figures = _figures("sign-in", _loads(chromium, f"{origin}/account/login/", []))
        for name, path in paths.items():
            figures += _figures(name, _loads(chromium, origin + path, cookies))
        ((path, secret),) = portal.let_in(servers, DATABASE, TENANT)
        known = [{"name": portal.cookie_of(own), "value": secret, "url": origin}]
        return figures + _figures("a customer's job", _loads(chromium, origin + path, known))


@contextmanager
def _chromium() -> Iterator[Chromium]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("bin/bench: pages are measured in Chromium: install it, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()


def _sign_in(chromium: Chromium, origin: str) -> tuple[list[Any], str]:
    """A manager's cookies, and the path of the first lead of the list."""
    page = chromium.new_page()
    page.goto(f"{origin}/account/login/")
    page.fill("[name=login]", f"manager@{TENANT}.example")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{origin}/{TENANT}/**")
    page.goto(f"{origin}/{TENANT}/leads/")
    lead = page.locator("tr.lead th a").first.get_attribute("href")
    cookies = page.context.cookies()
    page.close()
    assert lead is not None
    return cookies, lead


def _loads(chromium: Chromium, url: str, cookies: list[Any]) -> list[Load]:
    """Load a page so many times, each in a browser that knows nothing but who is signed in."""
    loads = []
    for nth in range(WARM + LOADS):
        context = chromium.new_context(**PHONE)
        context.add_cookies(cookies)
        if nth < WARM:
            context.new_page().goto(url)
        else:
            loads.append(_load(context, url))
        context.close()
    return loads


def _load(context: BrowserContext, url: str) -> Load:
    page, load = context.new_page(), Load()
    page.add_init_script(OBSERVE)
    devtools = context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", lambda event: _begun(load, event))
    devtools.on("Network.dataReceived", lambda event: _came(load, 0))
    devtools.on("Network.loadingFinished", lambda event: _ended(load, event))
    devtools.on("Network.loadingFailed", lambda event: _ended(load, event))
    load.share = _share(page, devtools)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": max(1.0, SLOWER * load.share)})
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    page.goto(url, wait_until="load")
    limit = time.monotonic() + LONGEST
    while load.open or time.monotonic() - load.last < QUIET:
        if time.monotonic() > limit:
            raise RuntimeError(f"{url} still asks for {load.open}")
        page.wait_for_timeout(100)
    load.measured = _metrics(page)
    return load


def _share(page: Page, devtools: CDPSession) -> float:
    """The share of a core that the page's thread gets, while others use the machine."""
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _seconds_at_work(devtools)
    page.evaluate("ms => { for (const begin = performance.now(); performance.now() - begin < ms;); }", 300)
    return min(1.0, (_seconds_at_work(devtools) - before) / 0.3)


def _seconds_at_work(devtools: CDPSession) -> float:
    return next(
        one["value"] for one in devtools.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration"
    )


def _begun(load: Load, event: dict[str, Any]) -> None:
    if event["request"]["url"].startswith("data:"):
        return
    load.requests.append(event["request"]["url"])
    if event.get("type") != "EventSource":  # never ends
        load.open.add(event["requestId"])


def _came(load: Load, size: int) -> None:
    load.weight += size
    load.last = time.monotonic()


def _ended(load: Load, event: dict[str, Any]) -> None:
    load.open.discard(event["requestId"])
    _came(load, int(event.get("encodedDataLength", 0)))


def _metrics(page: Page) -> dict[str, float]:
    """Lighthouse's metrics, from the browser's entries."""
    seen = page.evaluate("window.observed")
    fcp = next(one["start"] for one in seen["paint"] if one["name"] == "first-contentful-paint")
    lcp = seen["largest-contentful-paint"][-1]["start"]
    ends = page.evaluate("performance.getEntriesByType('resource').map((one) => one.responseEnd)")
    tasks = [(max(one["start"], fcp), one["start"] + one["duration"]) for one in seen["longtask"]]
    return {
        "fcp": fcp,
        "lcp": lcp,
        "si": max(lcp, *ends) if ends else lcp,
        "tbt": sum(max(0.0, end - begin - 50) for begin, end in tasks),
        "cls": _shift([one for one in seen["layout-shift"] if not one["own"]]),
    }


def _shift(shifts: list[dict[str, float]]) -> float:
    """The worst window of layout shifts: at most a second between two of them, and five seconds in all."""
    worst = window = 0.0
    begin = last = float("-inf")
    for one in shifts:
        if one["start"] - last > 1000 or one["start"] - begin > 5000:
            window, begin = 0.0, one["start"]
        window, last = window + one["value"], one["start"]
        worst = max(worst, window)
    return worst


def _figures(name: str, loads: list[Load]) -> list[Figure]:
    middle = sorted(loads, key=lambda load: load.score)[len(loads) // 2]
    times = [f"{metric.upper()} {value:.0f}" for metric, value in middle.measured.items() if metric != "cls"]
    note = ", ".join([*times, f"CLS {middle.measured['cls']:.2f}; {middle.share:.0%} of a core"])
    return [
        Figure(f"{name}: requests", max(len(load.requests) for load in loads), "", most=12),
        Figure(f"{name}: transferred", max(load.weight for load in loads) / 1000, "kB", most=120),
        Figure(f"{name}: Lighthouse performance", middle.score, "", least=95, note=note),
    ]
