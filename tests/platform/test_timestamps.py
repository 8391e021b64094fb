"""Timestamps come out of Postgres to the microsecond and aware, whatever digits it leaves away."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection

from crm.platform.database.timestamps import IsoLoader

CASES = [
    "2026-11-21 03:18:28+00",
    "2026-11-21 03:18:28.5+00",
    "2026-11-21 03:18:28.123+00",
    "2026-11-21 03:18:28.123456+00",
    "1999-12-31 23:59:59.999999+00",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59+00",
]


@pytest.mark.parametrize("text", CASES)
def test_every_precision(db, text):
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz, extract(epoch from %s::timestamptz)", [text, text])
        at, epoch = cursor.fetchone()
    assert at.tzinfo is UTC
    assert (at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() == pytest.approx(float(epoch), abs=1e-6)


def test_it_is_the_loader_in_use(db):
    with connection.cursor() as cursor:
        assert cursor.adapters.get_loader(1184, 0) is IsoLoader


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 BC", "20260-01-01"])
def test_what_python_cannot_hold_is_refused_as_django_does(db, text):
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz", [text])
        with pytest.raises(DataError):
            cursor.fetchone()
