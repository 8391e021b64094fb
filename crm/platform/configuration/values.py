"""Codecs between a column of configuration and a plain value of YAML: names instead of ids, times as text.

`decode` raises Refused with a sentence for a value that the column can't have.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Member

_DURATION = re.compile(r"(\d{1,9})(h|m|s)")
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_PPM = 10_000


class ValueCodec(Protocol):
    """Converts a stored value to a plain one and back."""

    def encode(self, value: Any) -> Any:
        """Return the plain value."""

    def decode(self, plain: Any) -> Any:
        """Return the value to store. Raises Refused."""


@dataclass(frozen=True)
class ColumnCodec:
    """The codec of a column whose value is plain already: text, number, yes or no, a list or a mapping."""

    column: "models.Field[Any, Any]"

    def encode(self, value: Any) -> Any:
        return plain_value(value)

    def decode(self, plain: Any) -> Any:
        # No columns of lists or mappings are marked as `blank`; most may be empty.
        if plain in ([], {}) and isinstance(self.column, models.JSONField | ArrayField):
            return plain
        if isinstance(self.column, models.BooleanField) and plain is not None:
            return plain_flag(plain)
        if self.column.choices and not isinstance(plain, list | dict):
            check_choice(plain, [value for value, _label in self.column.flatchoices])
        try:
            return self.column.clean(plain, None)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from None


@dataclass(frozen=True)
class NameCodec:
    """The codec of a foreign key: the name of the row. Archived rows can't be chosen."""

    model: type[models.Model]

    def encode(self, value: Any) -> str | None:
        if value is None:
            return None
        return str(value.name)

    def decode(self, plain: Any) -> Any:
        if plain is None:
            return None
        if self.model is Member and (stand_in := _stand_in.get()):
            return stand_in
        return find_by_name(self.model, str(plain))


# In a copy of an organization: the member who stands for all others.
_stand_in: ContextVar[Member | None] = ContextVar("stand_in", default=None)


@contextmanager
def members_as(member: Member) -> Iterator[None]:
    """Let a member stand for all that a configuration names as an assignee or contact, within the block."""
    token = _stand_in.set(member)
    try:
        yield
    finally:
        _stand_in.reset(token)


@dataclass(frozen=True)
class IdCodec:
    """The codec of a column with the id of a row, or with a list of ids: names."""

    model: type[models.Model]
    many: bool = False

    def encode(self, value: Any) -> Any:
        if self.many:
            names = dict(_rows(self.model).filter(pk__in=value).values_list("pk", "name"))
            return sorted(names.values())
        if value is None:
            return None
        return _rows(self.model).filter(pk=value).values_list("name", flat=True).first()

    def decode(self, plain: Any) -> Any:
        if self.many:
            return sorted(find_by_name(self.model, str(name)).pk for name in plain_list(plain))
        if plain is None:
            return None
        return find_by_name(self.model, str(plain)).pk


class FlagCodec:
    """The codec of true and false."""

    def encode(self, value: Any) -> bool:
        return bool(value)

    def decode(self, plain: Any) -> bool:
        return plain_flag(plain)


FLAG = FlagCodec()


class TimeCodec:
    """The codec of a time of day: "08:30"."""

    def encode(self, value: Any) -> str | None:
        if value is None:
            return None
        return f"{value:%H:%M}"

    def decode(self, plain: Any) -> time | None:
        if plain is None:
            return None
        try:
            return time.fromisoformat(str(plain).zfill(5))
        except ValueError:
            raise Refused(_("“%(text)s” is not a time of day, such as 08:30.") % {"text": str(plain)[:40]}) from None


class DurationCodec:
    """The codec of a number of seconds: "20h", "90m", "45s"."""

    def encode(self, value: Any) -> str | None:
        if value is None:
            return None
        unit = next(unit for unit, seconds in _SECONDS.items() if value % seconds == 0)
        return f"{value // _SECONDS[unit]}{unit}"

    def decode(self, plain: Any) -> int | None:
        if plain is None:
            return None
        match = _DURATION.fullmatch(str(plain))
        if match is None:
            raise Refused(_("“%(text)s” is not a duration, such as 20h or 90m.") % {"text": str(plain)[:40]})
        return int(match[1]) * _SECONDS[match[2]]


