"""Context shared by all pages of triggers: the switch for all triggers, and the member's permissions."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from crm.automation.models import Rule
from crm.automation.models.policy import automation_policy
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest

VIEW = "automation.view"
MANAGE = "automation.manage"


def page_context(request: TenantRequest) -> dict[str, Any]:
    """Return the context of the page head and banner."""
    return {"is_on": automation_policy().is_on, "may_manage": allows(request.member, MANAGE)}


def get_rule(uid: UUID) -> Rule:
    """Return a rule of the organization. Raises Http404."""
    rule: Rule = get_object_or_404(Rule.objects.select_related("version"), uid=uid)
    return rule
