"""Which triggers write with a template, for its page: edited or archived, it is theirs that change."""

from typing import Any, NamedTuple

from django.urls import reverse

from comms.automation.draft import DRAFT
from comms.automation.send import SEND
from crm.automation.models import Rule
from crm.automation.setup import read_rule
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest

WRITE = (SEND.name, DRAFT.name)


def rules_with_template(key: str) -> list[Rule]:
    """Return the rules that send the template of a key, or put it into a draft, by name; archived ones left out."""
    rules = Rule.objects.filter(archived_at__isnull=True).select_related("version").order_by("name", "pk")
    return [rule for rule in rules if rule.version is not None and _writes(rule.version.definition, key)]


def pause_broken_rules(key: str) -> None:
    """Pause the rules that name the template of a key, where none of that key is in use any more. Idempotent."""
    for rule in rules_with_template(key):
        if rule.is_working and (problem := read_rule(rule).problem):
            rule.pause(problem)


class Use(NamedTuple):
    """A trigger, and its page; blank for a reader who may not see triggers."""

    name: str
    url: str


def uses(request: TenantRequest, key: str) -> list[Use]:
    """Return the rules of `rules_with_template`, with their pages for who may see rules."""
    is_open = allows(request.member, "automation.view")
    slug = request.tenant.slug
    return [
        Use(rule.name, reverse("automation:rule", args=[slug, str(rule.uid)]) if is_open else "")
        for rule in rules_with_template(key)
    ]


def _writes(definition: dict[str, Any], key: str) -> bool:
    steps = [step for step in definition["steps"] if step.get("action") in WRITE]
    return any(step["options"].get("template") == key for step in steps)
