"""The PDF of a commission statement, in the brand's look and language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.commissions.statement_lines import StatementRow, statement_rows
from billing.models import CommissionStatement
from billing.models.billing_terms import terms_of
from billing.models.issuing import seller_facts
from billing.paper.letterhead import seller_lines
from crm.kernel import formats
from crm.platform.organization.configuration import directory
from libs.printed_pdf import PageLook, build_pdf, facts_table, gap, heading, items_table, sums_table
from quotes.paper.look import language_of, page_look


@dataclass(frozen=True)
class StatementPaper:
    """What stands on a statement, as it is printed."""

    look: PageLook
    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[StatementRow, ...]
    total: str


def statement_file(statement: CommissionStatement) -> tuple[bytes, str]:
    """Return the PDF of a statement, and its name."""
    language = language_of(statement.brand, statement.partner.person)
    with override(language):
        paper = _read_paper(statement, language)
        return _render_paper(paper), f"{paper.title}.pdf"


def _read_paper(statement: CommissionStatement, language: str) -> StatementPaper:
    brand = statement.brand
    issuer = statement.issuer or seller_facts(terms_of(brand.pk), brand.name, brand.country)
    facts = [
        (_("For"), statement.payee.get("name", statement.partner.name)),
        (_("Month"), formats.month(statement.month)),
    ]
    if statement.issued_at:
        day = statement.issued_at.astimezone(directory().zone).date()
        facts.append((_("Date"), formats.full_day(day, brand.country)))
    return StatementPaper(
        look=page_look(brand, *seller_lines(issuer)),
        language=language,
        title=_("Commission statement %(number)s") % {"number": statement.number or _("draft")},
        facts=tuple(facts),
        rows=tuple(statement_rows(statement, brand.country, language)),
        total=formats.money(statement.total, statement.currency, brand.country, language),
    )


def _render_paper(paper: StatementPaper) -> bytes:
    rows = [(f"{row.number} {row.title}", row.words, (row.paid_net, row.terms, row.amount)) for row in paper.rows]
    parts = [
        heading(paper.title, "title"),
        gap(2),
        facts_table(paper.facts),
        gap(4),
        items_table((_("Job"), _("Paid, without tax"), _("Commission"), _("Amount")), rows),
        gap(1),
        sums_table([(_("We pay you"), paper.total, True)], paper.look.accent),
    ]
    return build_pdf(parts, paper.look, title=paper.title, language=paper.language)
