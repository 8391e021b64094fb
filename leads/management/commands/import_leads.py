"""`import_leads`: bring a company's spreadsheet of leads in, by the code the upload page uses.

Prints one line of JSON a row and a summary line. Exit code 1, with one sentence, for a file that can't be read.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from crm.platform.models import Tenant
from crm.platform.tenancy import use_tenant
from leads.intake import runs
from leads.intake.importing import Importer, plan
from leads.intake.unreadable import Unreadable
from leads.models import ImportRun


class Command(BaseCommand):
    help = "Import leads from a CSV file. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization the leads are for")
        parser.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
        parser.add_argument("file", type=Path, metavar="FILE.csv")

    def handle(self, *args: Any, tenant: str, dry_run: bool, file: Path, **options: Any) -> None:
        place = Tenant.objects.filter(slug=tenant, suspended_at=None).first()
        if place is None:
            raise CommandError(f"There is no organization “{tenant}”.")
        try:
            stream = file.open("rb")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        with stream:
            try:
                self._import(stream, file.name, place, dry_run=dry_run)
            except Unreadable as unreadable:
                raise CommandError(str(unreadable)) from None

    def _import(self, stream: BinaryIO, name: str, tenant: Tenant, *, dry_run: bool) -> None:
        began = monotonic()
        run: ImportRun | None = None
        with use_tenant(tenant):
            importer = Importer(stream, plan(stream), tenant.pk, dry_run=dry_run)
            if not dry_run:
                run = runs.store(stream, name, rows=importer.plan.rows, by=None)
                run.start(by=None)
                importer.data = {"import": run.pk}
        for outcomes in importer.run():
            self.stdout.write("\n".join(json.dumps(o.as_line(), ensure_ascii=False) for o in outcomes))
        counts = {verdict: importer.counts[verdict] for verdict in ("new", "update", "duplicate", "refused")}
        if run:
            with use_tenant(tenant):
                run.advance(importer.last_row, counts, importer.refused)
                run.finish()
        summary = {"summary": True, "rows": sum(counts.values()), **counts, "dry_run": dry_run}
        seconds = round(monotonic() - began, 2)
        self.stdout.write(json.dumps(summary | importer.plan.as_summary() | {"seconds": seconds}, ensure_ascii=False))
