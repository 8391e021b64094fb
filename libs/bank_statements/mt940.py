"""Read MT940 (SWIFT) with the mt-940 package, and the bank's own ways of filling in field 86."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import mt940
from mt940.models import Transactions

from libs.bank_statements.lines import BankLine, BankStatement, UnreadableStatement, minor_amount, with_keys
from libs.sentence import Sentence as _

OPTIONS = mt940.Options(
    applicant_iban=True,
    merge_keeps_values=True,
    reversal_sign=True,
    unbounded_details=True,
    strip_bom=True,
    gvc_leading_text=True,
)
# A field is a few hundred letters; the patterns of the package are tried on no more.
MAX_FIELD = 5_000
FIELD = re.compile(r"^:\d\d[A-Z]?:", re.MULTILINE)
# /NAME/ of the Dutch banks' field 86. Values contain slashes themselves.
WORD = re.compile(r"/(EREF|CNTP|IBAN|BIC|NAME|REMI|CSID|MARF|TRTP|PREF|RTRN|ISDT|ORDP|BENM|ID|PURP|ULTC|ULTD|ULTB)/")
NO_REFERENCE = frozenset({"NONREF", "EREF", "NOTPROVIDED", ""})
ACCOUNT = re.compile(r"[A-Z0-9][A-Z0-9./-]*")


def read_mt940(content: bytes) -> list[BankStatement]:
    """Return the statements of a file. Raises UnreadableStatement."""
    text = _decode(content).replace("\r\n", "\n").replace("\r", "\n")
    if any(len(part) > MAX_FIELD for part in FIELD.split(text)):
        raise UnreadableStatement(_("The file isn’t MT940 as banks write it: a field is far too long."))
    try:
        statements = mt940.parse_statements(text, options=OPTIONS)
        return [_read_statement(statement) for statement in statements]
    except UnreadableStatement:
        raise
    except Exception:
        # The package raises whatever its patterns lead to, RuntimeError among others.
        raise UnreadableStatement(_("The file looks like MT940, but a line of it can’t be read.")) from None


def _decode(content: bytes) -> str:
    """Return the text: UTF-8, else Windows-1252, which holds SWIFT's letters and the banks' accents."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_statement(statement: Transactions) -> BankStatement:
    data: dict[str, Any] = statement.data
    identification = str(data.get("account_identification") or "").replace("/", " ").split()
    matches = [part for part in identification if ACCOUNT.fullmatch(part)]
    if not matches:
        raise UnreadableStatement(_("A statement of the file names no account."))
    # A German file puts the bank's code before the account, a Dutch one the currency behind it.
    account = max(matches, key=len)
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    lines = [_read_line(transaction.data, account) for transaction in statement if "amount" in transaction.data]
    currency = opening.amount.currency if opening else (lines[0].currency if lines else "")
    number = "/".join(str(data[name]) for name in ("statement_number", "sequence_number") if data.get(name))
    return BankStatement(account, number, currency, with_keys(lines), _minor(opening), _minor(closing))


def _minor(balance: Any) -> int | None:
    if balance is None:
        return None
    return minor_amount(Decimal(balance.amount.amount), balance.amount.currency)


def _read_line(data: dict[str, Any], account: str) -> BankLine:
    amount = data["amount"]
    value_date = data["date"]
    entry_date = data.get("entry_date") or value_date
    details = str(data.get("transaction_details") or "").replace("\n", "")
    words = _dutch_words(details)
    counterparty, counterparty_account = _counterparty(data, words)
    customer_reference = str(data.get("customer_reference") or "").strip()
    return BankLine(
        account=account,
        booked_on=date(entry_date.year, entry_date.month, entry_date.day),
        valued_on=date(value_date.year, value_date.month, value_date.day),
        amount=minor_amount(Decimal(amount.amount), amount.currency),
        currency=amount.currency,
        counterparty=counterparty,
        counterparty_account=counterparty_account,
        text=_remittance_text(data, words),
        reference=_structured_reference(words.get("REMI", "")),
        end_to_end_id=_end_to_end_id(data, words, customer_reference),
        bank_reference=str(data.get("bank_reference") or "").strip(),
        is_reversal=str(data.get("status", "")).startswith("R"),
    )


def _dutch_words(details: str) -> dict[str, str]:
    """Return the named parts of /EREF/…/CNTP/…/REMI/…; empty for another bank's text."""
    if not WORD.match(details):
        return {}
    parts = WORD.split(details)
    return {name: value.strip("/ ") for name, value in zip(parts[1::2], parts[2::2], strict=True)}


def _counterparty(data: dict[str, Any], words: dict[str, str]) -> tuple[str, str]:
    """Return the other party's name and account."""
    if "CNTP" in words:
        # /CNTP/account/BIC/name/city/
        account, _bic, name, *_city = [*words["CNTP"].split("/"), "", "", ""]
        return name.strip(), account.strip()
    name = words.get("NAME") or str(data.get("applicant_name") or "")
    account = words.get("IBAN") or str(data.get("applicant_iban") or data.get("gvc_applicant_iban") or "")
    return name.strip(), account.strip()


def _remittance_text(data: dict[str, Any], words: dict[str, str]) -> str:
    if words:
        return words.get("REMI", "").removeprefix("USTD//").strip()
    text = data.get("purpose") or data.get("transaction_details") or data.get("posting_text") or ""
    return " ".join(str(text).split())


def _structured_reference(remittance: str) -> str:
    """Return the reference of STRD/CUR/… or STRD/ISO/…."""
    kind, _slash, rest = remittance.partition("/")
    if kind != "STRD":
        return ""
    return rest.partition("/")[2].strip("/ ")


def _end_to_end_id(data: dict[str, Any], words: dict[str, str], customer_reference: str) -> str:
    for identifier in (words.get("EREF"), data.get("end_to_end_reference"), customer_reference):
        if identifier and str(identifier).strip().upper() not in NO_REFERENCE:
            return str(identifier).strip()
    return ""
