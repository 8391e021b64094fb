"""Receive emails from files or standard input, as from an MTA's pipe; print one JSON line for each."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from comms.inbound.delivery import DeliveredMail, deliver, deliver_all
from comms.inbound.files import MailFile, mails_in, read_all
from crm.platform.models import Tenant

# sysexits.h: the MTA keeps the mail and tries again.
TEMPORARY_FAILURE = 75
# So many mails, and bytes of them, are stored and read together.
AT_ONCE = 25
BYTES_AT_ONCE = 8_000_000


class Command(BaseCommand):
    help = "Receive raw mails (RFC 5322): files, an mbox, a Maildir, a folder, or standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, help="the organization's place in addresses")
        parser.add_argument("--mailbox", default="", help="the address it was delivered to, whatever the mail says")
        parser.add_argument("--dry-run", action="store_true", help="say what would become of it, and store nothing")
        parser.add_argument("files", nargs="*", metavar="FILE", help="none, or -: standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = _find_tenant(options["tenant"])
        tried = stored = 0
        for group in _group_mails(_named_files(options["files"])):
            for mail, delivered in zip(group, self._deliver_group(group, tenant, options), strict=True):
                tried += 1
                stored += delivered.is_stored
                self.stdout.write(json.dumps(delivered.as_json(mail.label)))
            self.stdout.flush()
        if tried and not stored and not options["dry_run"]:
            raise CommandError("Nothing could be stored.", returncode=TEMPORARY_FAILURE)

    def _deliver_group(self, group: list[MailFile], tenant: Tenant, options: dict[str, Any]) -> list[DeliveredMail]:
        [first, *_others] = group
        if first.problem:
            return [DeliveredMail("parked", first.problem)]
        try:
            if options["dry_run"]:
                return [deliver(mail.raw, tenant, mailbox=options["mailbox"], dry_run=True) for mail in group]
            return deliver_all(group, tenant, mailbox=options["mailbox"])
        except (OperationalError, InterfaceError) as error:
            return [DeliveredMail("parked", f"It could not be stored: {type(error).__name__}.")] * len(group)


def _group_mails(mails: Iterator[MailFile]) -> Iterator[list[MailFile]]:
    """Group mails to be stored and read together; unreadable ones stay alone."""
    group: list[MailFile] = []
    for mail_file in mails:
        is_full = len(group) >= AT_ONCE or sum(len(mail.raw) for mail in group) + len(mail_file.raw) > BYTES_AT_ONCE
        if group and (is_full or mail_file.problem or group[0].problem):
            yield group
            group = []
        group.append(mail_file)
    if group:
        yield group


def _find_tenant(slug: str) -> Tenant:
    try:
        tenant = Tenant.objects.filter(slug=slug).first()
    except (OperationalError, InterfaceError) as error:
        raise CommandError("The database does not answer.", returncode=TEMPORARY_FAILURE) from error
    if tenant is None:
        raise CommandError(f"There is no organization {slug!r}.", returncode=TEMPORARY_FAILURE)
    return tenant


def _named_files(names: list[str]) -> Iterator[MailFile]:
    for name in names or ["-"]:
        if name == "-":
            content = bytes(read_all(sys.stdin.buffer, is_file=True))
            yield MailFile("-", content, size=len(content))
        else:
            yield from mails_in(name)
