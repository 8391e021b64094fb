"""Take over rows of another system by the import of leads: known by id, email or phone, and brought up to date."""

import hashlib
import io
import tempfile
from collections import Counter
from typing import IO
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connections.feeds.feed_session import open_session
from connections.feeds.table import as_csv, is_markup
from connections.models import OF_FILE, Connection, ConnectionProblem, FieldRule, SyncDirection, SyncItem
from connections.sync.sync_round import SyncRound
from connections.system_kinds import RemoteError
from crm.integrations.providers.rest import error_of
from crm.jobs.importing.headings import key_of
from crm.jobs.importing.unreadable import UnreadableFile, in_words
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.runs import finish
from leads.importing import runs
from leads.importing.mapping.plan import Choices
from leads.importing.writing.batches import Importer
from leads.models import ImportRun
from libs.tabular import survey

FILE, COLUMN = "file", "column"
# A rule of the mapping: a field of the import, and the column there.
PREFIX = "in."
# The remote id of refused rows: the import that says why.
RUN = "run:"
UPLOADED_RUN = f"{OF_FILE}{RUN}"


def pull_new(one: SyncRound) -> None:
    """Fetch the address, and import what it holds if that changed. A file that can't be read is a dead letter.

    Raises RemoteError if the address can't be used; a web page instead of data is a failure of the system.
    """
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
    if is_markup(answer.content):
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    digest = hashlib.sha256(answer.content).hexdigest()
    if one.connection.cursor.get("since") == digest:
        return
    try:
        one.received += import_rows(one.tenant_id, one.connection, answer.content, "feed.csv")
    except UnreadableFile as why:
        one.park(FILE, url[:120], str(why), label=urlsplit(url).hostname or "")
    else:
        with one.tenant():
            SyncItem.settle(one.connection.pk, FILE, url)
    one.store_cursor(one.connection.cursor | {"since": digest, "etag": answer.headers.get("ETag", "")[:200]})


def import_rows(tenant_id: int, connection: Connection, content: bytes, name: str, *, run_prefix: str = RUN) -> int:
    """Import a document; return how many rows were new or changed. Raises UnreadableFile.

    A column that the mapping names and that is gone is a dead letter; the others are imported. So are refused rows.
    `run_prefix`: begins the remote id of the dead letter of refused rows.
    """
    table = as_csv(content)
    if not table:
        return 0
    with use_tenant(tenant_id):
        columns = list_columns(table)
        Connection.objects.filter(pk=connection.pk).update(options=connection.options | {"columns": columns})
        connection.options = connection.options | {"columns": columns}
        named, gone = map_columns(connection, columns)
        park_gone(connection, gone)
    with tempfile.TemporaryFile() as staged:
        with use_tenant(tenant_id):
            run, plan = runs.command_run(io.BytesIO(table), name, staged, Choices(), named)
            runs.refuse_unless_it_says_who(plan)
        importer = Importer(staged, plan, tenant_id, run_of=run)
        counts = Counter(str(outcome.verdict) for outcomes in importer.run() for outcome in outcomes)
        with use_tenant(tenant_id):
            run.reach(importer.last_row, importer.last_byte, importer.counts)
            finish(run)
            _park_refused(connection, counts["refused"], run, run_prefix)
    return counts["new"] + counts["update"]


def read_upload(connection: Connection, file: IO[bytes], size: int, *, by: Member) -> int:
    """Import an uploaded export; return how many rows were new or changed. Raises UnreadableFile."""
    content = read_content(file, size)
    return import_rows(connection.tenant_id, connection, content, "upload.csv", run_prefix=UPLOADED_RUN)


def read_content(file: IO[bytes], size: int) -> bytes:
    """Return an uploaded file. Raises UnreadableFile if it is too large."""
    if size > runs.READ_AT_ONCE:
        raise UnreadableFile(_("The file is larger than %(limit)s MB. Split it.") % {"limit": 2})
    return file.read()


def list_columns(table: bytes) -> list[str]:
    """Return the columns of a CSV table. Raises UnreadableFile."""
    records: list[list[str]] = []
    with in_words():
        survey(io.BytesIO(table), lambda record: records.append(list(record.cells)))
    return [cell.strip()[:120] for cell in records[0] if cell.strip()] if records else []


def map_columns(connection: Connection, columns: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return what the mapping says columns hold, and the columns of the mapping that are gone."""
    rules = FieldRule.objects.filter(connection=connection, direction=SyncDirection.IN)
    keys = {key_of(column) for column in columns}
    named: dict[str, str] = {}
    gone: list[str] = []
    for rule in rules:
        if key_of(rule.theirs) in keys:
            named[rule.theirs] = rule.ours.removeprefix(PREFIX)
        else:
            gone.append(rule.theirs)
    return named, gone


def park_gone(connection: Connection, gone: list[str]) -> None:
    """Make a dead letter of each column of the mapping that is gone; remove those of columns that are not."""
    SyncItem.objects.filter(connection=connection, noun=COLUMN).exclude(
        remote_id__in=[one[:120] for one in gone]
    ).delete()
    words = _("The column “%(name)s” of the mapping is not there any more. The other columns go on.")
    for name in gone:
        SyncItem.park(connection.pk, COLUMN, name[:120], words % {"name": name}, label=name)


def _park_refused(connection: Connection, count: int, run: ImportRun, prefix: str) -> None:
    # Rows of the same address that were refused before are in this import too, or no longer there.
    former = SyncItem.objects.dead().filter(connection=connection, noun=FILE, remote_id__startswith=prefix)
    former.delete()
    if count:
        words = ngettext(
            "%(count)s row was refused. Its import says why.",
            "%(count)s rows were refused. Their import says why.",
            count,
        )
        SyncItem.park(connection.pk, FILE, f"{prefix}{run.uid}", words % {"count": count}, label=run.file_name)
