"""Read CAMT.053 (ISO 20022), of every version: elements are found by their names, whatever the namespace."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from libs.bank_statements.lines import BankLine, BankStatement, UnreadableStatement, minor_amount, with_keys
from libs.sentence import Sentence as _

MESSAGE = re.compile(r"camt\.(\d{3})\.")
NOTHING = "NOTPROVIDED"
DEBIT = "DBIT"


def read_camt(content: bytes) -> list[BankStatement]:
    """Return the statements of a file. Raises UnreadableStatement."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableStatement(_("The file contains definitions that no bank writes. It was not read.")) from None
    except (ParseError, ValueError, LookupError):
        raise UnreadableStatement(_("The file is XML, but damaged. Download it again.")) from None
    message = MESSAGE.search(root.tag)
    if message is None:
        raise UnreadableStatement(
            _("This isn’t a bank statement. Download it from your bank as CAMT.053 (XML) or MT940.")
        )
    if message[1] != "053":
        sentence = _("This is CAMT.%(number)s, which isn’t final. Download the statement as CAMT.053.")
        raise UnreadableStatement(sentence % {"number": message[1]})
    return [_read_statement(statement) for statement in _all(root, "BkToCstmrStmt", "Stmt")]


def _read_statement(statement: Element) -> BankStatement:
    account = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
    if not account:
        raise UnreadableStatement(_("A statement of the file names no account."))
    lines = [line for entry in _all(statement, "Ntry") for line in _read_entry(entry, account)]
    opening = _balance(statement, ("OPBD", "PRCD"))
    closing = _balance(statement, ("CLBD",))
    currency = _text(statement, "Acct", "Ccy") or _currency_of(statement, lines)
    number = _text(statement, "LglSeqNb") or _text(statement, "ElctrncSeqNb") or _text(statement, "Id")
    return BankStatement(account, number, currency, with_keys(lines), opening, closing)


def _currency_of(statement: Element, lines: list[BankLine]) -> str:
    for balance in _all(statement, "Bal", "Amt"):
        return balance.get("Ccy", "")
    return lines[0].currency if lines else ""


def _balance(statement: Element, codes: tuple[str, ...]) -> int | None:
    for balance in _all(statement, "Bal"):
        if _text(balance, "Tp", "CdOrPrtry", "Cd") in codes:
            return _signed_amount(balance)[0]
    return None


def _read_entry(entry: Element, account: str) -> Iterator[BankLine]:
    """Yield a line for each transaction of a booked entry, if their amounts are its amount; else one for the entry."""
    if (_text(entry, "Sts", "Cd") or _text(entry, "Sts")) not in ("BOOK", ""):
        return
    total, currency = _signed_amount(entry)
    booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked_on is None:
        raise UnreadableStatement(_("A line of the file has no date."))
    details = list(_all(entry, "NtryDtls", "TxDtls"))
    amounts = [_detail_amount(detail, total, currency) for detail in details]
    if len(details) > 1 and (None in amounts or sum(filter(None, amounts)) != total):
        amounts = [total]
        details = [entry]
    if len(details) == 1:
        amounts = [total]
    for detail, amount in zip(details or [entry], amounts or [total], strict=True):
        yield BankLine(
            account=account,
            booked_on=booked_on,
            valued_on=_day(entry, "ValDt") or booked_on,
            amount=amount or 0,
            currency=currency,
            counterparty=_counterparty(detail, is_incoming=total > 0),
            counterparty_account=_counterparty_account(detail, is_incoming=total > 0),
            text=_remittance_text(detail) or _text(entry, "AddtlNtryInf"),
            reference=_text(detail, "RmtInf", "Strd", "CdtrRefInf", "Ref"),
            end_to_end_id=_known_identifier(_text(detail, "Refs", "EndToEndId")),
            bank_reference=_text(detail, "Refs", "AcctSvcrRef") or _text(entry, "AcctSvcrRef"),
            is_reversal=_text(entry, "RvslInd") == "true",
        )


def _detail_amount(detail: Element, total: int, currency: str) -> int | None:
    """Return a transaction's amount with the sign of its entry; None if it names none in the account's currency."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        for element in _all(detail, *path):
            if element.get("Ccy") == currency:
                amount = minor_amount(_decimal(element.text), currency)
                indicator = _text(detail, "CdtDbtInd")
                is_debit = indicator == DEBIT if indicator else total < 0
                return -amount if is_debit else amount
    return None


def _counterparty(detail: Element, *, is_incoming: bool) -> str:
    party = "Dbtr" if is_incoming else "Cdtr"
    return _text(detail, "RltdPties", party, "Nm") or _text(detail, "RltdPties", party, "Pty", "Nm")


def _counterparty_account(detail: Element, *, is_incoming: bool) -> str:
    account = "DbtrAcct" if is_incoming else "CdtrAcct"
    return _text(detail, "RltdPties", account, "Id", "IBAN") or _text(detail, "RltdPties", account, "Id", "Othr", "Id")


def _remittance_text(detail: Element) -> str:
    texts = [element.text.strip() for element in _all(detail, "RmtInf", "Ustrd") if element.text]
    return " ".join(texts) or _text(detail, "AddtlTxInf")


def _known_identifier(identifier: str) -> str:
    return "" if identifier.upper() == NOTHING else identifier


def _signed_amount(element: Element) -> tuple[int, str]:
    """Return the amount of an entry or balance in minor units with its sign, and its currency."""
    for amount in _all(element, "Amt"):
        currency = amount.get("Ccy", "")
        minor = minor_amount(_decimal(amount.text), currency)
        return (-minor if _text(element, "CdtDbtInd") == DEBIT else minor), currency
    raise UnreadableStatement(_("A line of the file has no amount."))


def _decimal(text: str | None) -> Decimal:
    try:
        amount = Decimal((text or "").strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise UnreadableStatement(_("A line of the file has no amount."))
    return amount


def _day(element: Element, name: str) -> date | None:
    """Return the day of a date element, which holds a date or an instant on the bank's clock."""
    text = _text(element, name, "Dt") or _text(element, name, "DtTm")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        sentence = _("“%(text)s” isn’t a date.")
        raise UnreadableStatement(sentence % {"text": text[:40]}) from None


def _all(element: Element, *path: str) -> Iterator[Element]:
    """Yield the elements at a path of names."""
    name, *rest = path
    for child in element:
        if child.tag.rpartition("}")[2] == name:
            if rest:
                yield from _all(child, *rest)
            else:
                yield child


def _text(element: Element, *path: str) -> str:
    """Return the text of the first element at a path; blank if there is none."""
    for match in _all(element, *path):
        return (match.text or "").strip()
    return ""
