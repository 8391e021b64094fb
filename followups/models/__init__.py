"""The models of follow-ups."""

from followups.models.follow_up import FollowUp
from followups.models.kind import Kind
from followups.models.queryset import FollowUpQuerySet
from followups.models.status import Outcome, Status
from followups.models.tenant_kind import TenantKind

__all__ = ["FollowUp", "FollowUpQuerySet", "Kind", "Outcome", "Status", "TenantKind"]
