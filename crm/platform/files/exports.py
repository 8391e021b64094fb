"""Lists as files: which lists there are (`Exportable` entries), and the slices by which a worker writes one.

The ids are read once, in the order of the list; rows are read 2,000 at a time and laid aside, and a slice that died
is simply done again. At the end the pieces become one file, which is kept and deleted like every other.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import QueryDict
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.events import events
from crm.platform.features import Feature
from crm.platform.files import sheet_writer, stored_files
from crm.platform.models import ExportRun, Member
from crm.platform.work import due
from crm.platform.work.claims import enqueue
from crm.platform.work.tasks import tick
from crm.web.requests.url_cache import missing_address

PERMISSION = "export"
WORK = "export.write"
# Rows a slice; up to so many rows are written in the request itself.
SLICE, SMALL = 2000, 500
# A workbook is made in one go, within a lease; a longer list is for CSV.
MOST = {ExportRun.Format.CSV: 1_000_000, ExportRun.Format.XLSX: 100_000}

Value = str | int | Decimal | date | datetime | None
Row = Sequence[Value]


@dataclass(frozen=True)
class Exportable(Feature):
    """A list that may be exported: who may, its ids as a member sees them, and its rows by id."""

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

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_address(self.page, "a-tenant")


def exportable(kind: str) -> Exportable | None:
    """The list of that name."""
    return next((one for one in features.of(Exportable) if one.kind == kind), None)


class TooLong(Exception):
    """The list has more rows than the format takes; the text says so, to a person."""


def start(source: Exportable, query: QueryDict, *, format: str, by: Member) -> ExportRun:
    """Begin to write a list to a file; a short one is written at once. Raises TooLong."""
    ids = array("q", source.ids(query, by))
    if len(ids) > MOST[ExportRun.Format(format)]:
        most = f"{MOST[ExportRun.Format(format)]:,}"
        raise TooLong(_("That is more than %(most)s rows. Filter the list, or choose CSV.") % {"most": most})
    run: ExportRun = ExportRun.objects.create(
        kind=source.kind,
        query=query.urlencode(),
        format=format,
        language=translation.get_language() or "en",
        by=by,
        ids=ids.tobytes(),
        rows=len(ids),
    )
    data = {"kind": run.kind, "rows": run.rows, "format": run.format}
    events.record("export.started", subject=run, by=by, data=data)
    if run.rows <= SMALL:
        _slice(run)
    else:
        due.schedule(WORK, run.pk, clock.now())
        enqueue(tick)
    return run


@due.handler(WORK)
def write(run_ids: Sequence[int]) -> None:
    """One slice of each export; those with more to do are scheduled again, behind the others' work."""
    for run in ExportRun.objects.select_for_update().filter(pk__in=run_ids, status=ExportRun.Status.RUNNING):
        if _slice(run):
            due.schedule(WORK, run.pk, clock.now())


def _slice(run: ExportRun) -> bool:
    """Lay the next rows aside, or make the file of them all; True while there is more to do."""
    source = exportable(run.kind)
    if source is None:
        run.end(ExportRun.Status.FAILED, by=None, problem=_("This list is no longer there."))
        return False
    if not run.by.active or not allows(run.by, PERMISSION) or not allows(run.by, source.permission):
        run.end(ExportRun.Status.FAILED, by=None, problem=_("Who asked for it may no longer export."))
        return False
    ids = array("q")
    ids.frombytes(run.ids)
    with translation.override(run.language):
        if run.rows_done < run.rows:
            part = ids[run.rows_done : run.rows_done + SLICE]
            _lay_aside(run, source.rows(part.tolist(), run.by))
            run.rows_done += len(part)
            run.save(update_fields=["rows_done"])
            if run.rows > SMALL:
                return True
        _finish(run, source)
    return False


def _finish(run: ExportRun, source: Exportable) -> None:
    name = f"{source.kind} {clock.now():%Y-%m-%d}.{run.format}"
    with stored_files.make(name, purpose="export", by=run.by) as making:
        write_sheet = sheet_writer.write_csv if run.format == ExportRun.Format.CSV else sheet_writer.write_xlsx
        write_sheet(making.file, source.headings(), _laid_aside(run))
    pieces = [_piece(run, at) for at in range(0, run.rows, SLICE)]
    run.end(ExportRun.Status.DONE, by=run.by, file=making.stored)
    # Not before: who dies in between has to make the file of them once more.
    transaction.on_commit(lambda: _throw_away(pieces), robust=True)


def _throw_away(pieces: Iterable[str]) -> None:
    for path in pieces:
        default_storage.delete(path)


# Pieces lie beside the exports; those of a run that was cancelled are deleted as files without a row.


def _piece(run: ExportRun, at: int) -> str:
    return f"{run.tenant_id}/export/{run.uid.hex}-{at}.part"


def _lay_aside(run: ExportRun, rows: Iterable[Row]) -> None:
    path = _piece(run, run.rows_done)
    default_storage.delete(path)
    lines = (json.dumps([_packed(value) for value in row], ensure_ascii=False) for row in rows)
    default_storage.save(path, ContentFile("\n".join(lines).encode()))


def _laid_aside(run: ExportRun) -> Iterator[list[Any]]:
    for at in range(0, run.rows, SLICE):
        with default_storage.open(_piece(run, at)) as piece:
            for line in piece:
                yield [_unpacked(value) for value in json.loads(line)]


def _packed(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return {"of": str(value)} if isinstance(value, Decimal) else value


def _unpacked(value: Any) -> Value:
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    return date.fromisoformat(value["on"]) if "on" in value else Decimal(value["of"])
