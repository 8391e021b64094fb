"""A sample app plugs in by its two files alone: a process that has it shows it everywhere, and one without nowhere."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from crm.platform import features
from crm.web.shell.navigation import Page


@pytest.fixture(scope="module")
def shown() -> Any:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.roofs.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.roofs.show"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stderr
    return json.loads(done.stdout)


def test_its_pages_stand_in_the_frame(shown: Any) -> None:
    assert shown["pages"].index("/house/followups/") < shown["pages"].index("/house/roofs/")
    assert "roofs from:body" in shown["trigger"]
    assert ["Roofs", ["/house/roofs/materials/"]] in shown["settings"]
    assert "g r" in shown["keys"]
    assert {"roofs.view", "roofs.set_up"} <= set(shown["permissions"])


def test_apps_below_find_its_records(shown: Any) -> None:
    assert shown["record"] == "/house/roofs/00000000-0000-7000-8000-000000000000/"
    assert shown["panel"] == "/house/roofs/job/7/"
    assert shown["words"] == "inspected the roof: dry"
    assert shown["topics"] == ["roofs"]
    assert shown["headings"] == ["Roof"]
    assert "roofs_near(bigint)" in shown["functions"]


def test_it_hears_and_does_later(shown: Any) -> None:
    assert shown["hears"] == ["forget"]
    assert shown["later"]


def test_without_it_nothing_is_there() -> None:
    assert "roofs:list" not in {page.name for page in features.of(Page)}
