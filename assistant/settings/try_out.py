"""Try the model with one harmless sentence: whether it answers, and follows the schema."""

from typing import Any

from assistant.calls.assistant_helper import AnsweredCall
from assistant.calls.request import ModelRequest, SourceText
from assistant.models import AssistantCall, AssistantSetup, CallVerdict
from assistant.models.assistant_setup import TRY
from crm.kernel import clock

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["word"],
    "properties": {"word": {"type": "string", "maxLength": 100}},
}


def try_request(call: AssistantCall) -> ModelRequest:
    """Return the question of a try."""
    text = SourceText("try", "The crew arrives on Tuesday and brings the shingles.", kind="fact")
    return ModelRequest("Give the day of the week that the text names.", (text,), _SCHEMA, f"try {clock.now()}")


def accept_try(answered: AnsweredCall) -> str:
    """Accept any answer that follows the schema."""
    return CallVerdict.USED


def last_try() -> AssistantCall | None:
    """Return the last try; None before the first."""
    kind = AssistantSetup._meta.label_lower
    call: AssistantCall | None = AssistantCall.objects.filter(subject_kind=kind, helper=TRY).order_by("-pk").first()
    return call
