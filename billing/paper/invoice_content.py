"""Read an invoice or credit note as InvoicePaper."""

from decimal import Decimal
from functools import cached_property

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.models import Invoice, InvoiceKind, InvoiceLine
from billing.models.billing_terms import terms_of
from billing.models.issuing import buyer_facts, seller_facts
from billing.paper.content import InvoicePaper
from billing.paper.e_invoices import buyer_vat_number, tax_reasons
from billing.paper.letterhead import buyer_text, payment_reference, seller_lines
from crm.kernel import clock, formats
from crm.kernel.formats import get_locale
from crm.platform.organization.configuration import directory
from libs.bank_statements import UnpayableTransfer, transfer_matrix, written_reference
from quotes.paper.content import PaperLine, PaperSum
from quotes.paper.look import language_of, page_look
from quotes.sums import TaxMode
from quotes.taxes.treatment import EU_COUNTRIES


def invoice_paper(invoice: Invoice) -> InvoicePaper:
    """Return an invoice as it is printed, in the customer's language; a draft with the terms of today."""
    language = language_of(invoice.brand, invoice.person)
    with override(language):
        return InvoiceReader(invoice, language).read()


class InvoiceReader:
    """Reads an invoice for print, in the active language."""

    def __init__(self, invoice: Invoice, language: str) -> None:
        self.invoice = invoice
        self.language = language
        self.country = invoice.brand.country
        self.terms = terms_of(invoice.brand_id)
        self.seller = invoice.seller or seller_facts(self.terms, invoice.brand.name, invoice.brand.country)
        self.buyer = invoice.buyer or buyer_facts(invoice.job)

    def read(self) -> InvoicePaper:
        lines = self.invoice.lines.order_by("position")
        return InvoicePaper(
            look=page_look(self.invoice.brand, *seller_lines(self.seller)),
            language=self.language,
            title=self._title(),
            subtitle=self.invoice.title,
            facts=tuple(self._facts()),
            lines=tuple(self._line(line) for line in lines),
            sums=tuple(self._sums()),
            notes=tuple(filter(None, [*self._tax_notes, self.invoice.note, self.terms.footer])),
            payment=tuple(self._payment()),
            code=self._code(),
        )

    @cached_property
    def _tax_notes(self) -> list[str]:
        """Why there is no VAT, which a brand in the EU has to print."""
        if self.country not in EU_COUNTRIES:
            return []
        return tax_reasons(self.invoice)

    def _title(self) -> str:
        number = self.invoice.number or _("draft")
        titles = {
            InvoiceKind.DEPOSIT: _("Deposit invoice %(number)s"),
            InvoiceKind.CREDIT: _("Credit note %(number)s"),
            InvoiceKind.FINAL: _("Final invoice %(number)s"),
        }
        return titles.get(InvoiceKind(self.invoice.kind), _("Invoice %(number)s")) % {"number": number}

    def _facts(self) -> list[tuple[str, str]]:
        invoice = self.invoice
        issued = (invoice.issued_at or clock.now()).astimezone(directory().zone).date()
        facts = [(_("Date"), formats.full_day(issued, self.country))]
        if invoice.due_on:
            facts.append((_("To be paid until"), formats.full_day(invoice.due_on, self.country)))
        facts.append((_("For"), buyer_text(self.buyer)))
        if self._tax_notes and (number := buyer_vat_number(invoice)):
            facts.append((_("VAT number of the customer"), number))
        if invoice.credited:
            facts.append((_("Corrects"), invoice.credited.number))
        return facts

    def _line(self, line: InvoiceLine) -> PaperLine:
        where = get_locale(self.language, self.country)
        quantity = format_decimal(Decimal(line.quantity).scaleb(-3), locale=where)
        return PaperLine(
            name=line.name,
            details=line.description,
            quantity=f"{quantity} {line.unit}".strip(),
            price=self._money(line.unit_price),
            amount=self._money(line.amount),
        )

    def _sums(self) -> list[PaperSum]:
        invoice = self.invoice
        is_included = invoice.tax_mode == TaxMode.INCLUDED
        words = _("of which tax %(percent)s%%") if is_included else _("Tax %(percent)s%%")
        taxes = [
            PaperSum(words % self._tax_values(one), self._money(one["tax"])) for one in invoice.taxes if one["tax"]
        ]
        total = PaperSum(_("Total"), self._money(invoice.total), is_strong=True)
        if is_included:
            rows = [total, *taxes]
        else:
            rows = [PaperSum(_("Without tax"), self._money(invoice.net)), *taxes, total]
        if invoice.paid and not invoice.is_credit:
            rows += [
                PaperSum(_("Already paid"), self._money(-invoice.paid)),
                PaperSum(_("To pay"), self._money(invoice.open), is_strong=True),
            ]
        return rows

    def _tax_values(self, tax: dict[str, int]) -> dict[str, str]:
        where = get_locale(self.language, self.country)
        return {"percent": format_decimal(Decimal(tax["rate"]).scaleb(-4), locale=where)}

    def _payment(self) -> list[tuple[str, str]]:
        """Return how to pay by transfer; nothing on a credit note, a draft, or once it is paid."""
        if not self.invoice.is_owed:
            return []
        names = (
            (_("Bank"), self.seller.get("bank_name", "")),
            ("IBAN", self.seller.get("iban", "")),
            ("BIC", self.seller.get("bic", "")),
            (_("Account"), self.seller.get("account", "")),
        )
        facts = [(name, value) for name, value in names if value]
        if facts:
            facts.append((_("Reference"), written_reference(payment_reference(self.invoice))))
        return facts

    def _code(self) -> tuple[tuple[bool, ...], ...]:
        if not self.invoice.is_owed or not self.seller.get("iban"):
            return ()
        try:
            matrix = transfer_matrix(
                name=self.seller.get("name", ""),
                iban=self.seller["iban"],
                cents=self.invoice.open,
                currency=self.invoice.currency,
                reference=payment_reference(self.invoice),
                bic=self.seller.get("bic", ""),
            )
        except UnpayableTransfer:
            return ()
        return tuple(tuple(row) for row in matrix)

    def _money(self, minor: int) -> str:
        return formats.money(minor, self.invoice.currency, self.country, self.language)
