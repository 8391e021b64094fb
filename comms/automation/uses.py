"""Triggers that use a template, for the template's page: editing or archiving it changes them."""

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
    """Return the rules that send or draft the template of a key, by name, without archived ones."""
    rules = Rule.objects.filter(archived_at__isnull=True).select_related("version").order_by("name", "pk")
    return [rule for rule in rules if rule.version is not None and _uses_template(rule.version.definition, key)]


def pause_broken_rules(key: str) -> None:
    """Pause the rules that name the template of a key if no template of that key is in use. Idempotent."""
    for rule in rules_with_template(key):
        if rule.is_working and (problem := read_rule(rule).problem):
            rule.pause(problem)


class TemplateRuleUse(NamedTuple):
    """A trigger and the address of its page; blank for a reader who may not see triggers."""

    name: str
    url: str


def uses(request: TenantRequest, key: str) -> list[TemplateRuleUse]:
    """Return the rules that use a template, with their pages for readers who may see rules."""
    is_open = allows(request.member, "automation.view")
    slug = request.tenant.slug
    return [
        TemplateRuleUse(rule.name, reverse("automation:rule", args=[slug, str(rule.uid)]) if is_open else "")
        for rule in rules_with_template(key)
    ]


def _uses_template(definition: dict[str, Any], key: str) -> bool:
    steps = [step for step in definition["steps"] if step.get("action") in WRITE]
    return any(step["options"].get("template") == key for step in steps)
