"""Register when and how to reach customers."""

from django.utils.translation import gettext_lazy as _

from assistant.panel.helper_roles import RuleHelper, shown_if_on
from assistant.panel.parts import AssistantPart
from assistant.permissions import USE
from assistant.timing.learning import begin_learning
from assistant.timing.views import HELPER, LABEL
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.shell.record_pages import RecordLink

FEATURES: list[Feature] = [
    RuleHelper(name=HELPER, label=LABEL, note=_("Best hours and channel, and how likely an answer is.")),
    RecordLink(
        model=Job, purpose="best_time", name="timing:lead", permission=USE, key="number", is_shown=shown_if_on(HELPER)
    ),
    RecordLink(model=Person, purpose="best_time", name="timing:person", permission=USE, is_shown=shown_if_on(HELPER)),
    AssistantPart(
        name="timing", url_name="timing:calibration", permission=USE, label=_("How likely an answer was"), topics=""
    ),
    TenantStart(begin_learning, again=begin_learning),
]
