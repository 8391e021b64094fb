"""Default setup of a new tenant: six phases, one pipeline and their targets.

Rules: docs/rules.md#k1, docs/rules.md#k15.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.jobs.pipelines.phase import Phase
from crm.jobs.pipelines.pipeline import Pipeline
from crm.jobs.pipelines.source import Source
from crm.jobs.pipelines.stage import Stage
from crm.jobs.pipelines.target import StageTarget

MINUTE = 60
HOUR = 3600
DAY = 86_400
# The phases from the fifth on are work that is sold.
SOLD_FROM = 4
# What customers read of the steps, by their place; they do not read of the others.
TOLD = {
    0: (gettext_noop("Your request is in"), gettext_noop("We get in touch with you to plan a visit.")),
    2: (gettext_noop("Our visit"), gettext_noop("We come by, look at everything with you and measure.")),
    3: (gettext_noop("Your quote"), gettext_noop("Your quote is with you. Ask us whatever is unclear.")),
    5: (gettext_noop("The work itself"), gettext_noop("We plan the work with you and keep you posted.")),
    6: (gettext_noop("Your invoice"), gettext_noop("The work is done. Your invoice is on its way.")),
}


def create_defaults() -> None:
    """Create phases, a pipeline, its targets and the usual sources, for a tenant that has none yet."""
    if Phase.objects.exists():
        return
    names = [_("Contact"), _("Inspect"), _("Quote"), _("Decide"), _("Job"), _("Paid")]
    phases = [Phase.objects.create(name=name, position=at, is_sold=at >= SOLD_FROM) for at, name in enumerate(names)]
    pipeline = Pipeline.objects.create(name=_("Standard"), is_default=True)
    steps = [
        (0, _("New"), 15 * MINUTE),
        (0, _("Reached"), DAY),
        (1, _("Visit booked"), 3 * DAY),
        (2, _("Quote sent"), 3 * DAY),
        (3, _("Follow-up"), 5 * DAY),
        (4, _("Scheduled"), 10 * DAY),
        (5, _("Invoiced"), 3 * DAY),
    ]
    for position, (phase, name, seconds) in enumerate(steps):
        stage = Stage.objects.create(
            pipeline=pipeline,
            phase=phases[phase],
            name=name,
            position=position,
            customer_texts=_in_all_languages(TOLD.get(position, ())),
        )
        # A stage with its own target counts working hours (docs/rules.md#k15); a day and more is easier read as days.
        StageTarget.objects.create(pipeline=pipeline, stage=stage, ours=seconds, working_hours=seconds < DAY)
    StageTarget.objects.create(pipeline=pipeline, ours=HOUR, working_hours=True)
    for name in (_("Website"), _("Phone"), _("Referral")):
        Source.objects.create(name=name)


def _in_all_languages(texts: Iterable[str]) -> dict[str, list[str]]:
    """Translate a step's customer text into every product language, as a brand may use any of them."""
    texts_by_language = {}
    for language, _name in settings.LANGUAGES if texts else ():
        with translation.override(language):
            texts_by_language[language] = [_(text) for text in texts]
    return texts_by_language
