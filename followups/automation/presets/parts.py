"""Parts that presets are made of, found in the tenant in use: steps by their usual names, templates by their keys."""

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
    """Return the step of a meaning, as options store it. Raises Refused where no step is called so.

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
    """Return the first of these that a template has. Raises Refused for none."""
    live = {template.key for template in catalogue().live()}
    key = next((each for each in keys if each in live), None)
    if key is None:
        raise Refused(_("There is no template “%(name)s”. Write it first.") % {"name": template_name(keys[0])})
    return key


def document_kind(meaning: str) -> str:
    """Return the kind of documents of a meaning, as options store it. Raises Refused where none is called so."""
    for kind in offered_kinds():
        if kind.name.casefold() in KINDS[meaning]:
            return str(kind.pk)
    raise Refused(_("You have no document type named “Invoice”. Create this trigger yourself."))


def send_message(*keys: str, by: tuple[str, ...]) -> DoStep:
    """Send the first of these templates that there is. Raises Refused where there is none."""
    key = template_key(*keys)
    media = dict(zip(("first", "second", "third"), by, strict=False))
    return DoStep("message.send", {"template": key, "second": "", "third": "", "hours": ""} | media)


def draft_message(*keys: str) -> DoStep:
    """Put the first of these templates that there is into the composer, as a draft. Raises Refused for none."""
    return DoStep("message.draft", {"template": template_key(*keys), "partner": ""})


def escalate(who: str, text: str) -> DoStep:
    """Ask colleagues to take something up: a rung of a ladder."""
    return DoStep("escalate", {"who": who, "text": text})


def notify_members(who: str, text: str) -> DoStep:
    """Tell colleagues."""
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
    """Plan a follow-up, due in so many days or working hours."""
    if hours:
        count = hours
        unit = SpanUnit.WORKING_HOURS
    else:
        count = days
        unit = SpanUnit.DAYS
    options = {"kind": kind, "title": title, "who": who, "count": str(count), "unit": str(unit)}
    return DoStep("followup.plan", options | {"priority": str(int(priority)), "until": until})


def raise_to(priority: int, action: str = "job.prioritize") -> DoStep:
    """Raise the priority; never lower it."""
    return DoStep(action, {"priority": str(int(priority)), "raise_only": "on"})


def wait_for(count: int, unit: SpanUnit, *stop_if: str) -> WaitStep:
    """Wait, unless one of these comes meanwhile."""
    return WaitStep(Span(count, unit), stop_if)


def first_team() -> str:
    """Return the first team with somebody in it, as options store it; the managers where there is none."""
    organization = directory()
    live = [each for each in organization.teams.values() if each.archived_at is None and organization.members_of(each)]
    if live:
        return f"team:{live[0].pk}"
    return "managers"


def build_definition(
    record: str, trigger: str, *steps: DoStep | WaitStep, once: Once = Once.VALUE, **more: Any
) -> Definition:
    """Make a definition."""
    return Definition(record, trigger, steps=steps, limit=RuleLimit(once), **more)
