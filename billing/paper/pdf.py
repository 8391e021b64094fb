"""Render the papers of billing as PDF, in the active language, which is the paper's."""

from typing import Any

from django.utils.translation import gettext as _

from billing.paper.content import AccountPaper, InvoicePaper
from libs.printed_pdf import (
    build_pdf,
    facts_table,
    gap,
    heading,
    items_table,
    paragraphs,
    qr_drawing,
    sums_table,
)

QR_MILLIMETERS = 34


def render_invoice(paper: InvoicePaper) -> bytes:
    """Return the PDF of an invoice or credit note."""
    rows = [(line.name, line.details, (line.quantity, line.price, line.amount)) for line in paper.lines]
    parts: list[Any] = [
        heading(paper.title, "title"),
        *paragraphs(paper.subtitle, "strong"),
        gap(2),
        facts_table(paper.facts),
        gap(4),
        items_table((_("What"), _("Quantity"), _("Price"), _("Amount")), rows),
        gap(1),
        sums_table([(one.name, one.amount, one.is_strong) for one in paper.sums], paper.look.accent),
    ]
    if paper.payment:
        parts += [heading(_("How to pay")), facts_table(paper.payment)]
    if paper.code:
        parts += [gap(2), qr_drawing(paper.code, QR_MILLIMETERS)]
        parts += paragraphs(_("Scan this code with your banking app: it fills in the transfer."), "small")
    for note in paper.notes:
        parts += [gap(3), *paragraphs(note, "small")]
    return build_pdf(parts, paper.look, title=paper.title, language=paper.language)


def render_account(paper: AccountPaper) -> bytes:
    """Return the PDF of a statement or a receipt."""
    parts: list[Any] = [heading(paper.title, "title"), facts_table(paper.facts)]
    for part in paper.parts:
        rows = [(entry.name, entry.day, (entry.amount, entry.balance)) for entry in part.entries]
        parts += [
            heading(part.currency),
            items_table((_("What"), _("Amount"), _("Balance")), rows),
            gap(1),
            sums_table([(_("Open"), part.balance, True)], paper.look.accent),
        ]
    return build_pdf(parts, paper.look, title=paper.title, language=paper.language)