class ShareCodec:
    """The codec of parts per million: a percentage, such as 8.875."""

    def encode(self, value: Any) -> int | float | None:
        if value is None:
            return None
        percent = Decimal(value) / _PPM
        if percent == int(percent):
            return int(percent)
        return float(percent)

    def decode(self, plain: Any) -> int | None:
        if plain is None:
            return None
        try:
            return int(Decimal(str(plain)) * _PPM)
        except (InvalidOperation, ValueError, OverflowError):
            raise Refused(_("“%(text)s” is not a percentage.") % {"text": str(plain)[:40]}) from None


@dataclass(frozen=True)
class WholeCodec:
    """The codec of a whole number from 0; with `may_lack` also none."""

    most: int
    may_lack: bool = False

    def encode(self, value: Any) -> Any:
        return value

    def decode(self, plain: Any) -> int | None:
        if plain is None and self.may_lack:
            return None
        if isinstance(plain, bool) or not isinstance(plain, int) or not 0 <= plain <= self.most:
            raise Refused(_("Enter a whole number from 0 to %(most)s.") % {"most": self.most})
        return plain


def column_codec(model: type[models.Model], name: str) -> ValueCodec:
    """Return the codec of a model's column, by its type."""
    column: Any = model._meta.get_field(name)
    if isinstance(column, models.ForeignKey):
        return NameCodec(column.related_model)
    if isinstance(column, models.TimeField):
        return TimeCodec()
    return ColumnCodec(column)


def plain_value(value: Any) -> Any:
    """Return a value as plain data that YAML has a type for."""
    if isinstance(value, Mapping):
        return {str(key): plain_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value
    return str(value)


def find_by_name(model: type[models.Model], name: str) -> Any:
    """Return the row of a name, ignoring case, that is in use. Raises Refused for none, or several."""
    rows = [row for row in _rows(model).filter(name__iexact=name) if is_in_use(row)]
    words = {"name": name[:80]}
    if not rows:
        raise Refused(_("“%(name)s” does not exist here.") % words)
    if len(rows) > 1:
        raise Refused(_("“%(name)s” exists more than once.") % words)
    return rows[0]


def is_in_use(row: Any) -> bool:
    """True unless a row is archived, merged into another, or a member who left."""
    if getattr(row, "merged_into_id", None) is not None:
        return False
    return getattr(row, "archived_at", None) is None and bool(getattr(row, "active", True))


def plain_flag(plain: Any) -> bool:
    """Return true or false of YAML. Raises Refused for anything else, such as a text."""
    if not isinstance(plain, bool):
        raise Refused(_("“%(text)s” is neither true nor false.") % {"text": str(plain)[:40]})
    return plain


def check_choice(plain: Any, choices: Iterable[Any]) -> None:
    """Raise Refused for a value that is none of the choices. No value is left to the column."""
    offered = [str(value) for value in choices if value not in ("", None)]
    if plain not in ("", None) and str(plain) not in offered:
        words = {"text": str(plain)[:40], "choices": ", ".join(offered)}
        raise Refused(_("“%(text)s” is not one of: %(choices)s.") % words)


def plain_list(plain: Any) -> list[Any]:
    """Return a list of YAML. Raises Refused for anything else."""
    if not isinstance(plain, list):
        raise Refused(_("Write a list here."))
    return plain


def plain_mapping(plain: Any) -> dict[str, Any]:
    """Return a mapping of YAML. Raises Refused for anything else."""
    if not isinstance(plain, dict):
        raise Refused(_("Write names with values here."))
    return plain


def check_names(given: Iterable[str], names: Iterable[str]) -> None:
    """Raise Refused for a name that is not among those that may be given."""
    allowed = set(names)
    unknown = next((name for name in given if name not in allowed), None)
    if unknown is not None:
        raise Refused(_("There is no field “%(name)s” here.") % {"name": unknown[:60]})


def check_names_differ(names: Iterable[str]) -> None:
    """Raise Refused for two names that differ in case alone: both would be found as the same row."""
    first_spelling: dict[str, str] = {}
    for name in names:
        other = first_spelling.setdefault(name.casefold(), name)
        if other != name:
            words = {"name": name[:60], "other": other[:60]}
            raise Refused(_("“%(name)s” and “%(other)s” are the same name: capitals make no difference.") % words)


def _rows(model: type[models.Model]) -> Any:
    return model._base_manager.all()
