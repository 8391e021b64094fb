"""Settings: texts for customers of a pipeline's steps, in the languages of the brands."""

from uuid import UUID

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from crm.jobs.models import Pipeline, Stage
from crm.jobs.pipeline_settings import form_versions
from crm.jobs.pipeline_settings.views.lookup import pipeline_of, stage_of
from crm.jobs.pipelines.pipeline import ProgressDrawing
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import LONGEST_TEXT, LONGEST_TITLE, CustomerText
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import brand_languages
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


@settings_page(
    "jobs:customer_texts",
    "pipelines.manage",
    "jobs/customer_texts.html",
    version=form_versions.of_customer_texts,
    of=("uid",),
)
def customer_texts(request: TenantRequest, uid: UUID) -> Context:
    """Show the texts for customers, step by step."""
    pipeline = pipeline_of(uid)
    return {
        "pipeline": pipeline,
        "steps": [(stage, _language_fields(stage)) for stage in pipeline_setup().steps(pipeline.pk)],
        "drawings": ProgressDrawing.choices,
        "longest_title": LONGEST_TITLE,
        "longest_text": LONGEST_TEXT,
    }


@customer_texts.action(pipeline_of)
def draw(request: TenantRequest, pipeline: Pipeline) -> str:
    """Set the progress drawing that customers see."""
    value = request.POST.get("drawing", "")
    if value not in ProgressDrawing.values:
        raise Refused(_("Choose a drawing."))
    pipeline.draw(value, by=request.member)
    return _("Customers see this: %(drawing)s.") % {"drawing": ProgressDrawing(value).label}


@customer_texts.action(stage_of)
def tell(request: TenantRequest, stage: Stage) -> str:
    """Set the texts of a step for customers."""
    sent = {
        language: CustomerText(request.POST.get(f"title_{language}", ""), request.POST.get(f"text_{language}", ""))
        for language in brand_languages(stage.customer_texts)
    }
    stage.tell_customers(sent, by=request.member)
    if stage.is_told:
        return _("Customers now see “%(title)s”.") % {"title": next(iter(stage.customer_texts.values()))[0]}
    return _("“%(name)s” is not shown to customers.") % {"name": stage.name}


def _language_fields(stage: Stage) -> list[tuple[str, str, CustomerText]]:
    texts = stage.customer_texts
    return [
        (language, get_language_info(language)["name_local"], CustomerText(*texts.get(language, ("", ""))))
        for language in brand_languages(stage.customer_texts)
    ]
