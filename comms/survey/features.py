"""Register the survey's template link, event, and automation trigger."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.library.variables import TemplateVariable
from comms.models.survey_answer import BEST
from comms.survey.links import link_of
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Chosen, EventTrigger, about_job
from crm.platform.features import Feature
from crm.platform.models import Event
from crm.web.timeline.event_words import EventWords

ANSWERED = "survey.answered"


class ScoreOptions(Options):
    """The highest rating that matches."""

    most = forms.TypedChoiceField(
        label=gettext_lazy("with at most"),
        choices=[(number, str(number)) for number in range(1, BEST + 1)],
        coerce=int,
        initial=2,
    )


def _is_meant(event: Event, chosen: Chosen) -> bool:
    return int(event.data.get("score", BEST)) <= int(chosen["most"])


def _score_text(data: dict[str, Any]) -> str:
    return _("The customer says how it went: %(score)s of 5") % {"score": data.get("score", "")}


FEATURES: list[Feature] = [
    TemplateVariable(
        name="survey.link",
        words=gettext_lazy("Link to the survey"),
        example="https://example.com/survey",
        value=link_of,
    ),
    EventWords(ANSWERED, "message-square", _score_text, mark="in"),
    EventTrigger(
        name="job.survey_answered",
        record=JOB,
        label=gettext_lazy("gets a survey answer"),
        options=ScoreOptions,
        events=(ANSWERED,),
        heeds=_is_meant,
        about=about_job,
    ),
]
