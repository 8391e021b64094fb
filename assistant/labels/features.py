"""Register the labels of messages."""

from django.utils.translation import gettext_lazy as _

from assistant.calls.assistant_helper import AssistantHelper
from assistant.labels.filters import FILTERS
from assistant.labels.label_question import HELPER
from assistant.labels.model_labels import label_request, store_labels
from assistant.labels.trigger import PRESETS, TRIGGER
from assistant.models import TrainedLabels
from assistant.panel.helper_roles import shown_if_on
from assistant.panel.parts import AssistantPart
from assistant.permissions import SET_UP, USE
from crm.jobs.models import Job
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from tickets.models import Ticket

SHOWN = shown_if_on(HELPER)
FEATURES: list[Feature] = [
    RecordLink(model=Ticket, purpose="labels", name="labels:panel", permission=USE, key="number", is_shown=SHOWN),
    RecordLink(model=Job, purpose="labels", name="labels:lead", permission=USE, key="number", is_shown=SHOWN),
    AssistantHelper(
        name=HELPER,
        label=_("Labels"),
        note=_("What a customer wants, feels and writes about; the words decide what the model leaves open."),
        build=label_request,
        accept=store_labels,
    ),
    AssistantPart(
        name="labels",
        url_name="labels:quality",
        permission=SET_UP,
        label=_("How good the labels are"),
        topics="labels",
    ),
    Topic("labels", ("label",)),
    EventWords("label.reviewed", "tag", _("reviewed a label")),
    EventWords("label.review_withdrawn", "tag", _("took back a review of a label")),
    UnexportedModel(TrainedLabels, "It is learnt from the messages of this organization."),
    *FILTERS,
    TRIGGER,
    *PRESETS,
]
