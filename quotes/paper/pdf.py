"""Render a quote as PDF."""

from typing import Any

from django.utils.translation import gettext as _

from libs.printed_pdf import (
    build_pdf,
    facts_table,
    gap,
    heading,
    items_table,
    keep_together,
    new_page,
    paragraphs,
    printable,
    strokes_drawing,
    sums_table,
)
from quotes.paper.content import SIGNATURE_BOX, AcceptanceCertificate, PaperOption, QuotePaper

SIGNATURE_MILLIMETERS = 70


def render_quote(paper: QuotePaper) -> bytes:
    """Return the PDF of a quote, in the active language, which is the paper's."""
    parts: list[Any] = [
        heading(paper.title, "title"),
        *paragraphs(paper.subtitle, "strong"),
        gap(2),
        facts_table(paper.facts),
        gap(3),
        *paragraphs(paper.intro),
    ]
    for place, option in enumerate(paper.options):
        option_parts = _option_parts(option, paper.look.accent)
        # The first one begins on the page of the letterhead, even if it does not end there.
        if place:
            option_parts = [keep_together(option_parts)]
        parts += option_parts
    for note in paper.notes:
        parts += [gap(2), *paragraphs(note, "small")]
    if paper.terms:
        parts += [heading(_("Terms")), *paragraphs(paper.terms, "small")]
    if any(printable(text) != text for text in paper.typed):
        parts += [gap(3), *paragraphs(_("Some characters can’t be printed here; they appear as boxes."), "small")]
    if paper.certificate:
        parts += _certificate_parts(paper.certificate)
    return build_pdf(parts, paper.look, title=paper.title, language=paper.language)


def _option_parts(option: PaperOption, accent: str) -> list[Any]:
    parts: list[Any] = []
    if option.name:
        parts.append(heading(" · ".join(filter(None, [option.name, option.mark]))))
    else:
        parts.append(gap(4))
    rows = [(line.name, line.details, (line.quantity, line.price, line.amount)) for line in option.lines]
    return [
        *parts,
        *paragraphs(option.description),
        items_table((_("What you get"), _("Quantity"), _("Price"), _("Amount")), rows),
        gap(1),
        sums_table([(one.name, one.amount, one.is_strong) for one in option.sums], accent),
    ]


def _certificate_parts(certificate: AcceptanceCertificate) -> list[Any]:
    verify = _("Whoever holds this PDF can verify that it is exactly as it was sealed: %(address)s")
    parts: list[Any] = [
        new_page(),
        heading(_("Certificate of the signature"), "title"),
        facts_table(certificate.facts),
    ]
    if certificate.strokes:
        signature = strokes_drawing(certificate.strokes, SIGNATURE_BOX, SIGNATURE_MILLIMETERS)
        parts += [heading(_("Drawn signature")), signature]
    return [
        *parts,
        heading(_("What they agreed to")),
        *paragraphs(certificate.consent),
        gap(4),
        *paragraphs(verify % {"address": certificate.verify_address}, "small"),
    ]
