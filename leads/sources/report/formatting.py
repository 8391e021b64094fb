"""SourceReportFormat: links and number formats shared by all parts of the report."""

from urllib.parse import urlencode

from babel.numbers import get_currency_precision
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.losses.setup import lost_reasons
from crm.kernel import formats
from crm.web.reader import Reader
from leads.sources.report.lead_count import LeadCount


class SourceReportFormat:
    """Formats amounts for a reader, and links a number to the list of the leads it counts."""

    def __init__(self, reader: Reader, slug: str) -> None:
        self.reader = reader
        self.list_url = reverse("leads:list", args=[slug])
        self.spend_url = reverse("leads:spend", args=[slug])

    def url(self, counted: LeadCount) -> str:
        """Return the URL of the list behind a number, including leads that ended long ago."""
        return f"{self.list_url}?{urlencode({'brought': str(counted), 'closed': 'all'})}"

    def money(self, minor: int, currency: str) -> str:
        """Format an amount in whole units; the report's file has the cents."""
        unit = 10 ** get_currency_precision(currency)
        whole = (minor + unit // 2) // unit * unit
        return formats.money(whole, currency, self.reader.country, self.reader.language)

    def short_money(self, minor: int, currency: str) -> str:
        return formats.short_money(minor, currency, self.reader.country, self.reader.language)

    def decimal(self, number: float) -> str:
        return formats.decimal(number, self.reader.country)


def reason_name(pk: int | None) -> str:
    """Return the name of a lost reason; "" for None, and "Other reasons" for 0."""
    if pk is None:
        return ""
    if pk:
        return lost_reasons().name(pk)
    return _("Other reasons")


def format_percent(part: int, whole: int) -> str:
    """Format a share in whole percent; a dash if the total is zero."""
    if whole:
        return formats.whole_percent(100 * part / whole)
    return "–"


def format_minutes(minutes: int) -> str:
    """Format business minutes: "14 min", "1 h 12"."""
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02}"}
