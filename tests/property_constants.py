"""Constants that Hypothesis tries come from the modules that its tests are about, not from all the product's.

It would parse each of 1,700 files, in every worker that collects one of its tests: two and a half seconds of processor
time each, for constants that no such test can have to do with.
"""

import functools
import sys
from collections.abc import Iterable

import pytest
from hypothesis import is_hypothesis_test
from hypothesis.internal.conjecture import providers


def narrow(items: Iterable[pytest.Item]) -> None:
    """Leave Hypothesis those modules of ours that the modules of its tests name something of."""
    modules = {item.module for item in items if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)}
    named = {getattr(value, "__module__", None) for module in modules for value in vars(module).values()}
    files = {getattr(sys.modules.get(name), "__file__", None) for name in named if isinstance(name, str)}
    is_ours = providers.is_local_module_file
    providers.is_local_module_file = functools.lru_cache(None)(lambda path: path in files and is_ours(path))
