"""What every test can ask for. The servers themselves are started by runtime/testing.py."""

import gc
import pickle
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from runtime.fixtures import django_db_setup, owner_connection, running_valkey
from tests import rendered
from tests.acts import fifteen_minutes, post
from tests.ci_output import pytest_configure, pytest_report_teststatus, pytest_runtest_makereport
from tests.lead_fixtures import bring, files
from tests.production import mid_step, production_settings
from tests.property_constants import narrow
from tests.rewriting import rewrite_share
from tests.scene import module_scene, scene

if TYPE_CHECKING:
    from tests.cast import Cast

__all__ = [
    "bring",
    "django_db_setup",
    "fifteen_minutes",
    "files",
    "mid_step",
    "module_scene",
    "owner_connection",
    "post",
    "production_settings",
    "pytest_configure",
    "pytest_report_teststatus",
    "pytest_runtest_makereport",
    "running_valkey",
    "scene",
]

SLOW = {"servers", "browser", "long"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Before the files are read."""
    rewrite_share(session.config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, then those of most tests: at the end no worker waits long."""
    narrow(items)
    files = Counter(item.path for item in items)
    slow = {item.path for item in items if any(mark.name in SLOW for mark in item.iter_markers())}
    items.sort(key=lambda item: (item.path not in slow, -files[item.path], item.path))


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: no search for garbage goes through their half million objects again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def searched_little() -> None:
    """What earlier files left (templates, patterns, reports) stays as well; an import searches after each batch."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def template_cast(django_db_setup: None, django_db_blocker: Any) -> bytes:
    """The cast as the template database has it, pickled: to read it out takes twenty times as long."""
    from django.db import transaction

    from tests.cast import load_cast

    with django_db_blocker.unblock(), transaction.atomic():
        return pickle.dumps(load_cast())


@pytest.fixture
def cast(db: None, template_cast: bytes) -> "Cast":
    """The two houses of tests/cast.py, in objects of the test's own."""
    cast: Cast = pickle.loads(template_cast)
    return cast


@pytest.fixture
def valkey_url(running_valkey: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty Valkey at the settings' REDIS_URL for one test; nobody remembers that one was away or hung.

    And it has time: where half a second passes without an answer, what was counted or told is lost, by design.
    """
    from crm.platform import cache
    from crm.platform.events import hints

    settings.CACHES = {
        "default": settings.CACHES["default"] | {"OPTIONS": {"socket_connect_timeout": 30, "socket_timeout": 30}}
    }
    for module in (cache, hints):
        monkeypatch.setattr(module, "_asked_again_at", 0.0)
    monkeypatch.setattr(hints, "PATIENCE", 30)
    hints._broker_client.cache_clear()
    yield running_valkey
    hints._broker_client.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def known_configuration() -> None:
    """What all tests begin with is read once a worker."""
    from tests.known_configuration import install

    install()


@pytest.fixture(scope="session", autouse=True)
def noted_once() -> None:
    """A template's context is copied for the tests once a page."""
    rendered.install()


@pytest.fixture(scope="session", autouse=True)
def signed_in_at_once() -> None:
    """`client.force_login` is one statement."""
    from django.test import Client

    from tests import signed_in

    Client.force_login = signed_in.force_login  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def fresh_configuration(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what a process kept of another's rows: those of a transaction are taken back, ids come again."""
    from crm.platform.models import access_log
    from crm.platform.organization.configuration import clear_configuration_caches
    from portal.access import visits
    from tests.known_configuration import known

    clear_configuration_caches()
    access_log._noted.clear()
    visits._NOTED.clear()
    asked = request.fixturenames
    known.begin(monkeypatch, settings_change="settings" in asked, commits="owner_connection" in asked)


@pytest.fixture(autouse=True)
def language_of_the_settings() -> Iterator[None]:
    """A request leaves the language of its reader active; the next test begins without one."""
    from django.utils import translation

    yield
    translation.deactivate()
