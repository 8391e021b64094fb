"""Ask the model of an endpoint, and turn what goes wrong into a verdict."""

from collections.abc import Callable
from typing import Any

from assistant.models import CallVerdict, ModelProvider
from assistant.providers.port import SECONDS, ModelAnswer, ModelEndpoint, ModelFailure, ModelPrompt

Adapter = Callable[[ModelEndpoint, ModelPrompt, Any], ModelAnswer]
# How both libraries name the status of a server that refuses.
_REFUSALS = {401: CallVerdict.SIGN_IN, 403: CallVerdict.SIGN_IN, 429: CallVerdict.BUSY}


def ask_model(endpoint: ModelEndpoint, prompt: ModelPrompt, *, seconds: float = SECONDS) -> ModelAnswer:
    """Ask a model once, within a time limit. Raises ModelFailure with a verdict, whatever went wrong."""
    # Slow to import, and only workers need it.
    from assistant.providers.guarded_transport import GuardedTransport

    transport = GuardedTransport(seconds)
    try:
        return _adapter_of(endpoint)(endpoint, prompt, transport)
    except ModelFailure:
        raise
    except Exception as error:  # each library raises errors of its own, and parses answers of any shape
        raise transport.failure or _failure_of(error) from None


def _adapter_of(endpoint: ModelEndpoint) -> Adapter:
    # Seconds to import, which only the first call of a worker takes.
    if endpoint.provider == ModelProvider.ANTHROPIC:
        from assistant.providers.anthropic_service import ask_anthropic

        return ask_anthropic
    from assistant.providers.openai_server import ask_openai_server

    return ask_openai_server


def _failure_of(error: Exception) -> ModelFailure:
    """Return the failure of a response that a library refused: by its status, else as unusable."""
    status = getattr(error, "status_code", None)
    if status in _REFUSALS:
        return ModelFailure(_REFUSALS[status], was_sent=False)
    if isinstance(status, int):
        return ModelFailure(CallVerdict.DOWN if status >= 500 else CallVerdict.INVALID, was_sent=False)
    return ModelFailure(CallVerdict.INVALID, was_sent=True)
