"""The REST API: a list of 100 jobs, against a bare Django view of the same query, and writes.

The bare view finds the token, enters its tenant, runs the same query over the same rows and returns JSON of the same
values by `JsonResponse`: no scopes, rates, stored answers, filters, or pages. Reads are measured alone, in turn with
the bare view; by 8 clients that ask once a second each; and by 8 clients that each ask again as soon as they are
answered. There the processors are what is waited for, so the bare view is asked in the same way
(docs/decisions/0073-eight-clients-of-the-api.md).
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.screens import list_page
from bench.web import PRODUCT_WITH_FLOOR, Answer, Browser, run_inside, serving

TENANT = "scale-1"
LIST, BARE, WRITE = "/api/v1/jobs/?limit=100", "/api/v1/bench/jobs/", "/api/v1/people/"
CLIENTS = 8
# Seconds of reading, and of writing, by all clients at once.
SECONDS = float(os.environ.get("BENCH_API_SECONDS", "10"))
# Seconds between two requests of a client that asks at a rate.
PACE = 1.0
# To the bare view; milliseconds; writes a second.
PROMISED, MOST_MS, LEAST_WRITES = 1.5, 60, 100


class TokenBrowser(Browser):
    """A program with a token instead of cookies."""

    secret = ""

    def ask(self, method: str, path: str, body: str | None = None, more: dict[str, str] | None = None) -> Answer:
        """Send a request with the token."""
        named = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        return super().ask(method, path, None, named | (more or {}))

    def write(self, path: str, values: dict[str, Any], key: str) -> Answer:
        """Send JSON with an Idempotency-Key."""
        named = {
            "Authorization": f"Bearer {self.secret}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "Host": f"localhost:{self.port}",
        }
        connection = self._connection or self._open()
        begin = time.perf_counter()
        connection.request("POST", path, json.dumps(values), named)
        response = connection.getresponse()
        body = response.read()
        return Answer(response.status, body, time.perf_counter() - begin, response.getheaders())

    def _open(self) -> Any:
        self.get("/api/v1/openapi.json")
        return self._connection


def measure(servers: Servers, database: str) -> list[Figure]:
    """On a seeded database."""
    secret = run_inside(servers, database, "bench.rest_api", TENANT).split()[-1]
    with serving(servers, database, PRODUCT_WITH_FLOOR, API_RATE="10000000", API_RATE_OF_TENANT="10000000") as port:
        program = client(port, secret)
        timings, last = list_page.bursts((program, BARE), {"list": (program, LIST)})
        paced = run_together(port, secret, lambda one, _nth: one.get(LIST), pace=PACE)
        bare = run_together(port, secret, lambda one, _nth: one.get(BARE))
        taken = run_together(port, secret, lambda one, _nth: one.get(LIST))
        written = run_together(
            port, secret, lambda one, nth: one.write(WRITE, {"name": f"Customer {nth}"}, f"{one.number}-{nth}")
        )
    return [
        _compare_alone(timings["list"], last["list"]),
        _report_pace(paced),
        _compare_loops(taken, bare),
        _report_writes(written),
    ]


class NumberedBrowser(TokenBrowser):
    """One of several programs."""

    number = 0


def client(port: int, secret: str, number: int = 0) -> NumberedBrowser:
    browser = NumberedBrowser(port)
    browser.secret = secret
    browser.number = number
    return browser


def run_together(
    port: int, secret: str, call: Callable[[NumberedBrowser, int], Answer], *, pace: float = 0
) -> list[float]:
    """Return the seconds of each answer that all clients got in SECONDS. Raises RuntimeError for one that failed.

    `pace`: seconds between two requests of a client, which begin one after another; 0: as soon as it is answered.
    """
    taken: list[float] = []
    failed: list[int] = []
    begin = time.perf_counter() + 0.5

    def work(number: int) -> None:
        program = client(port, secret, number)
        program.get(LIST)
        nth = 0
        while True:
            at = begin + pace * (nth + number / CLIENTS)
            time.sleep(max(0.0, at - time.perf_counter()))
            if time.perf_counter() >= begin + SECONDS:
                break
            nth += 1
            answer = call(program, nth)
            taken.append(answer.seconds)
            if answer.status >= 300:
                failed.append(answer.status)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{len(failed)} answers were refused: {sorted(set(failed))}")
    return taken


def _compare_alone(timing: list_page.Timing, last: Answer) -> Figure:
    middle, high = percentile(timing.page, 0.5), percentile(timing.page, 0.95)
    rows = len(json.loads(last.body)["results"])
    bare = percentile(timing.floor, 0.5)
    note = f"p50 {middle:.1f} p95 {high:.1f} ms, bare {bare:.1f} ms, {rows} rows, {len(last.body):,} bytes"
    return Figure("API, list of 100 jobs, to a bare view", timing.ratio, "×", most=PROMISED, note=note)


def _report_pace(seconds: list[float]) -> Figure:
    name = f"API, list of 100 jobs, {CLIENTS} clients once a second, p95"
    note = f"p50 {percentile(seconds, 0.5) * 1000:.0f} ms"
    return Figure(name, percentile(seconds, 0.95) * 1000, "ms", most=MOST_MS, note=note)


def _compare_loops(seconds: list[float], bare: list[float]) -> Figure:
    high, bare_high = percentile(seconds, 0.95) * 1000, percentile(bare, 0.95) * 1000
    rates = f"{len(seconds) / SECONDS:.0f} a second, of the bare view {len(bare) / SECONDS:.0f}"
    note = f"p50 {percentile(seconds, 0.5) * 1000:.0f} p95 {high:.0f} ms, bare p95 {bare_high:.0f} ms; {rates}"
    name = f"API, list of 100 jobs, {CLIENTS} clients without a pause, p95 to a bare view"
    return Figure(name, high / bare_high, "×", most=PROMISED, note=note)


def _report_writes(seconds: list[float]) -> Figure:
    middle, high = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.95) * 1000
    note = f"p50 {middle:.0f} p95 {high:.0f} ms, {CLIENTS} clients"
    return Figure("API, customers created a second", len(seconds) / SECONDS, "", least=LEAST_WRITES, note=note)


def main() -> None:
    """Print the secret of a new token of a manager. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from api.models import ApiToken
    from crm.platform.models import Member, Tenant
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(Tenant.objects.get(slug=sys.argv[1])):
        manager = Member.objects.get(user__email=f"manager@{sys.argv[1]}.example")
        _token, secret = ApiToken.create("Bench", manager, by=None)
    print(secret)


if __name__ == "__main__":
    main()
