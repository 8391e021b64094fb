"""Export lists to CSV or XLSX: the exportable lists (`Exportable` entries), and the run that writes a file.

The ids are read once, in the order of the list; rows are read 2,000 at a time and laid aside. At the end the pieces
become one file, which is kept and deleted like every other.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import QueryDict
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock, formats
from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.files import sheet_writer, stored_files
from crm.platform.models import Member
from crm.platform.replica.lag import PINNED_FOR
from crm.platform.replica.reading import read_stale
from crm.platform.work import runs
from crm.web.lists.definition import List
from crm.web.models import ExportRun
from crm.web.requests.tenant_urls import missing_address

# A workbook is made in one go, within a lease; a longer list is for CSV.
MOST = {ExportRun.Format.CSV: 1_000_000, ExportRun.Format.XLSX: 100_000}

Value = str | int | Decimal | date | datetime | None
Row = Sequence[Value]


@dataclass(frozen=True, kw_only=True)
class Exportable(Feature):
    """A list that may be exported: its permission, the ids a member may see, and its rows by id."""

    unique: ClassVar[tuple[str, ...]] = ("kind",)

    kind: str
    label: str | Promise
    # The page's own permission; the one to export comes on top.
    permission: str
    # The address of the list, by name.
    page: str
    ids: Callable[[QueryDict, Member], Iterable[int]]
    headings: Callable[[], list[str]]
    # Rows in the order of the ids; those that are gone, or hidden from the member by now, are left out.
    rows: Callable[[Sequence[int], Member], Iterator[Row]]
    # Instead of `rows`, where what a row says depends on the address, too: of a past day, how it stood then.
    rows_of: Callable[[QueryDict, Sequence[int], Member], Iterator[Row]] | None = None

    def read(self, query: str, ids: Sequence[int], member: Member) -> Iterator[Row]:
        """Return the rows with these ids, in the order of the list's URL."""
        if self.rows_of:
            return self.rows_of(QueryDict(query), ids, member)
        return self.rows(ids, member)

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_address(self.page, "a-tenant")


def exportable_list(preset: List, columns: Mapping[str, Callable[[Any], Value]]) -> Exportable:
    """Return the export of a list: its rows in its order, with these columns by heading."""

    def ids(query: QueryDict, member: Member) -> Iterable[int]:
        filters = preset.read(query, member)
        found: Iterable[int] = preset.order(filters).of(preset.apply(filters, member)).values_list("pk", flat=True)
        return found

    def rows(pks: Sequence[int], member: Member) -> Iterator[Row]:
        there = preset.visible(member).in_bulk(pks)
        return ([read(there[pk]) for read in columns.values()] for pk in pks if pk in there)

    return Exportable(
        kind=preset.key,
        label=preset.words.name,
        permission=preset.permission,
        page=preset.page,
        ids=ids,
        headings=lambda: [*columns],
        rows=rows,
    )


def exportable(kind: str) -> Exportable | None:
    """Return the exportable list of that name."""
    return next((one for one in features.of(Exportable) if one.kind == kind), None)


class TooLong(Exception):
    """Raised if the list has more rows than the format allows. The text is shown to the user."""


def start(source: Exportable, query: QueryDict, *, format: str, by: Member) -> ExportRun:
    """Start the export of a list. A short one is written immediately. Raises TooLong."""
    run = ExportRun(kind=source.kind, query=query.urlencode(), format=format, by=by)
    run.language = translation.get_language() or "en"
    run.select(source.ids(query, by))
    if run.total > MOST[ExportRun.Format(format)]:
        most = formats.whole_number(MOST[ExportRun.Format(format)])
        raise TooLong(_("That is more than %(most)s rows. Filter the list, or choose CSV.") % {"most": most})
    runs.start(runs.add(run), by=by)
    return run


@runs.register
class ExportKind(runs.SelectionKind[ExportRun]):
    """The run of an export: stores 2,000 rows per slice. The last slice joins them into the file."""

    model = ExportRun
    work = "export.write"
    permission = "export"
    forbidden = gettext_lazy("The person who started this export no longer has permission.")
    size = 2000
    small = 500

    def check(self, run: ExportRun) -> None:
        source = self._source(run)
        super().check(run)
        if not allows(run.by, source.permission):
            raise runs.RunFailed(str(self.forbidden))

    def language(self, run: ExportRun) -> str:
        return run.language

    def do_slice(self, run: ExportRun) -> bool:
        if run.done == run.total:
            return False
        super().do_slice(run)
        # The file is made by a slice of its own, for it may take long.
        return True

    def do(self, run: ExportRun, ids: Sequence[int]) -> None:
        source = self._source(run)
        # The first seconds are read on the primary, so that the file has what its reader had just written.
        is_pinned = clock.now() - (run.started_at or run.created_at) < timedelta(seconds=PINNED_FOR)
        rows, _read_from = read_stale(
            lambda: list(source.read(run.query, ids, run.by)), name=self.work, is_pinned=is_pinned
        )
        _lay_aside(run, rows)

    def finish(self, run: ExportRun) -> None:
        source = self._source(run)
        with stored_files.write_stored_file(
            f"{source.kind} {clock.now():%Y-%m-%d}.{run.format}", purpose="export", by=run.by
        ) as made:
            if run.format == ExportRun.Format.CSV:
                write_sheet = sheet_writer.write_csv
            else:
                write_sheet = sheet_writer.write_xlsx
            write_sheet(made.file, source.headings(), _laid_aside(run))
        run.file = made.stored
        run.save(update_fields=["file"])
        self.clean_up(run)

    def _source(self, run: ExportRun) -> Exportable:
        if source := exportable(run.kind):
            return source
        raise runs.RunFailed(_("This list no longer exists."))

    def clean_up(self, run: ExportRun) -> None:
        pieces = [_piece(run, at) for at in range(0, run.total, self.size)]
        # Not before: who dies in between has to make the file of them once more.
        transaction.on_commit(lambda: _throw_away(pieces), robust=True)


def _throw_away(pieces: Iterable[str]) -> None:
    for path in pieces:
        default_storage.delete(path)


# Pieces lie beside the exports; those of a run that failed are deleted as files without a row.


def _piece(run: ExportRun, at: int) -> str:
    return f"{run.tenant_id}/export/{run.uid.hex}-{at}.part"


def _lay_aside(run: ExportRun, rows: Iterable[Row]) -> None:
    path = _piece(run, run.done)
    default_storage.delete(path)
    lines = (json.dumps([_pack_value(value) for value in row], ensure_ascii=False) for row in rows)
    default_storage.save(path, ContentFile("\n".join(lines).encode()))


def _laid_aside(run: ExportRun) -> Iterator[list[Any]]:
    for at in range(0, run.total, ExportKind.size):
        with default_storage.open(_piece(run, at)) as piece:
            for line in piece:
                yield [_unpack_value(value) for value in json.loads(line)]


def _pack_value(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, Decimal):
        return {"of": str(value)}
    return value


def _unpack_value(value: Any) -> Value:
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    if "on" in value:
        return date.fromisoformat(value["on"])
    return Decimal(value["of"])
