"""`import_leads`: import a company's spreadsheet of leads, with the code of the upload page.

Prints one line of JSON a row and a summary line. Exit code 1, with one sentence, for a file that can't be read.
"""

import json
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from crm.jobs.importing.unreadable import UnreadableFile
from crm.platform.models import Tenant
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.runs import finish
from leads.importing import runs
from leads.importing.mapping.plan import Choices, plan_of
from leads.importing.mapping.without_headings import NO_HEADER
from leads.importing.matching.memory import DryMemory
from leads.importing.writing.batches import Importer


@dataclass(frozen=True)
class _Task:
    """The options of one run of the command."""

    tenant: Tenant
    name: str
    stream: IO[bytes]
    staged: IO[bytes]
    choices: Choices
    # What columns hold, by their names.
    columns: Mapping[str, str]
    dry_run: bool


class Command(BaseCommand):
    help = "Import leads from a CSV, TSV or XLSX file. Running it again changes nothing."
    # Half of what it takes to start, most of it the addresses of pages; `manage.py check` and the web's start run them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization the leads are for")
        parser.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
        parser.add_argument(
            "--encoding", default="", metavar="NAME", help="of a text file, e.g. koi8-r; else it is recognised"
        )
        parser.add_argument(
            "--clocks",
            choices=("dates", "now"),
            default="dates",
            help="when clocks of open leads start",
        )
        parser.add_argument(
            "--no-header", action="store_true", help="the first row is a lead already; columns go by what they hold"
        )
        parser.add_argument("--sheet", default="", metavar="NAME", help="of a workbook; else the one with the leads")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=FIELD",
            help="what a column holds, e.g. Who=name; else it is recognised. May be given several times",
        )
        parser.add_argument("file", type=Path, metavar="FILE", help="a file or a pipe; - for the standard input")

    def handle(self, *args: Any, tenant: str, dry_run: bool, file: Path, **options: Any) -> None:
        place = Tenant.objects.filter(slug=tenant, suspended_at=None).first()
        if place is None:
            raise CommandError(f"There is no organization “{tenant}”.")
        clocks = ""
        if options["clocks"] == "now":
            clocks = "now"
        row = None
        if options["no_header"]:
            row = NO_HEADER
        choices = Choices(encoding=options["encoding"], sheet=options["sheet"], clocks=clocks, header_row=row)
        columns = dict(each.rpartition("=")[::2] for each in options["column"])
        with _open_path(file) as stream, tempfile.TemporaryFile() as staged:
            try:
                self._import_file(_Task(place, file.name, stream, staged, choices, columns, dry_run))
            except UnreadableFile as unreadable:
                raise CommandError(str(unreadable)) from None

    def _import_file(self, task: _Task) -> None:
        began = monotonic()
        counts = Counter[str]()
        importer = self._build_importer(task)
        for outcomes in importer.run():
            self.stdout.write("\n".join(json.dumps(o.as_line(), ensure_ascii=False) for o in outcomes))
            counts.update(str(outcome.verdict) for outcome in outcomes)
        if importer.memory:
            importer.memory.end()
        if run := importer.run_of:
            with use_tenant(task.tenant):
                run.reach(importer.last_row, importer.last_byte, importer.counts)
                finish(run)
        summary_counts = {verdict: counts[verdict] for verdict in ("new", "update", "duplicate", "refused")}
        summary = {"summary": True, "rows": sum(summary_counts.values()), **summary_counts, "dry_run": task.dry_run}
        seconds = round(monotonic() - began, 2)
        self.stdout.write(json.dumps(summary | importer.plan.as_summary() | {"seconds": seconds}, ensure_ascii=False))

    def _build_importer(self, task: _Task) -> Importer:
        tenant_id = task.tenant.pk
        with use_tenant(task.tenant):
            if task.dry_run:
                plan = plan_of(*runs.understood(task.stream, task.staged, task.choices, named=task.columns))
            else:
                run, plan = runs.command_run(task.stream, task.name, task.staged, task.choices, task.columns)
            runs.refuse_unless_it_says_who(plan)
        if task.dry_run:
            return Importer(task.staged, plan, tenant_id, memory=DryMemory(None))
        return Importer(task.staged, plan, tenant_id, run_of=run)


@contextmanager
def _open_path(path: Path) -> Iterator[IO[bytes]]:
    """Open a file; piped input is copied to a temporary file, as it is read more than once."""
    with ExitStack() as stack:
        try:
            stream: IO[bytes]
            if str(path) == "-":
                stream = sys.stdin.buffer
            else:
                stream = stack.enter_context(path.open("rb"))
            if not stream.seekable():
                kept = stack.enter_context(tempfile.TemporaryFile())
                shutil.copyfileobj(stream, kept)
                stream = kept
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from None
        yield stream
