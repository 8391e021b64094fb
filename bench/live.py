"""200 open tabs, one change: how long from pressing the button to the fresh rows in the last of them.

Each tab does what the page's scripts do: it hears the hint, waits up to a second, and asks for its rows, their counts
and the numbers of the navigation. Web, broker, live process, database and the tabs themselves share the machine.
"""

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import Browser, listening, serving
from crm.platform.events.hint_channel import STREAM
from runtime.demo import PASSWORD
from runtime.servers.ports import free_port

DATABASE, JOBS, SLUG = "bench_live", 20_000, "scale-1"
TABS, MEMBERS, CHANGES = 200, 20, 5
# Seconds: as static/js/refresh.js spreads what tabs ask, and lets a region rest.
SPREAD, LATER, REST = 1, 3, 3
# And as templates/leads/list.html lets the counts of fresh rows wait.
COUNTS = 2
SCRIPT = ROOT / "static" / "js" / "refresh.js"


@dataclass
class Tab:
    """An open list of leads."""

    browser: Browser
    ticket: str
    fresh: list[float] = field(default_factory=list)
    numbered: list[float] = field(default_factory=list)

    async def live(self, port: int, began: list[float]) -> None:
        """Hear hints and ask, until cancelled; `began` is when the last change was asked for."""
        path = f"{STREAM}?ticket={quote(self.ticket)}"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"data: ") and b"jobs" in line:
                    await asyncio.gather(self._rows(began), self._numbers(began))
        finally:
            writer.close()

    async def _rows(self, began: list[float]) -> None:
        await asyncio.sleep(random.random() * SPREAD)
        body = await self._get(f"/{SLUG}/leads/")
        self.fresh.append(time.perf_counter() - began[-1])
        counts = re.search(rb'hx-get="(/[^"]+/counts/[^"]*)"', body)
        if b'class="lead"' not in body or counts is None:
            raise RuntimeError("no rows came")
        await asyncio.sleep(COUNTS)
        await self._get(counts[1].decode().replace("&amp;", "&"))

    async def _numbers(self, began: list[float]) -> None:
        await asyncio.sleep(SPREAD + random.random() * SPREAD * LATER)
        await self._get(f"/{SLUG}/counts/")
        self.numbered.append(time.perf_counter() - began[-1])

    async def _get(self, path: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.browser.port)
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        headers = f"Host: localhost:{self.browser.port}\r\nCookie: {cookies}\r\nHX-Request: true\r\nConnection: close"
        writer.write(f"GET {path} HTTP/1.1\r\n{headers}\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path} answers {answer[:40]!r}")
        return answer


def measure(servers: Servers) -> list[Figure]:
    """One change after another, by the real form."""
    _require_the_scripts_own_spread()
    port = free_port()
    url = f"http://localhost:{port}{STREAM}"
    with serving(servers, DATABASE, LIVE_URL=url) as web, listening(servers, DATABASE, web, port) as process:
        boss, tabs = _open_tabs(web)
        asyncio.run(_change(boss, tabs, port))
        memory = _memory(process)
    fresh = [seconds for tab in tabs for seconds in tab.fresh]
    numbered = [seconds for tab in tabs for seconds in tab.numbered]
    assert len(fresh) == len(numbered) == TABS * CHANGES
    note = f"p50 {percentile(fresh, 0.5):.2f}, p95 {percentile(fresh, 0.95):.2f} s, over {CHANGES} changes"
    return [
        Figure(f"change to fresh rows, last of {TABS} tabs", max(fresh), "s", most=2, note=note),
        Figure("change to true numbers, last tab", max(numbered), "s", note=f"p50 {percentile(numbered, 0.5):.2f} s"),
        Figure(f"memory of the live process, {TABS} connections", memory, "MB", most=80),
    ]


def _require_the_scripts_own_spread() -> None:
    said = SCRIPT.read_text(encoding="utf-8")
    if f"SPREAD = {SPREAD}000, LATER = {LATER}, REST = {REST}000" not in said:
        raise RuntimeError(f"{SCRIPT.name} spreads differently")


def _open_tabs(web: int) -> tuple[Browser, list[Tab]]:
    """The one who changes something, and the tabs of a few members who watch."""
    browsers = []
    for name in ["manager", *(f"rep{at}" for at in range(1, MEMBERS))]:
        browsers.append(Browser(web))
        browsers[-1].sign_in(f"{name}@{SLUG}.example", PASSWORD)
    tabs = []
    for nth in range(TABS):
        browser = browsers[nth % MEMBERS]
        tabs.append(Tab(browser, json.loads(browser.get(f"/{SLUG}/live/ticket/").body)["ticket"]))
    return browsers[0], tabs


async def _change(boss: Browser, tabs: list[Tab], port: int) -> None:
    began: list[float] = []
    watching = [asyncio.create_task(tab.live(port, began)) for tab in tabs]
    await asyncio.sleep(1)
    numbers, token = await asyncio.to_thread(_holes, boss)
    for number in numbers:
        values = {"csrfmiddlewaretoken": token, "text": "call in 3 days", "job": number}
        began.append(time.perf_counter())
        answer = await asyncio.to_thread(boss.post, f"/{SLUG}/followups/new/", values)
        if answer.status != 302:
            raise RuntimeError(f"the form answers {answer.status}")
        await _until_all_asked(tabs, len(began), watching)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)


async def _until_all_asked(tabs: list[Tab], times: int, watching: list["asyncio.Task[None]"]) -> None:
    """Until each tab is fresh again and has rested. Raises RuntimeError after a minute."""
    limit = time.monotonic() + 60
    while any(min(len(tab.fresh), len(tab.numbered)) < times for tab in tabs):
        _raise_what_failed(watching)
        if time.monotonic() > limit:
            raise RuntimeError("not every tab heard of the change")
        await asyncio.sleep(0.05)
    await asyncio.sleep(COUNTS + REST)


def _holes(boss: Browser) -> tuple[list[str], str]:
    """Leads of the first page without a next step, to plan one for each, and the token of the form for that."""
    page = boss.get(f"/{SLUG}/leads/").body
    numbers = [number.decode() for number in re.findall(rb"/followups/new/\?job=(\d+)", page)][:CHANGES]
    if len(numbers) < CHANGES:
        raise RuntimeError("too few leads without a next step: let the bench seed a fresh folder")
    form = boss.get(f"/{SLUG}/followups/new/?job={numbers[0]}").body
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    if token is None:
        raise RuntimeError("the form has no token")
    return numbers, token[1].decode()


def _raise_what_failed(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        if task.done():
            task.result()
            raise RuntimeError("a stream ended")


def _memory(pid: int) -> float:
    """What a process holds, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
