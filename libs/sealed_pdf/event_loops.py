"""pyHanko beside an event loop of the caller."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def call_in_thread(function: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
    """Call a function in a new thread; return its result or raise its exception.

    pyHanko starts an event loop in each call, which Python refuses in a thread that has one.
    """
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(function, *args, **options).result()
