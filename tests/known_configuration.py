"""Configurations that tests need not read anew: a fifth of the suite's processor time went into the same rows.

Each test begins with empty caches (tests/conftest.py), as its writes are rolled back and versions repeat. What is read
before it writes anything of the configuration is what was there before it, for all tests of a worker alike: it is kept
here, pickled, so that no test meets another's objects. What it writes of another table does not matter: a loader gives
the same as long as the tables it reads are the same. Where a test may commit, nothing is kept and nothing given.
"""

import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from threading import current_thread, main_thread
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.transaction import Atomic

from crm.platform.organization import configuration
from crm.platform.tenancy import context

T = TypeVar("T")

WRITTEN = re.compile(r'\b(?:insert\s+into|update|delete\s+from|merge\s+into|copy|truncate)\s+"?(\w+)', re.I)
READ = re.compile(r'\b(?:from|join)\s+"?(\w+)', re.I)
# Who signs in was seen, and an edit counts: nothing is configured by that.
COUNTS = re.compile(
    r'UPDATE "platform_member" SET "seen_at" = %s WHERE|'
    r"update platform_tenant set config_version = config_version \+ 1 where id = %s$"
)
# Most statements, which need not be searched for what they write.
WRITES_NOTHING = ("SELECT ", "SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO ", "select set_config(")


class Known:
    """What the loaders read of the state all tests begin with, and whether the present test still sees that state."""

    def __init__(self) -> None:
        self.values: dict[tuple[Any, int], bytes] = {}
        # The tables each of them was read from, those of the loaders it asked among them.
        self.tables: dict[tuple[Any, int], set[str]] = {}
        # Those of the loaders that read at present, the innermost last.
        self.reading: list[set[str]] = []
        self.written: set[str] = set()
        self.is_off = False
        # What the present test has put in another's place: a loader may give something else by that.
        self.patched: pytest.MonkeyPatch | None = None
        self.settings_change = False
        self.around: Atomic | None = None
        self.test: Atomic | None = None

    def read(self, loader: Callable[[], T]) -> T:
        """Return what a loader reads: what another test read, where both see the same."""
        if self._is_patched() or not self._in_test():
            return loader()
        key = (loader, configuration.required_tenant_id())
        tables = self.tables.get(key)
        if tables is None:
            return self._read_first(key, loader)
        if not tables.isdisjoint(self.written):
            return loader()
        if key not in self.values:
            return self._read_first(key, loader)
        self._note_tables(tables)
        return pickle.loads(self.values[key])

    def _read_first(self, key: tuple[Any, int], loader: Callable[[], T]) -> T:
        """Note all the tables that a loader reads; keep what it gives where the test has written none of them."""
        tables: set[str] = set()
        self.reading.append(tables)
        try:
            # The loaders it asks have to be heard, too, and not the caches before them.
            with connection.execute_wrapper(self._note_read), nothing_cached():
                value = loader()
        finally:
            self.reading.pop()
        self._note_tables(tables)
        self.tables[key] = self.tables.get(key, set()) | tables
        if tables.isdisjoint(self.written):
            with suppress(AttributeError, pickle.PicklingError):  # a function within a function, or without a name
                self.values[key] = pickle.dumps(value)
        return value

    def _note_tables(self, tables: set[str]) -> None:
        for outer in self.reading:
            outer |= tables

    def begin(self, patched: pytest.MonkeyPatch, *, settings_change: bool, commits: bool) -> None:
        """Begin a test: by what it patches, whether it changes settings, and whether it commits out of our sight."""
        self.patched, self.settings_change = patched, settings_change
        if commits or self.is_off:
            self.values.clear()
        self.is_off = commits

    def _is_patched(self) -> bool:
        return self.settings_change or bool(self.patched and (self.patched._setattr or self.patched._setitem))

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Take back what the block writes: what is there after it is what was there before it."""
        before = self.written.copy() if self._in_test() else set()
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        configuration.clear_configuration_caches()
        self.written = before

    def _in_test(self) -> bool:
        """Tell whether what is written now will be rolled back with a test; note which one it is."""
        blocks = [] if self.is_off or current_thread() is not main_thread() else connection.atomic_blocks
        at = next((at for at, block in enumerate(blocks) if block._from_testcase), None)
        if at is None:
            return False
        # A transaction around the tests of a file has rows of its own (tests/scene.py).
        around = blocks[0] if at else None
        if around is not self.around:
            self.around = around
            self.values.clear()
        # The innermost: the outer one is a class's.
        test = [block for block in blocks if block._from_testcase][-1]
        if test is not self.test:
            self.test = test
            self.written = set()
        return True

    def note_written(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict) -> Any:
        """Execute wrapper: note the tables that a test writes, and forget all where something else writes."""
        if tables := written_by(str(sql)):
            if self._in_test():
                self.written |= tables
            else:
                self.values.clear()
        return execute(sql, params, many, context)

    def _note_read(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict) -> Any:
        self._note_tables(set(READ.findall(sql)))
        return execute(sql, params, many, context)


@lru_cache(maxsize=2_000)
def written_by(sql: str) -> frozenset[str]:
    """Return the tables that a statement writes, if their rows then say something else."""
    if sql.startswith(WRITES_NOTHING) or COUNTS.match(sql):
        return frozenset()
    return frozenset(WRITTEN.findall(sql))


@contextmanager
def nothing_cached() -> Iterator[None]:
    """Have all loaders read anew in the block, and what was cached before it be there again behind it."""
    scope = context._scope.get()
    before = [kept.copy() for kept in configuration._caches], scope.draft if scope else None
    configuration.clear_configuration_caches()
    if scope and scope.draft is not None:
        scope.draft = {}
    try:
        yield
    finally:
        # The block may have loaded a module with more of them.
        for kept, rows in zip(configuration._caches, before[0], strict=False):
            kept.clear()
            kept.update(rows)
        if scope:
            scope.draft = before[1]


known = Known()


def _watch(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Watch a new connection; the database behind it may be a new one, too."""
    known.values.clear()
    if known.note_written not in connection.execute_wrappers:
        connection.execute_wrappers.append(known.note_written)


def install() -> None:
    """Let what is cached be read by way of `known`."""
    configuration.run_loader = known.read
    connection_created.connect(_watch, dispatch_uid="known configuration")
