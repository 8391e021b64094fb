"""The board against the list in the same run, a request of each in turn. A full board has 50 cards a column."""

import os
import sys

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import Browser, run_inside, serving
from runtime.demo import PASSWORD

TENANT = "scale-1"
ROUNDS, COLD = 60, 6


def measure(servers: Servers, big: str) -> list[Figure]:
    """A manager's board of a big tenant, and the first page of the same list."""
    email, base = f"manager@{TENANT}.example", f"/{TENANT}/leads/"
    with serving(servers, big) as port:
        browser = Browser(port)
        browser.sign_in(email, PASSWORD)
        times: dict[str, list[float]] = {"": [], "board/": []}
        cards = 0
        for nth in range(ROUNDS + COLD):
            for path, kept in times.items():
                answer = browser.get(base + path)
                if answer.status != 200:
                    raise RuntimeError(f"{base}{path} answers {answer.status}")
                cards = answer.body.count(b"<article") or cards
                if nth >= COLD:
                    kept.append(answer.seconds * 1000)
    listed, board = (percentile(kept, 0.5) for kept in times.values())
    note = f"board p50 {board:.1f} ms, list p50 {listed:.1f} ms"
    count = int(run_inside(servers, big, "bench.screens.board", email, f"{base}board/"))
    return [
        Figure(f"board of {cards} cards, to the list", board / listed, "×", most=2.5, note=note),
        Figure("data queries of the board", count, "", most=6),
    ]


def main() -> None:
    """Print how many data queries a page takes. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from bench.screens.pages import queries

    print(queries(sys.argv[1], sys.argv[2]))


if __name__ == "__main__":
    main()
