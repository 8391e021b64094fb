"""The lead list against its floor: one request at a time, floor and page in turn, round after round."""

import gzip
import json
import re
from contextlib import ExitStack

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import FLOOR, Answer, Browser, run_inside, serving
from crm.runtime.demo import PASSWORD

TENANT = "scale-1"
ROUNDS, WARM = 60, 8
ROW = re.compile(rb'<tr class="lead">.*?</tr>', re.DOTALL)


def measure(servers: Servers, big: str, small: str) -> list[Figure]:
    """The list at both sizes, interleaved with the floor."""
    with ExitStack() as stack:
        floor = Browser(stack.enter_context(serving(servers, big, FLOOR)))
        targets: dict[str, tuple[Browser, str]] = {"floor": (floor, "/?tenant=1")}
        counted: dict[str, int] = {}
        for size, database in (("1,000,000", big), ("1,000", small)):
            port = stack.enter_context(serving(servers, database))
            browsers: dict[str, Browser] = {}
            for name, email, path, queries in json.loads(run_inside(servers, database, "bench.pages", TENANT)):
                if email not in browsers:
                    browsers[email] = Browser(port)
                    browsers[email].sign_in(email, PASSWORD)
                label = re.sub(r"row [\d,]+", "deep page", name)
                targets[f"{size}: {label}"] = (browsers[email], path)
                counted[f"{size}: {label}"] = queries
        times, last = _rounds(targets)
    return _figures(times, last, counted)


def _rounds(targets: dict[str, tuple[Browser, str]]) -> tuple[dict[str, list[float]], dict[str, Answer]]:
    times: dict[str, list[float]] = {name: [] for name in targets}
    last: dict[str, Answer] = {}
    # The floor before each page: whichever comes after another process finds the processor's caches cold.
    turns = [turn for name in targets if name != "floor" for turn in ("floor", name)]
    for turn in range(WARM + ROUNDS):
        for name in turns:
            browser, path = targets[name]
            answer = last[name] = browser.get(path)
            if answer.status != 200:
                raise RuntimeError(f"{name} answers {answer.status}")
            if turn >= WARM:
                times[name].append(answer.seconds * 1000)
    return times, last


def _figures(times: dict[str, list[float]], last: dict[str, Answer], counted: dict[str, int]) -> list[Figure]:
    floor = percentile(times["floor"], 0.5)
    first = percentile(times["1,000,000: first page, manager"], 0.5)
    figures = [Figure("floor, p50", floor, "ms", note=f"p95 {percentile(times['floor'], 0.95):.1f} ms")]
    for name, values in times.items():
        if name == "floor":
            continue
        middle, high = percentile(values, 0.5), percentile(values, 0.95)
        rows = len(ROW.findall(last[name].body))
        note = f"p50 {middle:.1f} p95 {high:.1f} ms, {rows} rows, {counted[name]} queries"
        if "first page" in name:
            figures.append(Figure(f"{name}, to floor", middle / floor, "×", most=1.5, note=note))
        else:
            figures.append(Figure(f"{name}, to first page", middle / first, "×", most=1.5, note=note))
    return figures + _sizes(last) + _queries(counted)


def _sizes(last: dict[str, Answer]) -> list[Figure]:
    body = last["1,000,000: first page, manager"].body
    rows = ROW.findall(body)
    return [
        Figure("HTML a row", sum(map(len, rows)) / len(rows), "bytes", most=1500),
        Figure("first page, gzipped", len(gzip.compress(body, 6)), "bytes", most=20_000),
    ]


def _queries(counted: dict[str, int]) -> list[Figure]:
    names = {name.partition(": ")[2] for name in counted}
    unequal = sum(counted[f"1,000,000: {name}"] != counted[f"1,000: {name}"] for name in names)
    return [
        Figure("data queries, most of any page", max(counted.values()), "", most=6),
        Figure("pages that take more or fewer at a million jobs", unequal, "", most=0),
    ]
