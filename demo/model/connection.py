"""Connect a demo company to the demo's model server, and have it asked about a few conversations of this week."""

from datetime import datetime, timedelta

from django.conf import settings

from assistant.calls.queue import request_call
from assistant.calls.run import run_call
from assistant.labels.label_question import HELPER as LABELS
from assistant.labels.label_question import question_key
from assistant.models import AssistantSetup, MessageLabels, ModelProvider
from assistant.models.assistant_setup import MILLION, TextSharing
from assistant.providers.port import ModelAnswer, ModelEndpoint, ModelPrompt
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from demo.model.server import CANNED, answer_question
from runtime.stack import MODEL_ADDRESS, MODEL_HOST
from tickets.models import Entry, Ticket

# The company that has a model; the other one works by rules alone.
COMPANY = "suncoast"
# A month's limit in minor units, and prices of a million tokens read and written.
LIMIT = 500
PRICE_IN = 3 * MILLION
PRICE_OUT = 15 * MILLION
# So many conversations were asked about, one every so often.
ASKED = 5
APART = timedelta(hours=3)


def connect_model(slug: str, now: datetime) -> None:
    """Set up the model of a company if the demo's server runs, and make the first calls as a worker does."""
    if slug != COMPANY or MODEL_HOST not in settings.PRIVATE_HOSTS:
        return
    AssistantSetup(
        provider=ModelProvider.COMPATIBLE,
        address=MODEL_ADDRESS,
        model=CANNED,
        helpers=["draft", LABELS, "summary"],
        notes=TextSharing.SENT,
        spend_limit=LIMIT,
        price_in=PRICE_IN,
        price_out=PRICE_OUT,
    ).save()
    language = directory().tenant.language
    tickets = Ticket.objects.filter(sole_reader__isnull=True, member__isnull=False, waiting_since__isnull=False)
    for place, ticket in enumerate(tickets.order_by("-last_message_at", "-pk")[:ASKED]):
        with clock.at(now - place * APART):
            _ask(ticket, ticket.member, language)


def _ask(ticket: Ticket, member: Member, language: str) -> None:
    """Have a summary, the labels and a draft made of a conversation."""
    options = {"language": language}
    calls = [
        request_call("summary", ticket, by=None, options=options),
        request_call("draft", ticket, by=member, options=options),
    ]
    messages = Entry.objects.filter(ticket=ticket, message__isnull=False).values("message_id")
    rows = MessageLabels.objects.filter(message__in=messages).select_related("message")
    if labels := rows.order_by("-at", "-pk").first():
        key = question_key(labels.message_id, labels.message.text)
        calls.append(request_call(LABELS, ticket, by=None, key=key, options={"message": labels.message_id}))
    for call in filter(None, calls):
        run_call(required_tenant_id(), call.pk, ask=_ask_here)


def _ask_here(endpoint: ModelEndpoint, prompt: ModelPrompt) -> ModelAnswer:
    """Answer as the server does, without one."""
    response = answer_question(
        {
            "model": endpoint.model,
            "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
            "response_format": {"json_schema": {"schema": prompt.schema}},
        }
    )
    usage = response["usage"]
    text = response["choices"][0]["message"]["content"]
    return ModelAnswer(text, usage["prompt_tokens"], usage["completion_tokens"])
