"""Seal the PDF of an accepted quote, and file it as a document of the job that the customer sees."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.documents.files.inspection import inspect
from crm.documents.kinds import money_kind
from crm.documents.models import Document
from crm.documents.seals.sealing import seal_pdf
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io
from quotes.models import Quote, QuoteAcceptance, SealedQuote
from quotes.paper.pdf import render_quote
from quotes.paper.quote_content import accepted_paper

# Work that may call a timestamp authority.
SEAL = "quote.seal"


def schedule_seals(events: Sequence[Event]) -> None:
    """Schedule the sealing of what was accepted (subscriber)."""
    due_io.schedule_all(SEAL, [(event.data["acceptance"], clock.now()) for event in events])


def seal_acceptance(tenant_id: int, acceptance_id: int) -> None:
    """Make, seal and file the PDF of an acceptance, visible to the customer. Idempotent.

    Raises TimestampRefused, so that it is tried again.
    """
    with use_tenant(tenant_id):
        acceptance = QuoteAcceptance.objects.filter(pk=acceptance_id, sealed=None).first()
        if acceptance is None:
            return
        paper = accepted_paper(acceptance)
        with override(paper.language):
            pdf = render_quote(paper)
            reason = _("Accepted by %(name)s") % {"name": acceptance.signed_name}
            title = _("%(quote)s, signed") % {"quote": paper.title}
    # Outside of a transaction: it may call out.
    sealed = seal_pdf(pdf, signer=paper.look.brand, reason=reason)
    with use_tenant(tenant_id), transaction.atomic():
        _file_document(acceptance, sealed, title)


def _file_document(acceptance: QuoteAcceptance, sealed: bytes, title: str) -> None:
    """File the document once: two workers that had the same work wait for each other."""
    quote = Quote.objects.select_for_update().select_related(None).get(pk=acceptance.quote_id)
    if SealedQuote.objects.filter(acceptance=acceptance).exists():
        return
    file = inspect(sealed, f"{title}.pdf")
    document = Document.add(file, kind=money_kind(), job=quote.job, title=title, visibility="customer")
    SealedQuote.objects.create(acceptance=acceptance, document=document, sha256=file.sha256)
