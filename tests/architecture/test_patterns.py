"""No pattern takes more than linear time: Python holds its lock while it matches, so that one text stops everybody."""

import json
import subprocess
import sys

import pytest

from tests.architecture.packages import ROOT
from tests.architecture.patterns import Used, explodes

pytestmark = pytest.mark.long


def test_every_pattern_is_linear() -> None:
    """In a process of its own: it imports every module anew, to see what is compiled on import."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.architecture.patterns"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    *bad, summary = map(json.loads, child.stdout.splitlines())
    assert bad == []
    assert summary["patterns"] > 100


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s*;", "search"),
        (r"(?:a|a)*b", "match"),
        (r"<\s*([^<>]*@[^<>]*?)\s*>", "search"),
        (r"\d*\d*x", "fullmatch"),
        (rb"[([][^)]*[)]", "finditer"),
    ],
)
def test_one_that_is_not_is_found(pattern: str | bytes, method: str) -> None:
    assert explodes(Used("here", pattern, 0, {method}))


@pytest.mark.parametrize(
    ("pattern", "method"), [(r"(?<!\s)\s*+;", "search"), (r"a*b", "match"), (r"\d{1,4}-\d+", "fullmatch")]
)
def test_one_that_is_linear_is_not(pattern: str, method: str) -> None:
    assert explodes(Used("here", pattern, 0, {method})) is None
