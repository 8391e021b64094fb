"""Somebody who opens one job after another over HTTP and remembers what the answers said; and the audit of it."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from tests.cast import HOUSE, PASSWORD
from tests.survival.servers import Stack, until
from tests.survival.visitor import Visitor

TITLE = "Told"
RITA = f"rita@{HOUSE}.example"


class Writer:
    """Opens jobs with titles of its own until it is stopped."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.told: list[str] = []  # answered with 201: committed
        self.unsure: list[str] = []  # any other answer, or none
        self._stop = threading.Event()

    def write(self, title: str) -> None:
        """Open one job."""
        try:
            created = self.visitor.post(f"/{HOUSE}/ear/open/", title=title).status == 201
        except (OSError, http.client.HTTPException):
            created = False
        (self.told if created else self.unsure).append(title)

    def _run(self) -> None:
        for number in count():
            if self._stop.wait(0.01):
                return
            self.write(f"{TITLE} {number}")

    @contextmanager
    def at_work(self) -> Iterator["Writer"]:
        """Writes in a thread of its own as long as the block runs."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()


def signed_in(stack: Stack, email: str = RITA) -> Visitor:
    """A visitor who went through the sign-in form and looked at the first page, for signing in changes the token."""
    visitor = Visitor(stack.port)
    answer = visitor.sign_in(email, PASSWORD)
    assert (answer.status, answer.location) == (302, "/"), answer
    assert visitor.get(f"/{HOUSE}/leads/").status == 200
    return visitor


def wrong_jobs(stack: Stack, told: list[str]) -> list[tuple[object, ...]]:
    """Jobs that were promised and are missing, and jobs whose number, fact, visit or clock is not there once."""
    return stack.rows(
        """with told as (select unnest(%s::text[]) as title),
           jobs as (
               select id, title, count(*) over (partition by title) as doubles,
                   (select count(*) from platform_event where job_id = job.id and kind = 'job.opened') as facts,
                   (select count(*) from jobs_stagevisit where job_id = job.id) as visits,
                   (select count(*) from platform_due where kind = 'job.clock' and subject_id = job.id) as clocks
               from jobs_job job where title like 'Told %%')
           select * from told full join jobs using (title)
           where jobs.id is null or (doubles, facts, visits, clocks) is distinct from (1, 1, 1, 1)""",
        told,
    )


def wrong_tellings(stack: Stack) -> list[tuple[object, ...]]:
    """Events that their subscriber heard never or twice; it writes one note for each it hears."""
    return stack.rows(
        """with events as (
               select id, 'heard ' || id as body from platform_event
               where kind = 'job.opened' and job_id in (select id from jobs_job where title like 'Told %%')
           ), heard as (
               select body, count(*) as times from jobs_note where body like 'heard %%' group by body
           )
           select * from events full join heard using (body) where events.id is null or times is distinct from 1"""
    )


def untold(stack: Stack) -> int:
    """How many events wait for their subscribers."""
    return int(stack.value("select count(*) from platform_undispatched"))


def sweep_until_all_told(stack: Stack) -> None:
    """Sweeps come as beat sends them, and leases run out, until no event waits."""

    def swept() -> bool:
        stack.pass_time("platform_undispatched")
        stack.send("sweep")
        return untold(stack) == 0

    until(swept, "every event is told", pause=0.5, on_failure=stack.logs)
