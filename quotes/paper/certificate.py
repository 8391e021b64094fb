"""Read an acceptance as the certificate page of its PDF."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.kernel import formats
from quotes.models import Quote, QuoteAcceptance
from quotes.paper.content import AcceptanceCertificate

# The evidence of a signature by its keys, in the order of the page; what was drawn (`strokes`) stands below it. Other
# keys are kept, and not printed.
EVIDENCE = {
    "code_address": gettext_lazy("Code sent to"),
    "code_at": gettext_lazy("Code entered at"),
    "device": gettext_lazy("Device"),
    "ip": gettext_lazy("Internet address"),
    "first_seen_at": gettext_lazy("First opened at"),
    "seconds": gettext_lazy("Looked at for (seconds)"),
}
METHODS = {"typed": gettext_lazy("typed their name"), "drawn": gettext_lazy("drew their signature")}


def certificate_of(acceptance: QuoteAcceptance) -> AcceptanceCertificate:
    """Return who signed when and how, in the active language."""
    quote = acceptance.quote
    chosen = acceptance.option.name if acceptance.option else quote.title
    facts = [
        (_("Signed by"), acceptance.signed_name),
        (_("Signed at"), _written_time(acceptance.accepted_at, quote)),
        (_("How"), str(METHODS.get(acceptance.method, acceptance.method))),
        (_("Quote"), f"{quote.code}, {_('version')} {acceptance.version.number}"),
        (pgettext("quote", "Accepted"), chosen),
        (_("Total"), formats.money(acceptance.total, quote.currency, quote.brand.country)),
        *evidence_facts(acceptance, lambda instant: _written_time(instant, quote)),
        (_("Fingerprint of what was shown (SHA-256)"), acceptance.shown_hash),
        (_("Fingerprint of the choice (SHA-256)"), acceptance.choice_hash),
    ]
    return AcceptanceCertificate(
        facts=tuple(facts),
        consent=acceptance.consent,
        verify_address=settings.SITE_URL + reverse("seals:verify"),
        strokes=tuple(tuple(stroke) for stroke in acceptance.evidence.get("strokes", ())),
    )


def evidence_facts(acceptance: QuoteAcceptance, written: Callable[[datetime], str]) -> list[tuple[str, str]]:
    """Return the evidence there is of who signed. Instants are stored in ISO 8601; `written` formats them."""
    facts = []
    for key, label in EVIDENCE.items():
        if not (value := acceptance.evidence.get(key)):
            continue
        text = str(value)
        if key.endswith("_at"):
            text = written(datetime.fromisoformat(text))
        facts.append((str(label), text))
    return facts


def _written_time(instant: datetime, quote: Quote) -> str:
    """Return an instant on the clock of the brand, with its offset: "11 May 2026, 9:00 AM (UTC-04:00)"."""
    local = instant.astimezone(quote.zone)
    country = quote.brand.country
    day = formats.full_day(local.date(), country)
    offset = local.isoformat()[-6:]
    return f"{day}, {formats.clock_time(instant, quote.zone, country)} (UTC{offset})"
