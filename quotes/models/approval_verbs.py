"""ApprovedQuote: the verbs by which a quote outside the limits is approved before it is sent."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.work import due
from quotes.models.draft import DraftedQuote
from quotes.models.limits import approval_reasons
from quotes.models.quote_approval import APPROVAL_DUE, QuoteApproval, due_in_working_hours
from quotes.models.quote_terms import limit_of, terms_of
from quotes.models.quote_version import VersionContent, hash_values


class ApprovedQuote(DraftedQuote):
    """The verbs of approval."""

    class Meta(DraftedQuote.Meta):
        abstract = True

    approvals: Any

    def reasons_for_approval(self, content: VersionContent, member: Member) -> dict[str, Any]:
        """Return why this member needs an approval to send the version; empty if not, or if it has one."""
        reasons = approval_reasons(content, member, self.brand_id)
        if reasons and self._has_approval(content):
            return {}
        return reasons

    def _has_approval(self, content: VersionContent) -> bool:
        approvals = self.approvals.filter(is_approved=True, version_number=content.version.number)
        return bool(approvals.filter(content_hash=approved_hash(content)).exists())

    def open_approval(self, content: VersionContent) -> QuoteApproval | None:
        """Return the request that waits for a decision about the version as it is now; None if there is none."""
        waiting = self.approvals.open().filter(content_hash=approved_hash(content))
        approval: QuoteApproval | None = waiting.first()
        return approval

    @transaction.atomic
    def request_approval(self, *, by: Member, note: str = "") -> QuoteApproval | None:
        """Ask the approvers for the draft as it is; an earlier request is void. Idempotent.

        Returns None where no approval is needed. Its due time counts working hours.
        """
        content = VersionContent(self.lock_draft())
        reasons = self.reasons_for_approval(content, by)
        if not reasons:
            return None
        if waiting := self.open_approval(content):
            return waiting
        now = clock.now()
        for void in self.approvals.open():
            void.close(now, by=None, is_approved=None)
        approval: QuoteApproval = QuoteApproval.objects.create(
            quote=self,
            version_number=content.version.number,
            content_hash=approved_hash(content),
            reasons=reasons,
            requested_at=now,
            requested_by=by,
            note=" ".join(note.split())[:500],
            due_at=due_in_working_hours(terms_of(self.brand_id).approval_hours, self.brand_id),
        )
        due.schedule(APPROVAL_DUE, approval.pk, approval.due_at)
        self._count_change()
        self.record("quote.approval_requested", by, {"approval": approval.pk} | reasons)
        return approval

    @transaction.atomic
    def approve(self, *, by: Member, answer: str = "") -> None:
        """Approve the open request, which is then sent by who asked. Idempotent.

        Raises Refused to who asked, and above the own limit; Stale if the quote was changed since it was asked.
        """
        content = VersionContent(self.lock_draft())
        if self._has_approval(content):
            return
        approval = self._request_to_decide(content, by)
        discount = approval.reasons.get("discount", 0)
        if discount > limit_of(by.role):
            raise Refused(_("The discount is above your own limit as well."))
        approval.close(clock.now(), by=by, is_approved=True, answer=answer)
        self._count_change()
        self.record("quote.approved", by, {"approval": approval.pk, "to": approval.requested_by_id})

    @transaction.atomic
    def refuse_approval(self, answer: str, *, by: Member) -> None:
        """Refuse the open request with a reason. Raises Refused without one, Stale if the quote was changed since."""
        content = VersionContent(self.lock_draft())
        approval = self._request_to_decide(content, by)
        if not answer.strip():
            raise Refused(_("Say what should be changed."))
        approval.close(clock.now(), by=by, is_approved=False, answer=answer)
        self._count_change()
        self.record("quote.approval_refused", by, {"approval": approval.pk, "to": approval.requested_by_id})

    def _request_to_decide(self, content: VersionContent, by: Member) -> QuoteApproval:
        approval = self.open_approval(content)
        if approval is None:
            raise Stale(self, _("The quote was changed, or somebody has decided. The page shows how it is now."))
        if approval.requested_by_id == by.pk:
            raise Refused(_("Somebody else has to approve what you asked for."))
        return approval

    def _count_change(self) -> None:
        self.changed_at = clock.now()
        self._save("changed_at")

    def record(self, kind: str, by: Member | None, data: dict[str, Any] | None = None) -> None:
        """Record an event of the quote on its job's timeline."""
        facts = {"quote": self.number, "version": self.newest, "total": self.total, "currency": self.currency}
        events.record(kind, subject=self, by=by, data=facts | (data or {}), job_id=self.job_id)


def approved_hash(content: VersionContent) -> str:
    """Return the hash of what is approved; until when it is valid makes no difference."""
    return hash_values(content.shown_values(None))
