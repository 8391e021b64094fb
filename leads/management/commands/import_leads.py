"""`import_leads`: import a company's spreadsheet of leads, by the code the upload page uses.

Prints one line of JSON a row and a summary line. Exit code 1, with one sentence, for a file that can't be read.
"""

import json
import tempfile
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from crm.platform.models import Tenant
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.runs import finish
from leads.importing import runs
from leads.importing.files.unreadable import Unreadable
from leads.importing.mapping.plan import Choices, plan_of
from leads.importing.matching.memory import DryMemory
from leads.importing.writing.batches import Importer


class Command(BaseCommand):
    help = "Import leads from a CSV, TSV or XLSX file. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization the leads are for")
        parser.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
        parser.add_argument(
            "--encoding", default="", metavar="NAME", help="of a text file, e.g. koi8-r; else it is recognised"
        )
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, tenant: str, dry_run: bool, file: Path, encoding: str, **options: Any) -> None:
        place = Tenant.objects.filter(slug=tenant, suspended_at=None).first()
        if place is None:
            raise CommandError(f"There is no organization “{tenant}”.")
        try:
            stream = file.open("rb")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        with stream, tempfile.TemporaryFile() as staged:
            try:
                self._import(stream, file.name, place, staged, Choices(encoding=encoding), dry_run=dry_run)
            except Unreadable as unreadable:
                raise CommandError(str(unreadable)) from None

    def _import(
        self, stream: IO[bytes], name: str, tenant: Tenant, staged: IO[bytes], choices: Choices, *, dry_run: bool
    ) -> None:
        began, counts = monotonic(), Counter[str]()
        importer = self._importer(stream, name, tenant, staged, choices, dry_run=dry_run)
        for outcomes in importer.run():
            self.stdout.write("\n".join(json.dumps(o.as_line(), ensure_ascii=False) for o in outcomes))
            counts.update(str(outcome.verdict) for outcome in outcomes)
        if importer.memory:
            importer.memory.end()
        if run := importer.run_of:
            with use_tenant(tenant):
                run.reach(importer.last_row, importer.last_byte, importer.counts)
                finish(run)
        told = {verdict: counts[verdict] for verdict in ("new", "update", "duplicate", "refused")}
        summary = {"summary": True, "rows": sum(told.values()), **told, "dry_run": dry_run}
        seconds = round(monotonic() - began, 2)
        self.stdout.write(json.dumps(summary | importer.plan.as_summary() | {"seconds": seconds}, ensure_ascii=False))

    def _importer(
        self, stream: IO[bytes], name: str, tenant: Tenant, staged: IO[bytes], choices: Choices, *, dry_run: bool
    ) -> Importer:
        with use_tenant(tenant):
            if dry_run:
                plan = plan_of(*runs.understood(stream, staged, choices))
            else:
                run, plan = runs.command_run(stream, name, staged, choices)
            runs.refuse_unless_it_says_who(plan)
        if dry_run:
            return Importer(staged, plan, tenant.pk, memory=DryMemory(None))
        return Importer(staged, plan, tenant.pk, run_of=run)
