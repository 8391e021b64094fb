"""The log of calls as a CSV file, without the texts that were sent."""

from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from assistant.permissions import SET_UP
from assistant.settings.call_rows import AskedCallRow, call_rows
from crm.kernel import clock
from crm.platform.files.csv_response import csv_response
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# Newest calls in the file; the page shows fewer.
MOST_IN_FILE = 10_000


@require(SET_UP)
def log_file(request: TenantRequest) -> HttpResponse:
    """Return the log of the last 90 days as a file."""
    reader = Reader.of(request.member, clock.now())
    headings = [
        *(_("When"), _("Who"), _("Helper"), _("About"), _("Model"), _("Words"), _("Tokens in"), _("Tokens out")),
        *(_("Cost"), _("Hidden"), _("Seconds"), _("What became of it")),
    ]
    rows = _file_rows(call_rows(reader, request.tenant.slug, MOST_IN_FILE))
    return csv_response(f"assistant-{reader.today}", headings, rows)


def _file_rows(rows: list[AskedCallRow]) -> Iterator[Sequence[str]]:
    for row in rows:
        call = row.call
        seconds = ""
        if call.milliseconds is not None:
            seconds = f"{call.milliseconds / 1000:.1f}"
        yield (
            row.at.isoformat(timespec="seconds"),
            row.who,
            row.helper,
            row.about,
            call.model,
            str(call.words),
            str(call.tokens_in),
            str(call.tokens_out),
            row.cost,
            row.hidden,
            seconds,
            row.verdict,
        )
