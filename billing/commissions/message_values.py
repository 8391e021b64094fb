"""Variables and template of the mail with a commission statement."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.models import CommissionStatement
from comms.library.packs.pack_entries import PARTNER, TRANSACTIONAL, PackEntry, PackMail, TemplatePack
from comms.library.variables import TemplateSubject, TemplateVariable
from crm.kernel import formats
from crm.platform.features import Feature

STATEMENT = "statement.row"
KEY = "commission_statement"


def given_for_statement(statement: CommissionStatement) -> dict[str, Any]:
    """Return what a message about a statement is given."""
    return {STATEMENT: statement}


def _number(subject: TemplateSubject) -> str:
    row: CommissionStatement | None = subject.given.get(STATEMENT)
    if row is None:
        return ""
    return str(row.number)


def _month(subject: TemplateSubject) -> str:
    row: CommissionStatement | None = subject.given.get(STATEMENT)
    if row is None:
        return ""
    return formats.month(row.month)


def _total(subject: TemplateSubject) -> str:
    row: CommissionStatement | None = subject.given.get(STATEMENT)
    if row is None:
        return ""
    return formats.money(row.total, row.currency, subject.brand.country, subject.language)


ENGLISH = PackEntry(
    KEY,
    PARTNER,
    TRANSACTIONAL,
    "Partner: monthly commission statement",
    PackMail(
        "Commission statement {{ statement.number }}: {{ statement.total }}",
        "Your commission of {{ statement.month }}",
        "here is your commission statement of {{ statement.month }}. We pay **{{ statement.total }}** to the account "
        "you gave us.",
        "The PDF with all jobs is attached. Answer this mail if something is not right.",
        greeting="Hello,",
    ),
)
DUTCH = PackEntry(
    KEY,
    PARTNER,
    TRANSACTIONAL,
    "Partner: commissieoverzicht van de maand",
    PackMail(
        "Commissieoverzicht {{ statement.number }}: {{ statement.total }}",
        "Je commissie van {{ statement.month }}",
        "hier is je commissieoverzicht van {{ statement.month }}. We betalen **{{ statement.total }}** op de rekening "
        "die je ons gaf.",
        "De pdf met alle opdrachten zit erbij. Antwoord op deze mail als er iets niet klopt.",
        greeting="Beste partner,",
    ),
)

FEATURES: list[Feature] = [
    TemplatePack("commissions", {"en": [ENGLISH], "nl": [DUTCH]}),
    TemplateVariable(
        name="statement.number", words=_("Number of the statement"), example="CS-2026-0007", value=_number
    ),
    TemplateVariable(name="statement.month", words=_("Month of the statement"), example="October 2026", value=_month),
    TemplateVariable(name="statement.total", words=_("Amount of the statement"), example="$1,240", value=_total),
]
