"""BankStatement and BankLine: what a bank says happened on an account."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from libs.sentence import Sentence
from libs.sentence import Sentence as _

# Above this no statement is written; it keeps sums in a bigint.
MAX_MINOR = 10**15


class UnreadableStatement(Exception):
    """A file that isn't a bank statement, or is damaged. `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class BankLine:
    """A booked line. `amount` is in minor units: positive what came in, negative what went out.

    `key` is the same whenever the bank sends the line again, in the same format.
    """

    account: str
    booked_on: date
    valued_on: date
    amount: int
    currency: str
    counterparty: str = ""
    counterparty_account: str = ""
    text: str = ""
    reference: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    is_reversal: bool = False
    key: str = ""


@dataclass(frozen=True)
class BankStatement:
    """A statement of one account. Balances are in minor units; None if the bank leaves them out."""

    account: str
    number: str
    currency: str
    lines: tuple[BankLine, ...]
    opening: int | None = None
    closing: int | None = None

    @property
    def difference(self) -> int:
        """The amount missing between the lines and the closing balance; 0 if they add up or a balance is missing."""
        if self.opening is None or self.closing is None:
            return 0
        return self.closing - self.opening - sum(line.amount for line in self.lines)


def with_keys(lines: Iterable[BankLine]) -> tuple[BankLine, ...]:
    """Return the lines with their keys: a hash of what they say, and which of the equal lines of a file each is."""
    seen: Counter[str] = Counter()
    keyed = []
    for line in lines:
        content = _line_digest(line)
        seen[content] += 1
        keyed.append(replace(line, key=f"{content}-{seen[content]}"))
    return tuple(keyed)


def _line_digest(line: BankLine) -> str:
    parts = (
        line.account,
        line.booked_on.isoformat(),
        str(line.amount),
        line.currency,
        line.bank_reference,
        line.end_to_end_id,
        line.counterparty_account,
        line.counterparty,
        line.reference,
        line.text,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def minor_amount(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units. Raises UnreadableStatement for one that the currency doesn't have."""
    minor = amount.scaleb(int(get_currency_precision(currency)))
    if minor != minor.to_integral_value() or abs(minor) > MAX_MINOR:
        sentence = _("%(amount)s isn’t an amount in %(currency)s.")
        raise UnreadableStatement(sentence % {"amount": str(amount), "currency": currency})
    return int(minor)
