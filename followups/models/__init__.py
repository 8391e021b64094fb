"""The models of follow-ups."""

from followups.models.follow_up import FollowUp, Outcome, Status
from followups.models.kind import Kind
from followups.models.queryset import FollowUpQuerySet

__all__ = ["FollowUp", "FollowUpQuerySet", "Kind", "Outcome", "Status"]
