"""ReviewedQuote: the verbs by which a member approves or returns the contract that a customer signed."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Member
from quotes.models.acceptance import AcceptedValue
from quotes.models.contract_review import ContractReview
from quotes.models.customer_verbs import AnsweredQuote, acceptance_data
from quotes.models.quote_state import QuoteState


class ReviewedQuote(AnsweredQuote):
    """The verbs of the review of a contract."""

    class Meta(AnsweredQuote.Meta):
        abstract = True

    reviews: Any
    revise: Any

    def last_review(self) -> ContractReview | None:
        """Return the review of the version the customer has, decided or not; None if it needed none."""
        rows = self.reviews.filter(acceptance__version__number=self.sent_version)
        review: ContractReview | None = rows.select_related("acceptance__version", "acceptance__option").first()
        if review:
            review.quote = self  # type: ignore[assignment]
        return review

    @transaction.atomic
    def approve_contract(self, *, by: Member, answer: str = "") -> None:
        """Approve the contract: it is agreed, and what waits for it goes on. Idempotent for the same member.

        Raises Stale once somebody else has decided, Refused to who doesn't review it.
        """
        self.lock()
        review = self._review_to_decide(by, is_approved=True)
        if review is None:
            return
        review.close(clock.now(), by=by, is_approved=True, answer=answer)
        self.review_due_at = None
        self._save_change("review_due_at")
        self.record("quote.contract_approved", by, acceptance_data(review.acceptance) | {"decision": review.pk})

    @transaction.atomic
    def return_contract(self, reason: str, *, by: Member) -> None:
        """Return the contract with a reason that the customer reads, and begin a new version. Idempotent as approving.

        The acceptance binds nobody any more. Raises Refused without a reason, else as `approve_contract` does.
        """
        self.lock()
        review = self._review_to_decide(by, is_approved=False)
        if review is None:
            return
        if not reason.strip():
            raise Refused(_("Say why: the customer reads it."))
        review.close(clock.now(), by=by, is_approved=False, answer=reason)
        self.review_due_at = None
        self.end(QuoteState.WITHDRAWN, "review_due_at")
        AcceptedValue.take_back(self.job, cause="quote.contract_returned")
        self.record("quote.contract_returned", by, acceptance_data(review.acceptance) | {"decision": review.pk})
        self.revise(by=by)

    def _review_to_decide(self, by: Member, *, is_approved: bool) -> ContractReview | None:
        """Return the open review; None if this member has decided so already."""
        review = self.last_review()
        if review is None:
            raise Refused(_("There is no contract to review."))
        if review.is_open:
            if by.pk not in {one.pk for one in review.reviewers()}:
                raise Refused(_("Somebody else reviews this contract."))
            return review
        if review.decided_by_id == by.pk and review.is_approved == is_approved:
            return None
        name = review.decided_by.name if review.decided_by else ""
        raise Stale(self, _("%(name)s has decided about this contract already.") % {"name": name})
