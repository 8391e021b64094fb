"""Keyset pagination: a page begins after a row's sort key, so that late pages cost no more than the first.

A place is the sort key of a row, as text for a URL: the next page begins behind it.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

ROWS = 50
MOST_BIGINT = 2**63
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Place = tuple[Any, ...]


class Order:
    """Sort columns of a list, one of them unique, all ascending or all descending, matching one ordered index.

    `blank`: a column that may be null, and the number or instant its nulls stand at, as in the index over the same
    expression.
    """

    def __init__(
        self,
        model: type[models.Model],
        *columns: str,
        down: bool = False,
        blank: Mapping[str, int | datetime] | None = None,
    ) -> None:
        self.table = model._meta.db_table
        self.fields: list[Any] = [model._meta.get_field(name) for name in columns]
        self.names = columns
        self.down = down
        self.blank = blank or {}

    def of(self, rows: Any, *, backwards: bool = False) -> Any:
        """Sort the rows in this order, or reversed."""
        down = self.down != backwards
        return rows.order_by(*(self._sorted_by(field, down=down) for field in self.fields))

    def after(self, rows: Any, place: Place) -> Any:
        """Return the rows after a sort key."""
        return rows.filter(self._build_comparison("<" if self.down else ">", place))

    def before(self, rows: Any, place: Place) -> Any:
        """Return the rows before a sort key."""
        return rows.filter(self._build_comparison(">" if self.down else "<", place))

    def place_of(self, row: Any) -> Place:
        """Return a row's sort key."""
        key = ((field, getattr(row, field.attname)) for field in self.fields)
        return tuple(self.blank[field.name] if value is None else value for field, value in key)

    def encode(self, row: Any) -> str:
        """Encode a row's sort key for a URL."""
        parts = [(part - _EPOCH) // _MICROSECOND if isinstance(part, datetime) else part for part in self.place_of(row)]
        return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")

    def decode(self, text: str) -> Place | None:
        """Decode the sort key of a URL; None if invalid."""
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return tuple(_part(field, part) for field, part in zip(self.fields, parts, strict=True))
        except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
            return None

    def _build_comparison(self, operator: str, place: Place) -> Any:
        # Django's OR chain for a keyset would not be one index condition; Postgres' row comparison is.
        columns = ", ".join(map(self._column, self.fields))
        holes = ", ".join(["%s"] * len(place))
        return RawSQL(f"({columns}) {operator} ({holes})", list(place), output_field=BooleanField())  # noqa: S611

    def _sorted_by(self, field: Any, *, down: bool) -> Any:
        if field.name not in self.blank:
            if down:
                return f"-{field.name}"
            return field.name
        value = RawSQL(self._column(field), [], output_field=field)  # noqa: S611
        if down:
            return value.desc()
        return value.asc()

    def _column(self, field: Any) -> str:
        column = f'"{self.table}"."{field.column}"'
        if field.name not in self.blank:
            return column
        value = self.blank[field.name]
        if isinstance(value, datetime):
            literal = f"'{value.isoformat()}'::timestamptz"
        else:
            literal = f"{value:d}"
        return f"coalesce({column}, {literal})"


class JoinedOrder(Order):
    """An order by columns of a table that the rows were joined with, so that an index of that table decides it.

    `path`: the reverse relation that was joined; `attributes`: what a row has of each column, by column.
    """

    def __init__(
        self, model: type[models.Model], path: str, attributes: Mapping[str, str], *, down: bool = False
    ) -> None:
        super().__init__(model, *attributes, down=down)
        self.path = path
        self.attributes = tuple(attributes.values())

    def place_of(self, row: Any) -> Place:
        return tuple(getattr(row, name) for name in self.attributes)

    def _sorted_by(self, field: Any, *, down: bool) -> Any:
        column = f"{self.path}__{field.attname}"
        if down:
            return f"-{column}"
        return column


def _part(field: Any, part: Any) -> Any:
    """Parse one value of a sort key. Raises ValueError if it does not fit its column."""
    if isinstance(field, models.CharField | models.TextField):
        if isinstance(part, str) and "\0" not in part:
            return part
    elif type(part) is int and -MOST_BIGINT <= part < MOST_BIGINT:
        if isinstance(field, models.DateTimeField):
            return _EPOCH + part * _MICROSECOND
        return part
    raise ValueError("no such place")


@dataclass(frozen=True)
class Page:
    """One page of rows, and the keys before and after it; empty at an end."""

    rows: list[Any]
    newer: str
    older: str


def read_page(rows: Any, query: Mapping[str, str], order: Order) -> Page:
    """Return the page of `?after=` or `?before=`; the first page for an invalid key."""
    back = order.decode(query.get("before", ""))
    behind = order.decode(query.get("after", ""))
    if back:
        found = list(order.of(order.before(rows, back), backwards=True)[: ROWS + 1])
        kept = found[:ROWS][::-1]
        return Page(kept, order.encode(kept[0]) if len(found) > ROWS else "", order.encode(kept[-1]) if kept else "")
    found = list(order.of(order.after(rows, behind) if behind else rows)[: ROWS + 1])
    kept = found[:ROWS]
    newer = ""
    if behind and kept:
        newer = order.encode(kept[0])
    return Page(kept, newer, order.encode(kept[-1]) if len(found) > ROWS else "")
