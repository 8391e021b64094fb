"""When the demo makes its companies anew: at a start, and while it runs and nobody looks."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from runtime.demo import AGAIN, OLD, DemoRun, main

DAY_OLD = OLD + 60


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of manage.py that a demo runs."""
    commands: list[list[str]] = []
    monkeypatch.setattr(DemoRun, "run_commands", lambda self, *run: commands.extend(list(command) for command in run))
    return commands


def seeded(path: Path, age: float, **options: Any) -> DemoRun:
    """A demo whose companies were made so many seconds ago."""
    demo = DemoRun({"VAR_DIR": str(path)}, **options)
    demo.folder.seeded.touch()
    os.utime(demo.folder.seeded, (time.time() - age,) * 2)
    return demo


def test_a_start_makes_old_companies_anew_once(tmp_path: Path, asked: list[list[str]]) -> None:
    demo = seeded(tmp_path, DAY_OLD)
    demo.seed_companies()
    assert asked == [["renew_demo", "suncoast"], ["renew_demo", "chargeline"]]
    demo.seed_companies()
    assert len(asked) == 2


def test_a_start_leaves_those_of_today_unless_told(tmp_path: Path, asked: list[list[str]]) -> None:
    seeded(tmp_path, 3600).seed_companies()
    assert asked == []
    seeded(tmp_path, 3600, fresh=True).seed_companies()
    assert asked[0] == ["renew_demo", "suncoast", "--even-if-used"]


def test_a_running_demo_tries_once_an_hour(tmp_path: Path, asked: list[list[str]]) -> None:
    demo = seeded(tmp_path, DAY_OLD)
    demo.renew_when_idle()
    assert asked == []
    demo.renewal_tried_at -= AGAIN
    demo.renew_when_idle()
    demo.renew_when_idle()
    assert asked == [["renew_demo", "--idle", "--stamp", str(demo.folder.seeded)]]


def test_another_option_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--frsh"]) == 1
    assert "--fresh" in capsys.readouterr().err
