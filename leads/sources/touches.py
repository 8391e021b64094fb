"""What a lead's page says of the visits that brought it: the first, and the last before it was won."""

from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.web.reader import Reader
from leads.models import Lead, Touch, TouchKind
from leads.sources.setup import campaigns


def touches(lead: Lead, reader: Reader) -> list[tuple[str, str]]:
    """Return each touch with its label: source, campaign, the words of the address, the day. One query."""
    rows = sorted(Touch.objects.filter(lead=lead), key=lambda touch: touch.kind != TouchKind.FIRST)
    return [(_label(touch), _told(touch, reader)) for touch in rows]


def _label(touch: Touch) -> str:
    return _("First touch") if touch.kind == TouchKind.FIRST else _("Returned via")


def _told(touch: Touch, reader: Reader) -> str:
    sources = pipeline_setup().sources
    source = sources[touch.source_id].name if touch.source_id else ""
    words = " ".join(filter(None, [touch.utm_source, touch.utm_campaign]))
    unmatched = _("“%(words)s” is not matched yet") % {"words": words} if touch.is_unmatched else ""
    parts = [source, campaigns().name(touch.campaign_id), touch.medium, unmatched, reader.day(touch.at)]
    return " · ".join(filter(None, parts))
