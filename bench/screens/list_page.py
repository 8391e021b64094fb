"""The lead list against its floor: one request at a time, floor and page in turn, round after round."""

import gzip
import json
import re
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import FLOOR, Answer, Browser, run_inside, serving
from runtime.demo import PASSWORD

TENANT = "scale-1"
FIRST = "big: first page, manager"
Target = tuple[Browser, str]
# Bursts of each page, their length, and how many of the first requests of a burst don't count.
ROUNDS, BURST, COLD = 6, 10, 2
# What plain Django reaches: docs/decisions/0007-the-bench-and-its-data.md.
PROMISED = 2.1
ROW = re.compile(rb'<tr class="lead"[^>]*>.*?</tr>', re.DOTALL)


def measure(servers: Servers, big: str, small: str) -> list[Figure]:
    """The list at both sizes, interleaved with the floor."""
    with ExitStack() as stack:
        floor = Browser(stack.enter_context(serving(servers, big, FLOOR)))
        targets: dict[str, Target] = {}
        counted: dict[str, int] = {}
        for size, database in (("big", big), ("1,000", small)):
            port = stack.enter_context(serving(servers, database))
            browsers: dict[str, Browser] = {}
            for name, email, path, queries in json.loads(run_inside(servers, database, "bench.screens.pages", TENANT)):
                if email not in browsers:
                    browsers[email] = Browser(port)
                    browsers[email].sign_in(email, PASSWORD)
                label = re.sub(r"row [\d,]+", "deep page", name)
                targets[f"{size}: {label}"] = (browsers[email], path)
                counted[f"{size}: {label}"] = queries
        timings, last = bursts((floor, "/?tenant=1"), targets)
    return _figures(timings, last, counted)


@dataclass
class Timing:
    """A page, and the floor between its requests: a busy minute slows both. In milliseconds."""

    page: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return percentile(self.page, 0.5) / percentile(self.floor, 0.5)


def bursts(floor: Target, targets: dict[str, Target]) -> tuple[dict[str, Timing], dict[str, Answer]]:
    """Floor and page in turn, in bursts, so that both find the processor's caches as warm as in use."""
    timings = {name: Timing() for name in targets}
    last: dict[str, Answer] = {}
    for name in list(targets) * ROUNDS:
        for nth in range(COLD + BURST):
            for (browser, path), kept in ((floor, timings[name].floor), (targets[name], timings[name].page)):
                answer = last[name] = browser.get(path)
                if answer.status != 200:
                    raise RuntimeError(f"{path} answers {answer.status}")
                if nth >= COLD:
                    kept.append(answer.seconds * 1000)
    return timings, last


def _figures(timings: dict[str, Timing], last: dict[str, Answer], counted: dict[str, int]) -> list[Figure]:
    first = timings[FIRST].ratio
    floors = [ms for timing in timings.values() for ms in timing.floor]
    figures = [Figure("floor, p50", percentile(floors, 0.5), "ms", note=f"p95 {percentile(floors, 0.95):.1f} ms")]
    for name, timing in timings.items():
        rows = len(ROW.findall(last[name].body))
        middle, high = percentile(timing.page, 0.5), percentile(timing.page, 0.95)
        note = f"p50 {middle:.1f} p95 {high:.1f} ms, {rows} rows, {counted[name]} queries"
        if "first page" in name:
            figures.append(Figure(f"{name}, to floor", timing.ratio, "×", most=PROMISED, note=note))
        else:
            figures.append(Figure(f"{name}, to first page", timing.ratio / first, "×", most=1.5, note=note))
    return figures + _sizes(last) + _queries(counted)


def _sizes(last: dict[str, Answer]) -> list[Figure]:
    body = last[FIRST].body
    rows = ROW.findall(body)
    return [
        Figure("HTML a row", sum(map(len, rows)) / len(rows), "bytes", most=1300),
        Figure("first page, gzipped", len(gzip.compress(body, 6)), "bytes", most=20_000),
    ]


def _queries(counted: dict[str, int]) -> list[Figure]:
    names = {name.partition(": ")[2] for name in counted}
    unequal = sum(counted[f"big: {name}"] != counted[f"1,000: {name}"] for name in names)
    return [
        Figure("data queries, most of any page", max(counted.values()), "", most=6),
        Figure("pages that take more or fewer in the big database", unequal, "", most=0),
    ]
