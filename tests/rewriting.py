"""Test files are rewritten for their asserts once a run, each by one worker: pytest has every worker rewrite them all.

All workers collect in one order, so none finds what another has just written, and on a machine that has run no test yet
(CI's) each spends six seconds of processor time on it. What is written here is what pytest would write.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import (
    PYC_TAIL,
    _rewrite_test,
    _write_pyc,
    assertstate_key,
    get_cache_dir,
    try_makedirs,
)

TESTS = Path(__file__).parent


def rewrite_share(config: pytest.Config) -> None:
    """Rewrite this worker's share of all test files, in a run of all tests."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    worker: dict[str, int | str] = getattr(config, "workerinput", {})
    if worker:
        number, count = int(str(worker["workerid"]).removeprefix("gw")), int(worker["workercount"])
        rewrite(config, sorted(TESTS.rglob("test_*.py"))[number::count])


def rewrite(config: pytest.Config, files: Sequence[Path]) -> None:
    """Leave the rewritten code of each file where pytest looks for it."""
    for path in files:
        folder = get_cache_dir(path)
        kept = folder / f"{path.stem}{PYC_TAIL}"
        # One that is out of date is the business of pytest, which compares it with its source.
        if not kept.exists() and try_makedirs(folder):
            source, code = _rewrite_test(path, config)
            _write_pyc(config.stash[assertstate_key], code, source, kept)
