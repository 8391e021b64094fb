"""Take over rows of another system by the import of leads: known by id, email or phone, and brought up to date."""

import hashlib
import io
import tempfile
from collections import Counter
from collections.abc import Mapping
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connections.feeds.feed_session import open_session
from connections.feeds.table import as_csv
from connections.models import Connection, FieldRule, SyncDirection, SyncItem
from connections.sync.sync_round import SyncRound
from crm.integrations.providers.rest import error_of
from crm.jobs.importing.headings import key_of
from crm.jobs.importing.unreadable import UnreadableFile, in_words
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.runs import finish
from leads.importing import runs
from leads.importing.mapping.plan import Choices
from leads.importing.writing.batches import Importer
from libs.tabular import survey

FILE, COLUMN = "file", "column"
# A rule of the mapping: a field of the import, and the column there.
PREFIX = "in."


def pull_new(one: SyncRound) -> None:
    """Fetch the address, and import what it holds if that changed. A file that can't be read is a dead letter."""
    url = one.connection.options.get("pull_url", "")
    if not url:
        return
    headers = {"Accept": "application/json, text/csv"}
    if "since" in one.connection.cursor and one.connection.cursor.get("etag"):
        headers["If-None-Match"] = one.connection.cursor["etag"]
    answer = open_session(one.connection).send_request("GET", url, headers=headers)
    if answer.status_code == 304:
        return
    if answer.status_code != 200:
        raise error_of(answer)
    digest = hashlib.sha256(answer.content).hexdigest()
    if one.connection.cursor.get("since") == digest:
        return
    try:
        one.received += import_rows(one.tenant_id, one.connection, answer.content, "feed.csv")
    except UnreadableFile as why:
        one.park(FILE, url[:120], str(why), label=_("File"))
    one.store_cursor(one.connection.cursor | {"since": digest, "etag": answer.headers.get("ETag", "")[:200]})


def import_rows(tenant_id: int, connection: Connection, content: bytes, name: str) -> int:
    """Import a document; return how many rows were new or changed. Raises UnreadableFile.

    A column that the mapping names and that is gone is a dead letter; the others are imported. So are refused rows.
    """
    table = as_csv(content)
    if not table:
        return 0
    with use_tenant(tenant_id):
        columns = _columns_of(table)
        Connection.objects.filter(pk=connection.pk).update(options=connection.options | {"columns": columns})
        connection.options = connection.options | {"columns": columns}
        named = _named_columns(connection, columns)
    with tempfile.TemporaryFile() as staged:
        with use_tenant(tenant_id):
            run, plan = runs.command_run(io.BytesIO(table), name, staged, Choices(), named)
            runs.refuse_unless_it_says_who(plan)
        importer = Importer(staged, plan, tenant_id, run_of=run)
        counts = Counter(str(outcome.verdict) for outcomes in importer.run() for outcome in outcomes)
        with use_tenant(tenant_id):
            run.reach(importer.last_row, importer.last_byte, importer.counts)
            finish(run)
            _park_refused(connection, counts["refused"], str(run.uid))
    return counts["new"] + counts["update"]


def read_upload(connection: Connection, file: IO[bytes], size: int, *, by: Member) -> int:
    """Import an uploaded export; return how many rows were new or changed. Raises UnreadableFile."""
    if size > runs.READ_AT_ONCE:
        raise UnreadableFile(_("The file is larger than %(limit)s MB. Split it.") % {"limit": 2})
    return import_rows(connection.tenant_id, connection, file.read(), "upload.csv")


def _columns_of(table: bytes) -> list[str]:
    records: list[list[str]] = []
    with in_words():
        survey(io.BytesIO(table), lambda record: records.append(list(record.cells)))
    return [cell.strip()[:120] for cell in records[0] if cell.strip()] if records else []


def _named_columns(connection: Connection, columns: list[str]) -> Mapping[str, str]:
    """Return what the mapping says columns hold; those that are gone are dead letters."""
    rules = FieldRule.objects.filter(connection=connection, direction=SyncDirection.IN)
    keys = {key_of(column) for column in columns}
    named: dict[str, str] = {}
    for rule in rules:
        if key_of(rule.theirs) in keys:
            named[rule.theirs] = rule.ours.removeprefix(PREFIX)
            continue
        words = _("The column “%(name)s” of the mapping is not there any more. The other columns go on.")
        SyncItem.park(connection.pk, COLUMN, rule.theirs[:120], words % {"name": rule.theirs}, label=rule.theirs)
    return named


def _park_refused(connection: Connection, count: int, run_uid: str) -> None:
    if count:
        words = ngettext(
            "%(count)s row was refused. The import under Leads says why.",
            "%(count)s rows were refused. The import under Leads says why.",
            count,
        )
        SyncItem.park(connection.pk, FILE, f"run:{run_uid}", words % {"count": count}, label=_("Rows"))
