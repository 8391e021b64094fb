"""RatingForm: what the buttons below a summary or draft carry, and what the member said before."""

from dataclasses import dataclass
from typing import Any

from assistant.models import ProposalRating, RatingReason
from crm.platform.models import Member

RATED_HELPERS = ("summary", "draft")


@dataclass(frozen=True)
class RatingForm:
    """The rating of a helper's proposal. `rating`: the member's of this state; None before they gave one."""

    helper: str
    state: str
    by_model: bool
    rating: ProposalRating | None

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """The reasons for a flag, with their words."""
        return [(reason.value, str(reason.label)) for reason in RatingReason if reason.value]

    @classmethod
    def of(cls, record: Any, helper: str, *, state: str, by_model: bool, member: Member) -> "RatingForm":
        """Return the form below a proposal. One query."""
        ratings = ProposalRating.objects.about(record).filter(helper=helper, member=member)
        rating = ratings.filter(state=state[:200], by_model=by_model).first()
        return cls(helper, state, by_model, rating)
