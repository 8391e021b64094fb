"""A database with the scene in it, which tests get clones of: to make the scene costs a second, a clone a tenth."""

import os
import pickle
import time

import psycopg
from django.db import connections

from crm.platform.database.claims import hinted_once
from runtime.fixtures import clone_database
from runtime.servers import logins
from runtime.testing import worker_database
from tests.cast import Cast, load_cast
from tests.scene import build_scene

# Seconds a scene serves. Its instants are relative to its making, and the nearest is five minutes from it.
KEPT = 180


class SceneDatabase:
    """The scene of a worker, made anew once it is old."""

    def __init__(self) -> None:
        self.name = f"{worker_database()}_scene"
        self.made_at: float | None = None
        self.numbers: dict[str, int] = {}
        self.cast = b""

    def use(self) -> tuple[Cast, dict[str, int]]:
        """Put the scene into this worker's database; returns the cast, and the numbers of leads by title."""
        if self.made_at is None or time.monotonic() - self.made_at > KEPT:
            self._make()
        else:
            clone_database(self.name)
        cast: Cast = pickle.loads(self.cast)
        return cast, self.numbers

    def _make(self) -> None:
        self.made_at = time.monotonic()
        cast = load_cast()
        # Where no broker is, each hint costs a hundredth of a second: the scene gives hundreds.
        with hinted_once():
            jobs = build_scene(cast.house)
        self.numbers, self.cast = {title: job.number for title, job in jobs.items()}, pickle.dumps(cast)
        admin_url = os.environ["CRM_TEST_ADMIN_URL"]
        logins.drop_database(admin_url, self.name)
        # What somebody is connected with is no template: not even a late request to the live server.
        connections.close_all()
        with psycopg.connect(admin_url, autocommit=True) as admin:
            late = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = %s"
            admin.execute(late, [worker_database()])
        logins.create_database(admin_url, self.name, template=worker_database())
