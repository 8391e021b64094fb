"""Paper: how long the PDF of a quote takes to render, and to seal. Nothing is read from a database.

The floor is a page of reportlab with nothing on it but the letterhead.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import run_inside

DATABASE = "bench_paper"
# Three options with a dozen lines each, as a large quote of a roofer.
OPTIONS, LINES = 3, 12
TRIES = 60


def measure(servers: Servers) -> list[Figure]:
    """In a process of its own, as all parts."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    result = json.loads(run_inside(servers, DATABASE, "bench.paper").splitlines()[-1])
    servers.drop(DATABASE)
    note = f"{result['median'] / result['floor']:.1f} × a page with nothing but the letterhead"
    return [
        Figure(
            f"PDF of a quote with {OPTIONS} options of {LINES} lines, p95", result["p95"], "ms", most=300, note=note
        ),
        Figure("sealing it, median", result["seal"], "ms", note="without a timestamp authority"),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from libs.printed_pdf import PageLook, build_pdf, paragraphs
    from libs.sealed_pdf import SealFacts, make_identity, seal
    from quotes.paper.pdf import render_quote

    look = PageLook("Suncoast Roofing", "#b4541a", ("Tampa, FL",), is_letter=True)
    paper = _large_quote(look)
    now = datetime.now(UTC)
    identity = make_identity("Bench", now)
    pdf = render_quote(paper)
    times = _durations(lambda: render_quote(paper))
    result = {
        "p95": percentile(times, 0.95),
        "median": statistics.median(times),
        "floor": statistics.median(_durations(lambda: build_pdf(paragraphs("x"), look, title="Quote"))),
        "seal": statistics.median(_durations(lambda: seal(pdf, identity, SealFacts(now)))),
    }
    print(json.dumps(result))


def _large_quote(look: Any) -> Any:
    from quotes.paper.content import PaperLine, PaperOption, PaperSum, QuotePaper

    lines = tuple(
        PaperLine(f"Shingles, line {number}", "Tear-off and underlayment", "32.5 sq", "$412.50", "$13,406.25")
        for number in range(LINES)
    )
    sums = (PaperSum("Without tax", "$18,400"), PaperSum("Sales tax 7 %", "$1,288"), PaperSum("Total", "$19,688", True))
    options = tuple(PaperOption(f"Option {number}", "", "", lines, sums) for number in range(OPTIONS))
    facts = (("Date", "May 11, 2026"), ("For", "Mia Lopez"))
    terms = "Payment within 14 days. " * 60
    return QuotePaper(look, "en", "Quote Q-2318", "Your new roof", facts, "Thank you.", options, (), terms)


def _durations(act: Callable[[], object]) -> list[float]:
    """Return how many milliseconds each try took."""
    times = []
    for _try in range(TRIES):
        begin = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begin))
    return times


if __name__ == "__main__":
    main()
