"""The nightly check of the books, and its line on the health page, which alarms when something does not add up."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.ledger.balance import count_sums, find_differences
from billing.models import BooksCheck
from crm.kernel import clock
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.platform.work import due
from crm.web.health.findings import Finding, HealthCheck, HealthState
from crm.web.health.snapshot import HealthSnapshot

CHECK_BOOKS = "billing.check_books"
NIGHTLY = timedelta(days=1)


def check_books(subjects: Sequence[int]) -> None:
    """Check that the books add up, store the result with the sums, and come again tomorrow (due work)."""
    BooksCheck.note(find_differences(), **count_sums())
    due.schedule_all(CHECK_BOOKS, [(pk, clock.now() + NIGHTLY) for pk in subjects])


def begin_checks() -> None:
    """Schedule the nightly check of a tenant; one that is scheduled keeps its time."""
    if not BooksCheck.objects.exists():
        BooksCheck.note([])
        due.schedule(CHECK_BOOKS, 0, clock.now() + NIGHTLY)


def books_findings(look: HealthSnapshot) -> Iterable[Finding]:
    """Return what the last check found."""
    check = BooksCheck.objects.first()
    if check is None:
        return
    for sentence in check.differences:
        yield Finding(HealthState.DOWN, sentence, page="billing:books")
    if not check.differences:
        yield Finding(HealthState.OK, _("Invoices, payments and the ledger agree"))


FEATURES: list[Feature] = [
    TenantStart(begin_checks, again=begin_checks),
    HealthCheck(name="books", section="data", label=gettext_lazy("Books"), look=books_findings, alarms=True),
]
