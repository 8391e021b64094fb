"""Models of rules."""

from crm.automation.models.dry_run import DryHit, DryRun
from crm.automation.models.points import PriorityPoint, PriorityScore
from crm.automation.models.policy import AutomationPolicy
from crm.automation.models.rule import Mode, Rule
from crm.automation.models.run import RuleRun, RunState
from crm.automation.models.silence import Silence
from crm.automation.models.timer import RuleTimer
from crm.automation.models.version import RuleVersion
from crm.automation.models.webhook import Webhook
from crm.automation.models.webhook_call import CallState, WebhookCall, WebhookHealth

__all__ = [
    "AutomationPolicy",
    "CallState",
    "DryHit",
    "DryRun",
    "Mode",
    "PriorityPoint",
    "PriorityScore",
    "Rule",
    "RuleRun",
    "RuleTimer",
    "RuleVersion",
    "RunState",
    "Silence",
    "Webhook",
    "WebhookCall",
    "WebhookHealth",
]
