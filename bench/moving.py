"""A stage move from the list against its floor: the same request, with the same fragment, that writes one row."""

import re
from itertools import cycle

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.listing import Timing
from bench.web import PRODUCT_WITH_FLOOR, Answer, Browser, serving
from crm.runtime.demo import PASSWORD

# A database of its own, for it changes what it measures.
DATABASE, JOBS = "bench_move", 5_000
TENANT = "scale-1"
# Bursts, their length, and how many of the first requests of a burst don't count.
ROUNDS, BURST, COLD = 8, 30, 3
ROW = re.compile(rb'data-number="(\d+)" data-stay="([^"]+)" data-to="(\d+)"')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def measure(servers: Servers) -> list[Figure]:
    """Moves and floors in turn, on the leads of the list's first page; one at its last step is left alone."""
    with serving(servers, DATABASE, PRODUCT_WITH_FLOOR) as port:
        browser = Browser(port)
        browser.sign_in(f"manager@{TENANT}.example", PASSWORD)
        timing = _timed(_Mover(browser))
    middle, high = percentile(timing.page, 0.5), percentile(timing.page, 0.95)
    floor = percentile(timing.floor, 0.5)
    note = f"p50 {middle:.1f} p95 {high:.1f} ms, floor {floor:.1f} ms, {len(timing.page)} moves"
    return [Figure("stage move, to one write with the same answer", timing.ratio, "×", most=1.2, note=note)]


class _Mover:
    """Moves the leads of the first page one after the other, each a step at a time."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        page = browser.get(f"/{TENANT}/leads/?level=over").body
        found = TOKEN.search(page)
        assert found, "the list has a form"
        self.token = found[1].decode()
        self.rows = {number: (stay, to) for number, stay, to in ROW.findall(page)}
        self.turns = cycle(list(self.rows))

    def next(self) -> str:
        """A lead that has a step before it."""
        number = next(number for number in self.turns if number in self.rows)
        return number.decode()

    def touch(self, number: str) -> Answer:
        """The floor's write."""
        return self._post(number, "bench", {})

    def move(self, number: str) -> Answer:
        """One step on, from where the last answer said the lead is."""
        stay, to = self.rows.pop(number.encode())
        answer = self._post(number, "move", {"stay": stay.decode(), "stage": to.decode()})
        self.rows |= {number: (stay, to) for number, stay, to in ROW.findall(answer.body)}
        return answer

    def _post(self, number: str, verb: str, values: dict[str, str]) -> Answer:
        form = {"csrfmiddlewaretoken": self.token, "on": "list", **values}
        answer = self.browser.post(f"/{TENANT}/leads/{number}/{verb}/", form, {"HX-Request": "true"})
        if answer.status != 200:
            raise RuntimeError(f"{verb} answers {answer.status}")
        return answer


def _timed(mover: _Mover) -> Timing:
    timing = Timing()
    for _ in range(ROUNDS):
        for nth in range(COLD + BURST):
            number = mover.next()
            for act, kept in ((mover.touch, timing.floor), (mover.move, timing.page)):
                answer = act(number)
                if nth >= COLD:
                    kept.append(answer.seconds * 1000)
    return timing
