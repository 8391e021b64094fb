"""A stage move from the list against its floor: the same request, with the same fragment, that writes one row."""

import re

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.screens.list_page import Timing
from bench.web import PRODUCT_WITH_FLOOR, Answer, Browser, serving
from runtime.demo import PASSWORD

# It changes what it measures: each run works on a new copy of what was seeded, and finds the same leads.
SEEDED, DATABASE, JOBS = "bench_move_seeded", "bench_move", 5_000
TENANT = "scale-1"
# Bursts, their length, and how many of the first requests of a burst don't count.
ROUNDS, BURST, COLD = 8, 30, 3
ROW = re.compile(rb'data-number="(\d+)" data-stay="([^"]+)" data-to="(\d+)"')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def measure(servers: Servers) -> list[Figure]:
    """Moves and floors in turn, on the leads at the head of the list, of which each goes to its last step."""
    servers.copy(SEEDED, DATABASE)
    with serving(servers, DATABASE, PRODUCT_WITH_FLOOR) as port:
        browser = Browser(port)
        browser.sign_in(f"manager@{TENANT}.example", PASSWORD)
        timing = _timed(_Mover(browser))
    servers.drop(DATABASE)
    middle, high = percentile(timing.page, 0.5), percentile(timing.page, 0.95)
    floor = percentile(timing.floor, 0.5)
    note = f"p50 {middle:.1f} p95 {high:.1f} ms, floor {floor:.1f} ms, {len(timing.page)} moves"
    return [Figure("stage move, to one write with the same answer", timing.ratio, "×", most=2.5, note=note)]


class _Mover:
    """Moves the leads of a page in turn, a step at a time; then those that have come to the head of the list."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.token, self.rows = "", dict[bytes, tuple[bytes, bytes]]()

    def next(self) -> str:
        """A lead that has a step before it: of those on the page, the one whose turn was longest ago."""
        if not self.rows:
            self._read()
        return next(iter(self.rows)).decode()

    def _read(self) -> None:
        page = self.browser.get(f"/{TENANT}/leads/").body
        found = TOKEN.search(page)
        self.rows = {number: (stay, to) for number, stay, to in ROW.findall(page)}
        if not found or not self.rows:
            raise RuntimeError("no lead on the list can be moved")
        self.token = found[1].decode()

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
        answer = self.browser.post(f"/{TENANT}/jobs/{number}/{verb}/", form, {"HX-Request": "true"})
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
