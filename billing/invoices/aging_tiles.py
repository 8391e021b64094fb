"""The figures above the list of invoices: what is owed by how late it is, each with its list."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from billing.invoices.aging import BUCKETS, DUE, bucket_label
from billing.invoices.invoice_list import INVOICES


class AgingTile(NamedTuple):
    """A figure: its key, its label, the URL of its list and the class of its mark. Its texts come after the page."""

    key: str
    label: str
    url: str
    css: str


def aging_tiles(url: str) -> list[AgingTile]:
    """Return the figures: not due yet, then by days late."""
    due = AgingTile(DUE, _("not late yet"), url + INVOICES.filters(state="due").query(), "ok")
    return [due, *(_bucket_tile(bucket, url) for bucket in BUCKETS)]


def _bucket_tile(bucket: str, url: str) -> AgingTile:
    css = "crit"
    if bucket == "week":
        css = "late"
    return AgingTile(bucket, bucket_label(bucket), url + INVOICES.filters(aging=bucket).query(), css)
