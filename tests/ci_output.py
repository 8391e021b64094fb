"""What a run in CI prints: its log is cut in the middle, so nothing stands in it that says nothing of a failure."""

import os
from collections.abc import Generator

import pytest

IN_CI = os.environ.get("CI") == "true"
# Of each thing that was captured (a browser test's server logs every request and all that went wrong on purpose).
LINES, WIDTH = 20, 300


def pytest_configure(config: pytest.Config) -> None:
    """Print tracebacks short; a developer's own run prints what its options say."""
    if IN_CI:
        config.option.tbstyle = "short"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the end of what a test that failed had printed."""
    report = yield
    if IN_CI:
        report.sections = [(title, ending(text)) for title, text in report.sections]
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Print nothing of what passed: thousands of dots are most of what the log may hold."""
    return ("passed", "", "") if IN_CI and report.when == "call" and report.passed else None


def ending(text: str) -> str:
    """Return the last lines of `text`, none of them long."""
    lines = [line if len(line) <= WIDTH else f"{line[:WIDTH]} …" for line in text.splitlines()]
    left_out = [f"… {len(lines) - LINES} lines before"] if len(lines) > LINES else []
    return "\n".join(left_out + lines[-LINES:]) + "\n"
