"""Register scores of leads and customers."""

from django.utils.translation import gettext_lazy as _

from assistant.models import LeadScoreModel
from assistant.permissions import USE
from assistant.scores.filters import FILTERS
from assistant.scores.list_column import FEATURES as LIST_COLUMN
from assistant.scores.scoring import begin_scoring
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    RecordLink(model=Job, purpose="score", name="scores:lead", permission=USE, key="number"),
    RecordLink(model=Person, purpose="engagement", name="scores:person", permission=USE),
    UnexportedModel(LeadScoreModel, "It is counted from the leads of this organization."),
    TenantStart(begin_scoring, again=begin_scoring),
    EventWords("lead_score.set", "pencil", _("set how likely it is to be won")),
    EventWords("lead_score.released", "rotate-cw", _("let its likelihood be computed again")),
    EventWords("person.profiling_objected", "ban", _("recorded an objection to being scored")),
    EventWords("person.profiling_allowed", "check", _("withdrew the objection to being scored")),
    *FILTERS,
    *LIST_COLUMN,
]
