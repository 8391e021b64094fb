"""Contents of most sections: RowContent for named rows of a model, ValuesContent for one set of values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.configuration.values import FLAG, ValueCodec, check_names, column_codec, is_in_use, plain_mapping
from crm.platform.models import Member

DEFAULT = "default"


class FieldRefused(Refused):
    """A field has a value it can't have; `path` names it within its entry."""

    def __init__(self, path: tuple[str, ...], sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


@dataclass(frozen=True)
class RowPart:
    """A part of a row that another verb sets: functions that read it as plain data and write it.

    `prune` archives entries of the part that the plain data lacks; without it, writing replaces the part.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any, Any, Member | None], None]
    prune: Callable[[Any, Any, Member | None], None] | None = None


def add_row(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Any:
    """Add a row as most models do."""
    return model.add(name=name, by=by, **values)


def edit_row(row: Any, values: dict[str, Any], by: Member | None) -> None:
    """Edit a row as most models do."""
    row.edit(name=row.name, by=by, **values)


def archive_row(row: Any, by: Member | None) -> None:
    """Archive a row as most models do."""
    row.archive(by=by)


@dataclass(frozen=True, kw_only=True)
class RowContent:
    """Rows of a model by their names. `fields` are columns, encoded by their type unless `codecs` says otherwise."""

    model: Any
    fields: tuple[str, ...] = ()
    codecs: Mapping[str, ValueCodec] = field(default_factory=dict)
    # What is set by other verbs than `add` and `edit`, by its key.
    parts: Mapping[str, RowPart] = field(default_factory=dict)
    # The part without which a row can't be added; `add` gets it as it stands in the file.
    begins_with: str = ""
    # Other models whose rows are within these.
    within: tuple[type[models.Model], ...] = ()
    rows: Callable[[], Iterable[Any]] | None = None
    name_of: Callable[[Any], str] = lambda row: str(row.name)
    add: Callable[[Any, str, dict[str, Any], Member | None], Any] = add_row
    edit: Callable[[Any, dict[str, Any], Member | None], object] = edit_row
    archive: Callable[[Any, Member | None], None] = archive_row
    # Whether rows that a file lacks can be archived; else they stay.
    can_prune: bool = True
    # Rows of one group have an order among themselves.
    group_of: Callable[[Any], str] = lambda row: ""
    # With a place in an order, which `move` changes unless rows can't be moved; with a default of `make_default`.
    is_ordered: bool = False
    can_move: bool = True
    has_default: bool = False
    is_single: bool = False

    @property
    def models(self) -> tuple[type[models.Model], ...]:
        return (self.model, *self.within)

    def read(self) -> dict[str, dict[str, Any]]:
        live = self._live_rows()
        if not self.is_ordered:
            live.sort(key=lambda row: self.name_of(row).casefold())
        return {self.name_of(row): self._encode(row) for row in live}

    def write(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        plain_values = dict(values)
        is_default = self.has_default and decode_field(FLAG, DEFAULT, plain_values.pop(DEFAULT, False))
        check_names(plain_values, (*self.fields, *self.parts))
        columns = {key: plain for key, plain in plain_values.items() if key in self.fields}
        decoded = {key: decode_field(self._codec(key), key, plain) for key, plain in columns.items()}
        row = self._find(name)
        if row is None:
            row = self.add(self.model, name, decoded | self._first_part(plain_values), by)
        else:
            if not is_in_use(row):
                row.restore(by=by)
            if any(getattr(row, key) != value for key, value in decoded.items()):
                self.edit(row, {key: getattr(row, key) for key in self.fields} | decoded, by)
        for key in plain_values:
            if key in self.parts and self.parts[key].read(row) != plain_values[key]:
                write_part(self.parts[key], row, key, plain_values[key], by)
        if is_default:
            row.make_default(by=by)

    def _first_part(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if not self.begins_with:
            return {}
        if self.begins_with not in given:
            raise Refused(_("A new entry needs “%(name)s”.") % {"name": self.begins_with})
        return {self.begins_with: given[self.begins_with]}

    def remove(self, name: str, *, by: Member | None) -> None:
        row = self._find(name)
        if self.can_prune and row is not None and is_in_use(row):
            self.archive(row, by)

    def prune(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        row = self._find(name)
        for key, part in self.parts.items():
            if row is not None and key in values and part.prune:
                part.prune(row, values[key], by)

    def arrange(self, names: list[str], *, by: Member | None) -> None:
        if self.is_ordered and self.can_move:
            arrange_rows(self._live_rows, self.name_of, names, by, group_of=self.group_of)

    def _live_rows(self) -> list[Any]:
        return [row for row in self._all_rows() if is_in_use(row)]

    def _all_rows(self) -> Iterable[Any]:
        if self.rows is not None:
            return self.rows()
        rows: models.QuerySet[Any] = self.model.objects.all()
        if self.is_ordered:
            return rows.order_by("position", "pk")
        return rows

    def _find(self, name: str) -> Any:
        matches = [row for row in self._all_rows() if self.name_of(row).casefold() == name.casefold()]
        live = [row for row in matches if is_in_use(row)]
        return next(iter([*live, *matches]), None)

    def _encode(self, row: Any) -> dict[str, Any]:
        values = {name: self._codec(name).encode(getattr(row, name)) for name in self.fields}
        values |= {name: part.read(row) for name, part in self.parts.items()}
        if self.has_default:
            values[DEFAULT] = row.is_default
        return values

    def _codec(self, name: str) -> ValueCodec:
        return self.codecs.get(name) or column_codec(self.model, name)


@dataclass(frozen=True, kw_only=True)
class ValuesContent:
    """One set of values, such as a policy. `get` returns the object that has them, `save` changes the given ones."""

    model: Any
    fields: tuple[str, ...]
    get: Callable[[], Any]
    save: Callable[[dict[str, Any], Member | None], None]
    codecs: Mapping[str, ValueCodec] = field(default_factory=dict)
    covers: tuple[type[models.Model], ...] | None = None
    is_single: bool = True

    @property
    def models(self) -> tuple[type[models.Model], ...]:
        if self.covers is None:
            return (self.model,)
        return self.covers

    def read(self) -> dict[str, dict[str, Any]]:
        row = self.get()
        return {"": {name: self._codec(name).encode(getattr(row, name)) for name in self.fields}}

    def write(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        check_names(values, self.fields)
        decoded = {key: decode_field(self._codec(key), key, plain) for key, plain in values.items()}
        row = self.get()
        self.save({key: getattr(row, key) for key in self.fields} | decoded, by)

    def remove(self, name: str, *, by: Member | None) -> None:
        raise Refused(_("These settings can be changed, but not removed."))

    def prune(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        return

    def arrange(self, names: list[str], *, by: Member | None) -> None:
        return

    def _codec(self, name: str) -> ValueCodec:
        return self.codecs.get(name) or column_codec(self.model, name)


@dataclass(frozen=True, kw_only=True)
class TableContent:
    """One value each for fixed keys, such as a limit for each role. `get` returns all, `save` sets all."""

    models: tuple[type[models.Model], ...]
    get: Callable[[], Mapping[str, Any]]
    save: Callable[[dict[str, Any], Member | None], None]
    codec: ValueCodec
    is_single: bool = True

    def read(self) -> dict[str, dict[str, Any]]:
        return {"": {str(key): self.codec.encode(value) for key, value in self.get().items()}}

    def write(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        present = dict(self.get())
        check_names(values, present)
        decoded = {key: decode_field(self.codec, key, plain) for key, plain in values.items()}
        self.save(present | decoded, by)

    def remove(self, name: str, *, by: Member | None) -> None:
        raise Refused(_("These settings can be changed, but not removed."))

    def prune(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        return

    def arrange(self, names: list[str], *, by: Member | None) -> None:
        return


def decode_field(codec: ValueCodec, name: str, plain: Any) -> Any:
    """Return the decoded value of a field. Raises FieldRefused."""
    try:
        return codec.decode(plain)
    except FieldRefused:
        raise
    except Refused as why:
        raise FieldRefused((name,), str(why)) from why


def write_part(part: RowPart, row: Any, name: str, plain: Any, by: Member | None) -> None:
    """Write a part of a row. Raises FieldRefused with its path."""
    try:
        part.write(row, plain, by)
    except FieldRefused as why:
        raise FieldRefused((name, *why.path), str(why)) from why
    except Refused as why:
        raise FieldRefused((name,), str(why)) from why


def entry_values(values: Any) -> dict[str, Any]:
    """Return the fields of an entry; an entry without any may be left empty. Raises Refused."""
    if values is None:
        return {}
    return plain_mapping(values)


@transaction.atomic
def arrange_rows(
    read: Callable[[], Iterable[Any]],
    name_of: Callable[[Any], str],
    names: list[str],
    by: Member | None,
    *,
    group_of: Callable[[Any], str] = lambda row: "",
) -> None:
    """Move rows with `move` until those that are named have this order within their group, in front of the others."""
    rank = {name.casefold(): at for at, name in enumerate(names)}
    rows = list(read())
    order = sorted(rows, key=lambda row: (group_of(row), rank.get(name_of(row).casefold(), len(rank))))
    if [row.pk for row in order] == [row.pk for row in rows]:
        return
    for row in order:
        row.refresh_from_db()
        row.move(before=None, by=by)
