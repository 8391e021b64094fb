"""The people and programs of a load. Each does one thing after another, with pauses as people make them."""

import http.client
import json
import random
import re
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from bench.web import Answer, Browser
from drills.load.measurements import Measurements
from drills.load.people import TENANT

# Seconds between two acts of a person: the least and the most.
MEMBER_PAUSE, CUSTOMER_PAUSE, PROGRAM_PAUSE = (5, 15), (10, 20), (1, 3)
ROW = re.compile(rb'data-number="(\d+)" data-stay="([^"]{1,60})" data-to="(\d+)"')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]{1,200})"')
LEAD = re.compile(rb'href="(/%s/leads/\d+/)"' % TENANT.encode())
CONVERSATION = re.compile(rb'href="(/%s/tickets/\d+/)[?"]' % TENANT.encode())
MARK = re.compile(rb'data-mark="([^"]{1,200})"')


class Player(ABC):
    """Somebody who acts until the load ends. Subclasses say what they do, and how often compared with the rest."""

    pause: tuple[int, int] = MEMBER_PAUSE

    def __init__(self, port: int, cookies: dict[str, str], measurements: Measurements, ended: threading.Event) -> None:
        self.browser = Browser(port, dict(cookies))
        self._measurements = measurements
        self._ended = ended
        self._random = random.Random(secrets.randbits(64))
        self.thread = threading.Thread(target=self._play, daemon=True)

    @abstractmethod
    def acts(self) -> dict[Callable[[], None], int]:
        """Return what it does, with weights."""

    def _play(self) -> None:
        acts = self.acts()
        # People do not begin all at once.
        pause = self._random.uniform(0, self.pause[1])
        while not self._ended.wait(pause):
            self._random.choices(list(acts), list(acts.values()))[0]()
            pause = self._random.uniform(*self.pause)

    def _get(self, kind: str, path: str, headers: dict[str, str] | None = None) -> Answer | None:
        return self._measure(kind, lambda: self.browser.ask("GET", path, None, headers))

    def _post(self, kind: str, path: str, values: dict[str, str]) -> Answer | None:
        return self._measure(kind, lambda: self.browser.post(path, values, {"HX-Request": "true"}))

    def _measure(self, kind: str, ask: Callable[[], Answer]) -> Answer | None:
        begin = time.perf_counter()
        try:
            answer = ask()
        except (OSError, http.client.HTTPException):
            self._measurements.add(kind, 0, time.perf_counter() - begin)
            return None
        self._measurements.add(kind, answer.status, answer.seconds)
        return answer


class LoadMember(Player):
    """A member: reads lists, opens leads and conversations, moves leads a step on."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._leads = ["/leads/"]
        self._conversations: list[str] = []
        self._moves: list[tuple[bytes, bytes, bytes]] = []
        self._token = ""

    def acts(self) -> dict[Callable[[], None], int]:
        """Return the acts of a working day."""
        return {
            self._read_list: 6,
            self._open_lead: 6,
            self._move_lead: 2,
            self._read_inbox: 4,
            self._open_conversation: 4,
            self._read_follow_ups: 3,
            self._read_home: 1,
        }

    def _read_list(self) -> None:
        page = self._get("list of leads", f"/{TENANT}/leads/")
        if page is None or page.status != 200:
            return
        self._leads = [path.decode() for path in LEAD.findall(page.body)] or self._leads
        self._moves = ROW.findall(page.body)
        if token := TOKEN.search(page.body):
            self._token = token[1].decode()

    def _open_lead(self) -> None:
        if len(self._leads) < 2:
            self._read_list()
        else:
            self._get("page of a lead", self._random.choice(self._leads))

    def _move_lead(self) -> None:
        if not self._moves:
            self._read_list()
            return
        # Members see the same leads: who takes any, and not the first, meets the others less often.
        number, stay, stage = self._moves.pop(self._random.randrange(len(self._moves)))
        form = {"csrfmiddlewaretoken": self._token, "on": "list", "stay": stay.decode(), "stage": stage.decode()}
        self._post("move of a lead", f"/{TENANT}/jobs/{number.decode()}/move/", form)

    def _read_inbox(self) -> None:
        page = self._get("inbox", f"/{TENANT}/tickets/")
        if page is not None and page.status == 200:
            self._conversations = [path.decode() for path in CONVERSATION.findall(page.body)] or self._conversations

    def _open_conversation(self) -> None:
        if not self._conversations:
            self._read_inbox()
        else:
            self._get("conversation", self._random.choice(self._conversations))

    def _read_follow_ups(self) -> None:
        self._get("follow-ups", f"/{TENANT}/followups/")

    def _read_home(self) -> None:
        self._get("home", f"/{TENANT}/home/")


class LoadCustomer(Player):
    """A customer with the page of their job open, which asks now and then what is new."""

    pause = CUSTOMER_PAUSE

    def __init__(self, path: str, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._path = path
        self._mark = ""

    def acts(self) -> dict[Callable[[], None], int]:
        """Return that they open the page, and that it asks."""
        return {self._open: 1, self._ask: 2}

    def _open(self) -> None:
        page = self._get("portal: page of a job", self._path)
        if page is not None and (mark := MARK.search(page.body)):
            self._mark = mark[1].decode()

    def _ask(self) -> None:
        self._get("portal: what is new", f"{self._path}now/", {"If-None-Match": self._mark, "HX-Request": "true"})


class LoadProgram(Player):
    """A program of a website that posts leads to an endpoint."""

    pause = PROGRAM_PAUSE

    def __init__(self, endpoint: dict[str, str], *arguments: Any) -> None:
        super().__init__(*arguments)
        self._endpoint = endpoint

    def acts(self) -> dict[Callable[[], None], int]:
        """Return the one act."""
        return {self._post_lead: 1}

    def _post_lead(self) -> None:
        key = secrets.token_hex(8)
        lead = {"name": f"Ann {key}", "email": f"{key}@mail.example", "message": "A new roof"}
        headers = {
            "Authorization": f"Bearer {self._endpoint['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        body = json.dumps(lead)
        self._measure("webhook: a lead", lambda: self.browser.ask("POST", self._endpoint["path"], body, headers))
