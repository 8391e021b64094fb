"""FeedPreview: what an export of another system would do if it were imported; nothing is stored."""

import io
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from connections.feeds.pulling import list_columns, map_columns, read_content
from connections.feeds.table import as_csv
from connections.models import Connection
from crm.jobs.importing.unreadable import UnreadableFile
from leads.importing import runs
from leads.importing.mapping.plan import Choices, plan_of
from leads.importing.matching.memory import DryMemory
from leads.importing.matching.verdicts import RowOutcome
from leads.importing.writing.batches import Importer

# Refused rows that the page lists.
MOST_REFUSED = 50


@dataclass
class FeedPreview:
    """Counts of rows by verdict, the first refused ones as (row, cells, reasons), and columns that are gone."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def add(self, outcome: RowOutcome) -> None:
        """Count a row; keep why it would be refused."""
        self.counts[str(outcome.verdict)] += 1
        if outcome.verdict == "refused" and len(self.refused) < MOST_REFUSED:
            self.refused.append((outcome.row, outcome.raw, " ".join(outcome.remarks)))


def preview_upload(connection: Connection, file: IO[bytes], size: int) -> FeedPreview:
    """Judge each row of an uploaded export as its import would. Raises UnreadableFile."""
    table = as_csv(read_content(file, size))
    if not table:
        raise UnreadableFile(_("The file has no rows."))
    named, gone = map_columns(connection, list_columns(table))
    preview = FeedPreview(gone=gone)
    with tempfile.TemporaryFile() as staged:
        plan = plan_of(*runs.understood(io.BytesIO(table), staged, Choices(), named=named))
        runs.refuse_unless_it_says_who(plan)
        memory = DryMemory(None)
        for outcomes in Importer(staged, plan, connection.tenant_id, memory=memory).run():
            for outcome in outcomes:
                preview.add(outcome)
        memory.end()
    return preview
