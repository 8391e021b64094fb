"""Building blocks of presets: find the tenant's steps by their usual names and its templates by key."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from comms.automation.options import template_name
from comms.library.catalogue import catalogue
from crm.automation.definition import Definition, DoStep, Once, RuleLimit, WaitStep
from crm.automation.jobs.step_choices import QUOTED
from crm.automation.span import Span, SpanUnit
from crm.documents.kinds import offered_kinds
from crm.jobs.models import Priority
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory

Build = Callable[[], Definition]
# Names that steps of these meanings usually have, in English and Dutch.
NAMES = {
    "new": ("New", "Nieuw", "Aanvraag"),
    "scheduled": ("Scheduled", "Ingepland", "Build scheduled", "Crew scheduled", "Montage"),
}
# And kinds of documents.
KINDS = {"invoice": ("invoice", "factuur")}


def step_option(meaning: str) -> str:
    """Return the step with this meaning, as options store it. Raises Refused if there is none.

    "quote_sent" is the step of each pipeline from which on its jobs count as quoted, whatever it is called.
    """
    if meaning == "quote_sent":
        return QUOTED
    setup = pipeline_setup()
    live = [stage for pipeline in setup.pipelines for stage in setup.steps(pipeline)]
    for name in NAMES[meaning]:
        for stage in live:
            if stage.name.casefold() == name.casefold():
                return str(stage.pk)
    raise Refused(
        _("You have no step named “%(name)s”. Create this trigger yourself.") % {"name": _(NAMES[meaning][0])}
    )


def template_key(*keys: str) -> str:
    """Return the first of these keys that has a template. Raises Refused if none has."""
    live = {template.key for template in catalogue().live()}
    key = next((each for each in keys if each in live), None)
    if key is None:
        raise Refused(_("There is no template “%(name)s”. Write it first.") % {"name": template_name(keys[0])})
    return key


def document_kind(meaning: str) -> str:
    """Return the document kind with this meaning, as options store it. Raises Refused if there is none."""
    for kind in offered_kinds():
        if kind.name.casefold() in KINDS[meaning]:
            return str(kind.pk)
    raise Refused(_("You have no document type named “Invoice”. Create this trigger yourself."))


def send_message(*keys: str, by: tuple[str, ...]) -> DoStep:
    """Build a step that sends the first of these templates that exists. Raises Refused if none does."""
    key = template_key(*keys)
    media = dict(zip(("first", "second", "third"), by, strict=False))
    return DoStep("message.send", {"template": key, "second": "", "third": "", "hours": ""} | media)


def draft_message(*keys: str) -> DoStep:
    """Build a step that drafts the first of these templates that exists. Raises Refused if none does."""
    return DoStep("message.draft", {"template": template_key(*keys), "partner": ""})


def escalate(who: str, text: str) -> DoStep:
    """Build a step that escalates to colleagues."""
    return DoStep("escalate", {"who": who, "text": text})


def notify_members(who: str, text: str) -> DoStep:
    """Build a step that notifies members."""
    return DoStep("tell", {"who": who, "text": text})


def plan_follow_up(
    kind: str,
    title: str,
    *,
    days: int = 0,
    hours: int = 0,
    who: str = "owner",
    priority: int = Priority.NORMAL,
    until: str = "",
) -> DoStep:
    """Build a step that plans a follow-up, due in so many days or working hours."""
    if hours:
        count = hours
        unit = SpanUnit.WORKING_HOURS
    else:
        count = days
        unit = SpanUnit.DAYS
    options = {"kind": kind, "title": title, "who": who, "count": str(count), "unit": str(unit)}
    return DoStep("followup.plan", options | {"priority": str(int(priority)), "until": until})


def raise_to(priority: int, action: str = "job.prioritize") -> DoStep:
    """Build a step that raises the priority and never lowers it."""
    return DoStep(action, {"priority": str(int(priority)), "raise_only": "on"})


def wait_for(count: int, unit: SpanUnit, *stop_if: str) -> WaitStep:
    """Build a step that waits until the time is up or one of these events occurs."""
    return WaitStep(Span(count, unit), stop_if)


def first_team() -> str:
    """Return the first team that has members, as options store it; the managers if there is none."""
    organization = directory()
    live = [each for each in organization.teams.values() if each.archived_at is None and organization.members_of(each)]
    if live:
        return f"team:{live[0].pk}"
    return "managers"


def build_definition(
    record: str, trigger: str, *steps: DoStep | WaitStep, once: Once = Once.VALUE, **more: Any
) -> Definition:
    """Build a rule definition."""
    return Definition(record, trigger, steps=steps, limit=RuleLimit(once), **more)
