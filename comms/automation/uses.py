"""Which triggers write with a template, for its page: edited or archived, it is theirs that change."""

from typing import Any, NamedTuple

from comms.automation.draft import DRAFT
from comms.automation.send import SEND
from crm.automation.models import Rule
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest
from crm.web.requests.url_cache import address

WRITE = (SEND.name, DRAFT.name)


class Use(NamedTuple):
    """A trigger, and its page; blank for a reader who may not see triggers."""

    name: str
    url: str


def uses(request: TenantRequest, key: str) -> list[Use]:
    """Return the triggers that send the template of a key, or put it into a draft, by name."""
    rules = Rule.objects.filter(archived_at__isnull=True).select_related("version").order_by("name", "pk")
    is_open, slug = allows(request.member, "automation.view"), request.tenant.slug
    return [
        Use(rule.name, address("automation:rule", slug, str(rule.uid)) if is_open else "")
        for rule in rules
        if rule.version is not None and _writes(rule.version.definition, key)
    ]


def _writes(definition: dict[str, Any], key: str) -> bool:
    steps = [step for step in definition["steps"] if step.get("action") in WRITE]
    return any(step["options"].get("template") == key for step in steps)
