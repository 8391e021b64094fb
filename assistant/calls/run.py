"""Make a queued call: build the prompt, set its cost aside, ask outside any transaction, and store what is usable.

The switches and the limit are asked before the call and, but for the limit, after it: what was being asked while
somebody switched the model off is thrown away. Nothing here writes words of people into a log of the system.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.calls.answer_check import InvalidAnswer, read_answer
from assistant.calls.assistant_helper import AnsweredCall, AssistantHelper, helper_named
from assistant.calls.prompt import BuiltPrompt, build_prompt
from assistant.calls.queue import is_opted_out
from assistant.calls.request import ModelRequest
from assistant.calls.spend import currency, estimate_tokens, reserve, warn_near_limit
from assistant.models import AssistantCall, AssistantSetup, CallStage, CallVerdict, assistant_setup
from assistant.models.assistant_setup import TOPIC
from assistant.providers.asking import ask_model
from assistant.providers.port import ModelAnswer, ModelEndpoint, ModelFailure, ModelPrompt
from crm.platform.events import hints
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant


@dataclass(frozen=True)
class BegunCall:
    """A call that is about to be made."""

    call_id: int
    helper: AssistantHelper
    request: ModelRequest
    built: BuiltPrompt
    endpoint: ModelEndpoint


def run_call(
    tenant_id: int, call_id: int, ask: Callable[[ModelEndpoint, ModelPrompt], ModelAnswer] | None = None
) -> None:
    """Make a call (due work). One that a dead worker had begun is ended as interrupted, and not made again.

    `ask`: what asks the model in place of `ask_model`.
    """
    with use_tenant(tenant_id):
        begun = _begin(call_id)
        hints.touch(TOPIC)
    if begun is None:
        return
    started = time.monotonic()
    answer: ModelAnswer | ModelFailure
    try:
        answer = (ask or ask_model)(begun.endpoint, begun.built.prompt)
    except ModelFailure as failure:
        answer = failure
    milliseconds = int((time.monotonic() - started) * 1000)
    with use_tenant(tenant_id):
        _end(begun, answer, milliseconds)
        hints.touch(TOPIC)


def _begin(call_id: int) -> BegunCall | None:
    """Return what is to be asked, with its cost set aside; None if it is not, and then the call is done."""
    call: AssistantCall | None = AssistantCall.objects.select_for_update().filter(pk=call_id).first()
    if call is None or call.stage == CallStage.DONE:
        return None
    if call.stage == CallStage.CALLING:
        call.finish(CallVerdict.INTERRUPTED, cost=call.reserved)
        return None
    setup = assistant_setup()
    helper = helper_named(call.helper)
    if helper is None or not _is_allowed(call, setup):
        call.finish(CallVerdict.SWITCHED_OFF)
        return None
    request = helper.build(call)
    if request is None:
        call.finish(CallVerdict.NOTHING)
        return None
    built = build_prompt(request, setup, directory().tenant.country)
    if built is None:
        call.finish(CallVerdict.HELD_BACK)
        return None
    call.key = request.key[:200]
    if not reserve(call, setup, built.prompt):
        call.finish(CallVerdict.LIMIT)
        return None
    _note_sent(call, setup, built)
    return BegunCall(
        call.pk, helper, request, built, ModelEndpoint(setup.provider, setup.base_url, setup.model, setup.key)
    )


def _is_allowed(call: AssistantCall, setup: AssistantSetup) -> bool:
    return setup.may_ask(call.helper) and not is_opted_out(call.subject_kind, call.subject_id)


def _note_sent(call: AssistantCall, setup: AssistantSetup, built: BuiltPrompt) -> None:
    """Note in the log what is about to be sent, and where to."""
    call.stage = CallStage.CALLING
    call.provider = setup.provider
    call.model = setup.model
    call.host = setup.host[:254]
    call.words = built.words
    call.hidden = dict(built.redactor.hidden)
    call.kept_back = dict(built.redactor.kept_back)
    call.currency = currency()
    call.seal_text(built.shown)
    call.save()


def _end(begun: BegunCall, answer: ModelAnswer | ModelFailure, milliseconds: int) -> None:
    call: AssistantCall | None = AssistantCall.objects.select_for_update().filter(pk=begun.call_id).first()
    if call is None or call.stage != CallStage.CALLING:
        return
    setup = assistant_setup()
    call.milliseconds = milliseconds
    if isinstance(answer, ModelFailure):
        call.finish(answer.verdict, cost=call.reserved if answer.was_sent else 0)
    else:
        prompt = begun.built.prompt
        call.tokens_in = answer.tokens_in or estimate_tokens(prompt.system + prompt.user)
        call.tokens_out = answer.tokens_out or estimate_tokens(answer.text)
        call.finish(_verdict(begun, call, setup, answer), cost=setup.cost(call.tokens_in, call.tokens_out))
    warn_near_limit(setup)


def _verdict(begun: BegunCall, call: AssistantCall, setup: AssistantSetup, answer: ModelAnswer) -> str:
    """Store the usable parts of an answer, and return its verdict."""
    if not _is_allowed(call, setup):
        return CallVerdict.SWITCHED_OFF
    try:
        content = read_answer(answer.text, begun.request.schema)
        return begun.helper.accept(AnsweredCall(call, begun.request, begun.built, content))
    except InvalidAnswer as why:
        return why.verdict
