"""Register the assistant: permissions, event words, topic."""

from django.utils.translation import gettext_lazy as _

from assistant.calls.assistant_helper import AssistantHelper
from assistant.drafts.model_reply import HELPER as DRAFT
from assistant.drafts.model_reply import reply_request, store_reply
from assistant.erasure import DATA
from assistant.labels.features import FEATURES as LABELS
from assistant.models import AssistantSetup
from assistant.models.assistant_setup import TOPIC, TRY
from assistant.notices import SPENT_KIND
from assistant.panel.helper_roles import shown_if_on
from assistant.panel.parts import AssistantPart
from assistant.permissions import PERMISSIONS, SET_UP, USE
from assistant.scores.features import FEATURES as SCORES
from assistant.settings.forms import SetupForm
from assistant.settings.try_out import accept_try, try_request
from assistant.suggestions.features import FEATURES as SUGGESTIONS
from assistant.summaries.model_summary import store_summary, summary_request
from assistant.timing.features import FEATURES as TIMING
from crm.jobs.models import Job
from crm.people.models import Person, Property
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from tickets.models import Ticket

DRAFTS = shown_if_on(DRAFT)
LINKS = [
    RecordLink(model=Ticket, purpose="assistant", name="assistant:of_conversation", permission=USE, key="number"),
    RecordLink(model=Job, purpose="assistant", name="assistant:of_job", permission=USE, key="number"),
    RecordLink(model=Person, purpose="assistant", name="assistant:of_customer", permission=USE),
    RecordLink(model=Property, purpose="assistant", name="assistant:of_property", permission=USE),
    RecordLink(
        model=Ticket, purpose="draft", name="assistant:draft_reply", permission=USE, key="number", is_shown=DRAFTS
    ),
    RecordLink(
        model=Job, purpose="draft", name="assistant:draft_message", permission=USE, key="number", is_shown=DRAFTS
    ),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    UnexportedModel(AssistantSetup, "It is bound to a server and a key, which the file never contains."),
    Topic(TOPIC, ("assistant",)),
    AssistantHelper(
        name="summary",
        label=_("Summary"),
        note=_("What a conversation, lead, customer or property is about."),
        build=summary_request,
        accept=store_summary,
    ),
    AssistantHelper(
        name=DRAFT,
        label=_("Draft"),
        note=_("A reply made of a template and what was said."),
        build=reply_request,
        accept=store_reply,
    ),
    AssistantHelper(
        name=TRY,
        label=_("Try"),
        note=_("Whether the model answers."),
        build=try_request,
        accept=accept_try,
        is_internal=True,
    ),
    AssistantPart(
        name="ratings",
        url_name="assistant:ratings",
        permission=SET_UP,
        label=_("How useful summaries and drafts are"),
        topics="",
    ),
    DATA,
    *LINKS,
    SPENT_KIND,
    Section(
        group="automation",
        name="assistant:settings",
        permission=SET_UP,
        icon="sparkles",
        label=_("Assistant"),
        note=_("The language model, what it may read and what it may cost; and what was asked."),
        affects=_("Affects who writes summaries and drafts, and which texts leave the organization."),
        words=_("ai llm model openai anthropic claude gpt ollama privacy redaction tokens spend"),
        form=SetupForm,
        below=("assistant/call_text.html",),
    ),
    EventWords("assistant.set_up", "sparkles", _("changed the setup of the assistant")),
    EventWords("assistant.switched_off", "ban", _("switched off the language model")),
    EventWords("assistant.switched_on", "sparkles", _("switched on the language model")),
    EventWords("assistant.record_switched", "sparkles", _("switched the assistant on or off here")),
    *LABELS,
    *SCORES,
    *TIMING,
    *SUGGESTIONS,
]
