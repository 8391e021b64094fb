"""What every test can ask for. The servers themselves are started by runtime/testing.py."""

import pickle
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from runtime.fixtures import django_db_setup, owner_connection, valkey_url
from tests.acts import post
from tests.ci_output import pytest_configure, pytest_report_teststatus, pytest_runtest_makereport
from tests.lead_fixtures import bring, files
from tests.production import mid_step, production_settings
from tests.scene import module_scene, scene

if TYPE_CHECKING:
    from tests.cast import Cast

__all__ = [
    "bring",
    "django_db_setup",
    "files",
    "mid_step",
    "module_scene",
    "owner_connection",
    "post",
    "production_settings",
    "pytest_configure",
    "pytest_report_teststatus",
    "pytest_runtest_makereport",
    "scene",
    "valkey_url",
]

SLOW = {"servers", "browser", "long"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, then those of most tests: at the end no worker waits long."""
    files = Counter(item.path for item in items)
    slow = {item.path for item in items if any(mark.name in SLOW for mark in item.iter_markers())}
    items.sort(key=lambda item: (item.path not in slow, -files[item.path], item.path))


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


@pytest.fixture(autouse=True)
def fresh_configuration() -> None:
    """No test sees what a process kept of a transaction that was taken back."""
    from crm.platform.organization.configuration import forget_all

    forget_all()
