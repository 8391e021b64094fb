"""ContractReview: a member reviews what a customer signed, before the work and the deposit go on."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from crm.platform.access.permissions import allows
from crm.platform.models import Member, TenantForeignKey
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from quotes.models.customer_facts import QuoteAcceptance
from quotes.models.quote_approval import QuoteDecision, due_in_working_hours
from quotes.models.quote_terms import QuoteTerms, ReviewWhen, terms_of

# Due work: nobody has reviewed a contract in time.
REVIEW_DUE = "quote.review_due"
PERMISSION = "quotes.approve"


class ContractReview(QuoteDecision):
    """The review of an acceptance. The acceptance stands meanwhile; a return withdraws the quote."""

    OVERDUE = "quote.review_overdue"

    quote = TenantForeignKey("quotes.Quote", models.PROTECT, related_name="reviews")
    acceptance = TenantForeignKey(QuoteAcceptance, models.PROTECT, related_name="reviews")

    class Meta(QuoteDecision.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="contract_review_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "acceptance"], name="acceptance_is_reviewed_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, is_approved__isnull=True)
                | Q(decided_at__isnull=False, is_approved__isnull=False, decided_by__isnull=False),
                name="contract_is_reviewed_by_a_member",
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.acceptance_id}"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None

    def reviewers(self) -> list[Member]:
        """Return the members who may decide; once it is late, all of those who approve quotes."""
        terms = terms_of(self.quote.brand_id)
        return reviewers_of(terms, self.acceptance.version.sent_by_id, is_late=self.overdue_at is not None)


def request_review(quote: Any, acceptance: QuoteAcceptance) -> ContractReview | None:
    """Create the review of an acceptance if its brand reviews such contracts; None if it is agreed at once."""
    terms = terms_of(quote.brand_id)
    if not needs_review(terms, acceptance.total, quote.currency):
        return None
    review: ContractReview = ContractReview.objects.create(
        quote=quote,
        acceptance=acceptance,
        requested_at=acceptance.accepted_at,
        due_at=due_in_working_hours(terms.review_hours, quote.brand_id),
    )
    due.schedule(REVIEW_DUE, review.pk, review.due_at)
    return review


def needs_review(terms: QuoteTerms, total: int, currency: str) -> bool:
    """Return whether a contract is reviewed. One in another currency than the limit is."""
    if terms.review_when != ReviewWhen.ABOVE:
        return bool(terms.review_when == ReviewWhen.ALWAYS)
    return total > terms.review_above or currency != directory().brands[terms.brand_id].currency


def reviewers_of(terms: QuoteTerms, sender_id: int | None, *, is_late: bool = False) -> list[Member]:
    """Return the members who review contracts of a brand: the chosen ones, without who sent the quote.

    Everybody who approves quotes where the chosen ones can't, or are late; the sender only if there is nobody else.
    """
    approvers = [one for one in directory().members.values() if one.active and allows(one, PERMISSION)]
    others = [one for one in approvers if one.pk != sender_id]
    chosen = [one for one in others if _is_chosen(one, terms)]
    if is_late:
        return others or approvers
    return chosen or others or approvers


def _is_chosen(member: Member, terms: QuoteTerms) -> bool:
    if terms.review_member_id:
        return bool(member.pk == terms.review_member_id)
    return bool(member.role == terms.review_role)


def reviewer_choices() -> Iterable[tuple[str, str]]:
    """Return the roles and members that can review contracts, as those who approve quotes: key and name."""
    approvers = [one for one in directory().members.values() if one.active and allows(one, PERMISSION)]
    roles = {one.role: str(one.get_role_display()) for one in approvers}
    yield from sorted(roles.items(), key=lambda role: role[1])
    for member in sorted(approvers, key=lambda one: one.name.casefold()):
        yield f"m{member.pk}", member.name
