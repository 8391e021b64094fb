"""InvoiceRun: a selection whose invoices are issued, with what the preview showed of each."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Member, RunStatus, SelectionRun, TenantForeignKey


class InvoiceRunAct(models.TextChoices):
    """The two kinds of selection: drafts of invoices, or jobs whose next part of the payment plan is billed."""

    ISSUE = "issue", gettext_lazy("Issue invoices")
    BILL = "bill", gettext_lazy("Bill the next part")


class InvoiceRun(SelectionRun):
    """Drafts or jobs whose invoices are issued, first previewed. It has no undo: what is issued stays."""

    Act = InvoiceRunAct

    topic = "bulk"
    progress: ClassVar[tuple[str, ...]] = ("done", "total", "issued_count", "changed_meanwhile")

    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    act = models.CharField(max_length=8, choices=InvoiceRunAct)
    # By id of the draft or job: the version the preview has seen, or the id of the part to bill.
    plan = models.JSONField(default=dict)
    issued_count = models.PositiveIntegerField(default=0)
    # How many others had changed since the preview.
    changed_meanwhile = models.PositiveIntegerField(default=0)

    class Meta(SelectionRun.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.act} {self.uid}"

    @property
    def status_label(self) -> str:
        """Label of the status; "Stopped" for a cancelled run, as what was issued before it stays."""
        if self.status == RunStatus.CANCELLED:
            return _("Stopped")
        return super().status_label

    def set_plan(self, steps: Mapping[int, int]) -> None:
        """Set what is to be issued, as the preview showed it. Not saved yet."""
        self.plan = {str(pk): seen for pk, seen in steps.items()}
        self.select(steps)

    def seen_version(self, pk: int) -> int:
        """Return what the preview has seen of a draft or job."""
        return int(self.plan[str(pk)])

    def forget(self) -> Sequence[str]:
        self.plan = {}
        return (*super().forget(), "plan")
