"""Upload a bank statement of the demo: a line that names its invoice, lines for a person, and a fee."""

from datetime import datetime, timedelta
from html import escape
from typing import NamedTuple

from babel.numbers import get_currency_precision

from billing.bank.importing import take_file
from billing.models import Invoice
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>S-1</Id><Acct><Id><Othr><Id>0004471982</Id></Othr></Id><Ccy>%(currency)s</Ccy></Acct>%(lines)s</Stmt>
</BkToCstmrStmt></Document>"""
LINE = """<Ntry><Amt Ccy="%(currency)s">%(amount)s</Amt><CdtDbtInd>%(side)s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>%(day)s</Dt></BookgDt><AcctSvcrRef>%(reference)s</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty>
<Nm>%(name)s</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>%(text)s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
WORDS = {
    "en": ("Thank you for the quick work", "Second half, as agreed", "Refund of deposit, pallets", "Bank fee"),
    "nl": ("Bedankt voor het snelle werk", "Tweede helft, zoals afgesproken", "Statiegeld pallets", "Bankkosten"),
}


class StatementLine(NamedTuple):
    """A line of the statement; an amount below zero goes out."""

    amount: int
    name: str
    text: str


def upload_statement(now: datetime, *, by: Member) -> None:
    """Upload the statement of yesterday, inside the tenant and its language."""
    tenant = directory().tenant
    thanks, half, pallets, fee = WORDS.get(tenant.language, WORDS["en"])
    currency = directory().default_brand.currency
    owed = list(Invoice.objects.unpaid().filter(currency=currency).order_by("-due_at", "-pk")[:3])
    lines = [StatementLine(9_600, "EuroPallet", pallets), StatementLine(-1_250, "", fee)]
    if len(owed) == 3:
        named, same, part = owed
        lines += [
            StatementLine(named.open // 2, named.buyer["name"], f"{named.number} 1/2"),
            StatementLine(same.open, same.buyer["name"], thanks),
            StatementLine(part.open // 2, part.buyer["name"], half),
        ]
    with clock.at(now - timedelta(hours=14)):
        take_file(_build_file(lines, currency), "statement.xml", by=by)


def _build_file(lines: list[StatementLine], currency: str) -> bytes:
    day = clock.now().astimezone(directory().zone).date()
    digits = get_currency_precision(currency)
    entries = [
        LINE
        % {
            "currency": currency,
            "amount": f"{abs(line.amount) / 10**digits:.{digits}f}",
            "side": "CRDT" if line.amount > 0 else "DBIT",
            "day": day.isoformat(),
            "reference": f"B-{number}",
            "name": escape(line.name),
            "text": escape(line.text),
        }
        for number, line in enumerate(lines, start=1)
    ]
    return (FILE % {"currency": currency, "lines": "".join(entries)}).encode()
