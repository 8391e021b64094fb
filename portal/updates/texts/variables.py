"""The variables of updates: what happened, what comes next, what we need; the link to the customer's page."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comms.library.variables import Subject, TemplateVariable
from crm.jobs.models.stage import CustomerText
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory


def page_link(subject: Subject) -> str:
    """Return the address of the customer's own page."""
    here = reverse("portal:home", kwargs={"company": directory().tenant.slug})
    return f"{settings.SITE_URL}{here}"


def _status(subject: Subject) -> CustomerText | None:
    stage = pipeline_setup().stages.get(subject.job.stage_id or 0) if subject.job else None
    return stage.customer_text((subject.language, subject.brand.language)) if stage else None


def _title(subject: Subject) -> str:
    text = _status(subject)
    return text.title if text else ""


def _text(subject: Subject) -> str:
    text = _status(subject)
    return (text.text or text.title) if text else ""


def _nothing(subject: Subject) -> str:
    """Only the update itself knows it."""
    return ""


VARIABLES = [
    TemplateVariable(90, "update.happened", _("What happened, a sentence each"), _("The permit is there."), _nothing),
    TemplateVariable(91, "update.next", _("What comes next, a sentence each"), _("We begin on Monday."), _nothing),
    TemplateVariable(
        92, "update.needed", _("What we need from them, a sentence each"), _("Please choose a colour."), _nothing
    ),
    TemplateVariable(
        93,
        "update.short",
        _("The update in a sentence or two"),
        _("The permit is there. We begin on Monday."),
        _nothing,
    ),
    TemplateVariable(94, "update.link", _("Link to the customer’s page"), "https://example.com/my", page_link),
    TemplateVariable(95, "update.status", _("What customers read of the step"), _("Your permit is approved"), _title),
    TemplateVariable(
        96, "update.status_text", _("The sentence customers read of the step"), _("We plan the day we begin."), _text
    ),
]
