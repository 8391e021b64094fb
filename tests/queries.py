"""Counting what a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.leads.test_list import TRANSACTION_CONTROL


@contextmanager
def data_queries() -> Iterator[list[str]]:
    """The statements of the block that read or write data; transaction control is not counted."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as seen:
        yield found
    found += [query["sql"] for query in seen.captured_queries if not TRANSACTION_CONTROL.match(query["sql"])]
