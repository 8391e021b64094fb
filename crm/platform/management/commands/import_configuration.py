"""`manage.py import_configuration`: read a configuration from YAML; `--dry-run` shows the difference."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.refusal import Refused
from crm.platform.configuration.comparison import EntryChangeKind, SectionChanges
from crm.platform.configuration.document import LARGEST, decode_file, dump_value
from crm.platform.configuration.transfer import TransferResult, import_configuration
from crm.platform.management.tenant_argument import get_tenant
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant

SIGNS = {
    EntryChangeKind.ADDED: "+",
    EntryChangeKind.CHANGED: "~",
    EntryChangeKind.MOVED: "↕",
    EntryChangeKind.REMOVED: "-",
    EntryChangeKind.KEPT: "=",
}
# Of a value, so much is shown.
LONGEST = 100


class Command(BaseCommand):
    help = "Import the configuration of an organization from YAML. Running it again changes nothing."
    # More than half of what it takes to start: they load all pages. `manage.py check` and the web's start run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization's place in addresses")
        parser.add_argument("--email", default="", help="the member in whose name it is done; otherwise the product's")
        parser.add_argument("--dry-run", action="store_true", help="show the difference, and change nothing")
        parser.add_argument("--prune", action="store_true", help="archive what the sections of the file lack")
        parser.add_argument("--partly", action="store_true", help="leave out what can't be imported")
        parser.add_argument("file", nargs="?", default="-", help="the file; without one, standard input")

    def handle(self, *args: Any, tenant: str, email: str, file: str, **options: Any) -> None:
        organization = get_tenant(tenant)
        raw = _read_file(file)
        with use_tenant(organization):
            member = _find_member(email)
            try:
                result = import_configuration(
                    decode_file(raw),
                    by=member,
                    prune=options["prune"],
                    dry_run=options["dry_run"],
                    partly=options["partly"],
                )
            except Refused as why:
                raise CommandError(str(why)) from why
        for section in result.sections:
            self._write_section(section)
        self._write_end(result, dry_run=options["dry_run"])

    def _write_section(self, section: SectionChanges) -> None:
        if not section.entries:
            return
        self.stdout.write(f"{section.name}: {section.unchanged} unchanged")
        for entry in section.entries:
            note = ""
            if entry.kind == EntryChangeKind.KEPT:
                note = " (not in the file; it stays)"
            self.stdout.write(f"  {SIGNS[entry.kind]} {entry.name}{note}".rstrip())
            for change in entry.fields:
                before, after = (dump_value(value)[:LONGEST] for value in (change.before, change.after))
                self.stdout.write(f"      {change.path}: {before} → {after}")

    def _write_end(self, result: TransferResult, *, dry_run: bool) -> None:
        for problem in result.problems:
            self.stderr.write(str(problem))
        if dry_run:
            self.stdout.write("Nothing was changed: this was a dry run.")
        elif not result.is_applied:
            raise CommandError("Nothing was changed, because of the problems above.")
        elif result.changes_something:
            self.stdout.write("The configuration was imported.")
        else:
            self.stdout.write("Nothing to change.")


def _read_file(file: str) -> bytes:
    """Read the file, up to one byte over the size limit."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{file} can’t be read: {error}") from error


def _find_member(email: str) -> Member | None:
    """Return the active member with this address; None for none asked."""
    if not email:
        return None
    member: Member | None = Member.objects.active().filter(user__email__iexact=email.strip()).first()
    if member is None:
        raise CommandError(f"There is no active member {email!r}.")
    return member
