"""CommissionStatement: what a partner gets for a month. Issued, it has its number and doesn't change."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, ClassVar, Self

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from billing.models.billing_terms import terms_of
from billing.models.commissions.commission import Commission
from billing.models.invoice_counter import InvoiceCounter
from billing.models.issuing import seller_facts
from billing.models.ledger import EntryKind, LedgerAccount, LedgerEntry
from crm.kernel import clock
from crm.kernel.days import next_month
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.events import events
from crm.platform.models import Brand, CountedVersion, Member, TenantForeignKey, TenantManager, TenantModel
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.tenancy.tenant_model import TenantQuerySet
from leads.models import Partner

SERIES = "partner"


class StatementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("To be paid")
    PAID = "paid", pgettext_lazy("commission", "Paid out")


class StatementQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter what a member may see: all, or nothing."""
        if allows(member, "billing.commissions"):
            return self
        return self.none()

    def without_drafts(self) -> Self:
        """Exclude drafts."""
        return self.exclude(state=StatementState.DRAFT)


class CommissionStatement(CountedVersion):
    """A partner's statement of a month, for a brand and in a currency. `total` is in minor units."""

    State = StatementState

    uid = public_id()
    partner = TenantForeignKey(Partner, models.PROTECT, related_name="+")
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    # The first day of the month.
    month = models.DateField()
    state = models.CharField(max_length=8, choices=StatementState, default=StatementState.DRAFT)
    total = models.BigIntegerField()
    number = models.CharField(max_length=32, blank=True)
    # Who states and for whom, as they were called when it was issued.
    issuer = models.JSONField(default=dict)
    payee = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(StatementQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="commission_statement_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "partner", "brand", "currency", "month"], name="commission_statement_is_one_a_month"
            ),
            models.UniqueConstraint(
                fields=["tenant", "brand", "number"],
                condition=~Q(number=""),
                name="commission_statement_number_is_unique",
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="commission_statement_is_of_some_money"),
            models.CheckConstraint(
                condition=Q(state="draft", number="", issued_at__isnull=True)
                | ~Q(state="draft") & ~Q(number="") & Q(issued_at__isnull=False),
                name="commission_statement_has_a_number_once_issued",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-month", "-id"], name="commission_statement_order")]

    def __str__(self) -> str:
        return self.number or f"draft of {self.month:%Y-%m}"

    @property
    def is_draft(self) -> bool:
        return self.state == StatementState.DRAFT

    @transaction.atomic
    def issue(self, *, by: Member | None) -> None:
        """Issue it: it gets its number and is sent by mail. Idempotent."""
        self.lock()
        if not self.is_draft:
            return
        now = clock.now()
        terms = terms_of(self.brand_id)
        self.state = StatementState.ISSUED
        self.issued_at = now
        self.issued_by = by
        self.issuer = seller_facts(terms, self.brand.name, self.brand.country)
        self.payee = {"name": self.partner.name, "email": self.partner.email}
        year = now.astimezone(directory().zone).year
        self.number = f"{terms.prefix_of(SERIES)}-{year}-{InvoiceCounter.take_next(self.brand_id, SERIES, year):04}"
        self._save("state", "issued_at", "issued_by", "issuer", "payee", "number")
        self._record("commission_statement.issued", by)

    @transaction.atomic
    def discard(self, *, by: Member | None) -> None:
        """Delete a draft; what stands on it comes on the next one. Raises Refused once it is issued."""
        self.lock()
        if not self.is_draft:
            raise Refused(gettext("It is issued and can’t be deleted."))
        self._record("commission_statement.discarded", by)
        self.delete()

    @transaction.atomic
    def note_paid(self, *, by: Member | None) -> None:
        """Note that it was paid to the partner, and enter it in the ledger. Idempotent. Raises Refused for a draft."""
        self.lock()
        if self.is_draft:
            raise Refused(gettext("Issue it first."))
        if self.state == StatementState.PAID:
            return
        self.state = StatementState.PAID
        self.paid_at = clock.now()
        self.paid_by = by
        self._save("state", "paid_at", "paid_by")
        postings = [(LedgerAccount.PARTNERS, self.total), (LedgerAccount.BANK, -self.total)]
        LedgerEntry.post(EntryKind.PAYOUT, postings, self.currency, brand_id=self.brand_id, by=by)
        self._record("commission_statement.paid", by)

    def note_sent(self) -> None:
        """Note that its mail was queued. Its row is locked."""
        self.sent_at = clock.now()
        self._save("sent_at")

    def _record(self, kind: str, by: Member | None) -> None:
        events.record(kind, subject=self, by=by, data={"amount": self.total, "currency": self.currency})


class CommissionLine(TenantModel):
    """A commission on a statement. The database refuses to change it once the statement is issued."""

    statement = TenantForeignKey(CommissionStatement, models.CASCADE, related_name="lines")
    commission = TenantForeignKey(Commission, models.PROTECT, related_name="lines")

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "commission"], name="commission_is_stated_once")]
        indexes = [models.Index(fields=["tenant", "statement"], name="commission_line_of_statement")]

    def __str__(self) -> str:
        return f"{self.commission_id} on {self.statement_id}"


@transaction.atomic
def draw_up_statements(month: date, *, by: Member | None) -> list[CommissionStatement]:
    """Draft the statements of a month, and return the new ones. Idempotent.

    A partner's statement has all that stands on none yet, up to the end of the month. If more was taken back than
    earned, or the month has its statement, it waits for the next one.
    """
    _wait_for_others()
    month = month.replace(day=1)
    end = datetime.combine(next_month(month), time(0), directory().zone)
    if end > clock.now():
        raise Refused(gettext("The month is not over yet."))
    groups: dict[tuple[int, int, str], list[Commission]] = {}
    for row in Commission.objects.filter(at__lt=end).without_statement().order_by("at", "pk"):
        groups.setdefault((row.partner_id, row.brand_id, row.currency), []).append(row)
    drawn = [_draft(month, *key, rows) for key, rows in groups.items()]
    statements = [statement for statement in drawn if statement is not None]
    for statement in statements:
        statement._record("commission_statement.drafted", by)
    return statements


def _draft(
    month: date, partner_id: int, brand_id: int, currency: str, rows: Iterable[Commission]
) -> CommissionStatement | None:
    rows = list(rows)
    same: dict[str, Any] = {"partner_id": partner_id, "brand_id": brand_id, "currency": currency, "month": month}
    total = sum(row.amount for row in rows)
    if total <= 0 or CommissionStatement.objects.filter(**same).exists():
        return None
    statement: CommissionStatement = CommissionStatement.objects.create(total=total, **same)
    statement.refresh_from_db(fields=["uid"])
    CommissionLine.objects.bulk_create(CommissionLine(statement=statement, commission=row) for row in rows)
    return statement


def _wait_for_others() -> None:
    """Let other runs of this tenant wait. Should one pass by, `commission_is_stated_once` refuses it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"commissions:{required_tenant_id()}"])
