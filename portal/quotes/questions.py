"""Store a customer's question about a quote, or the change they want: also as a message on the job's ticket."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from comms.inbound.inbound_processing import read_one
from comms.inbound.messaging.portal_messages import store_portal_message
from comms.models import Medium, Message
from portal.access.viewer import Level, PortalViewer
from portal.models import PortalAccess
from portal.models.quotas import spend_message
from portal.quotes.offer_page import OfferPage


def ask_about(viewer: PortalViewer, page: OfferPage, text: str, key: UUID, *, with_choice: bool) -> None:
    """Store a question, or with the choice a change they want. Idempotent per form.

    Raises Refused for an empty one or a quote that is no longer open, QuotaReached for too many.
    """
    quote = page.quote
    if Message.objects.filter(medium=Medium.PORTAL, person=viewer.person, provider_id=str(key)).exists():
        return
    with transaction.atomic():
        # Whoever was sent a link was meant to come in, invited or not.
        spend_message(viewer.access if viewer.access.pk else PortalAccess.invite(viewer.person, by=None))
        if with_choice:
            quote.request_change(viewer.person, text, page.selection.option_id, page.selection.unticked)
        else:
            quote.ask(viewer.person, text)
        words = _message_text(viewer, page, text, with_choice=with_choice)
        inbound = store_portal_message(viewer.person, quote.job, key, words)
    read_one(inbound.pk)


def _message_text(viewer: PortalViewer, page: OfferPage, text: str, *, with_choice: bool) -> str:
    """Return the message: which quote it is about, what they wrote, and what they chose."""
    parts = [_("About quote %(quote)s:") % {"quote": page.quote.code}, text.strip()]
    if with_choice:
        parts += _choice_words(page)
    if viewer.level < Level.SESSION:
        parts.append(_("Written on the page of the quote, opened by its link without a code."))
    return "\n\n".join(part for part in parts if part)


def _choice_words(page: OfferPage) -> list[str]:
    taken_off = ", ".join(line.row.name for line in page.optional if not line.is_on)
    words = []
    if page.sums.option:
        words.append(_("Option: %(name)s") % {"name": page.sums.option})
    if taken_off:
        words.append(_("Without: %(lines)s") % {"lines": taken_off})
    words.append(_("Price: %(total)s") % {"total": page.sums.total})
    return ["\n".join(words)]
