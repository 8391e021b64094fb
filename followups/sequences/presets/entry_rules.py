"""Ready-made triggers that start the packs' sequences, once those have been created."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, DoStep, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, SpanUnit
from crm.kernel.refusal import Refused
from followups.automation.presets.parts import build_definition, document_kind, step_option
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.preset_entries import sequence_presets
from followups.sequences.rule_actions import START

GROUP = gettext_lazy("Start a sequence")


def _start(key: str) -> DoStep:
    """Build the step that starts the sequence of a pack. Raises Refused if there is none."""
    rows = [row for row in sequences_by_id().values() if row.preset == key and row.archived_at is None]
    if not rows:
        name = next(str(preset.name) for preset in sequence_presets() if preset.key == key)
        raise Refused(_("Create the sequence “%(name)s” first.") % {"name": name})
    return DoStep(START, {"sequence": str(rows[0].pk)})


def _quotes() -> Definition:
    span = Span(30, SpanUnit.MINUTES)
    options = {"step": step_option("quote_sent")}
    return build_definition("job", "job.stays", _start("quotes"), options=options, span=span)


def _onboarding() -> Definition:
    return build_definition("job", "lead.won", _start("onboarding"), once=Once.RECORD)


def _payments() -> Definition:
    options = {"kind": document_kind("invoice")}
    return build_definition("job", "job.document_shown", _start("payments"), options=options)


def _silence() -> Definition:
    return build_definition("job", "job.silent", _start("silence"), span=Span(60))


def _year() -> Definition:
    return build_definition("job", "job.lost_since", _start("year"), span=Span(30))


def _expiry() -> Definition:
    return build_definition("document", "document.expires", _start("expiry"), span=Span(180), before=True)


def _appointments() -> Definition:
    return build_definition("job", "appointment.completed", _start("appointments"))


def _entry(
    key: str, name: str | Promise, description: str | Promise, definition: Callable[[], Definition]
) -> RulePreset:
    return RulePreset(key=f"sequences.{key}", group=GROUP, name=name, description=description, definition=definition)


ENTRY_RULES = [
    _entry(
        "quotes",
        gettext_lazy("A quote was sent: start the follow-up"),
        gettext_lazy("Half an hour after the step begins."),
        _quotes,
    ),
    _entry(
        "onboarding",
        gettext_lazy("A lead is won: start the onboarding"),
        gettext_lazy("Once per lead."),
        _onboarding,
    ),
    _entry(
        "payments",
        gettext_lazy("An invoice is shared: start the payment reminders"),
        gettext_lazy("They stop when a payment follow-up is closed as successful."),
        _payments,
    ),
    _entry(
        "silence",
        gettext_lazy("Not in touch for 60 days: start the sequence"),
        gettext_lazy("A call first; it stops when someone is in touch."),
        _silence,
    ),
    _entry(
        "year",
        gettext_lazy("A lead was lost 30 days ago: keep in touch for a year"),
        gettext_lazy("It stops when they answer, or when someone is in touch."),
        _year,
    ),
    _entry(
        "expiry",
        gettext_lazy("A document expires in 180 days: start the sequence"),
        gettext_lazy("The follow-up to tell the customer, and the check of the renewal."),
        _expiry,
    ),
    _entry(
        "appointments",
        gettext_lazy("An appointment is completed: start the sequence"),
        gettext_lazy("The summary, and what was spoken of."),
        _appointments,
    ),
]
