"""Settings: templates of quotes. Their lines are those of a quote that was saved as a template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, set_choices, text_field
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from quotes.models import QuoteTemplate
from quotes.models.quote_template import quote_templates
from quotes.setup.terms import SET_UP


class QuoteTemplateForm(forms.Form):
    """Form of a template: for which leads it is, and the texts it begins with."""

    name = text_field(gettext_lazy("Name"), 80)
    title = text_field(gettext_lazy("Title that the customer reads"), 120, required=False)
    pipeline = select_field(gettext_lazy("Offered first for"), required=False)
    brand = select_field(gettext_lazy("Brand"), required=False)
    intro = forms.CharField(
        label=gettext_lazy("Introduction"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"class": "textarea", "rows": 3}),
    )

    def __init__(self, posted: Any = None, *, row: QuoteTemplate | None = None) -> None:
        one = row or QuoteTemplate()
        initial: dict[str, Any] = {"name": one.name, "title": one.title, "intro": one.intro}
        initial |= {"pipeline": one.pipeline_id or "", "brand": one.brand_id or ""}
        super().__init__(posted, initial=initial, auto_id=f"template-{row.pk if row else 'new'}-%s")
        pipelines = [(pk, pipeline.name) for pk, pipeline in pipeline_setup().pipelines.items()]
        brands = [(pk, brand.name) for pk, brand in directory().brands.items()]
        set_choices(self, "pipeline", [("", gettext_lazy("All leads")), *pipelines])
        set_choices(self, "brand", [("", gettext_lazy("All brands")), *brands])


def version() -> str:
    """Hash what the page's forms show."""
    columns = ("pk", "name", "title", "intro", "pipeline_id", "brand_id", "archived_at")
    return version_of([[getattr(row, name) for name in columns] for row in quote_templates()])


ROWS = NamedRows(
    address="quotes:%s_template",
    none=gettext_lazy("No templates yet. Write a quote and save it as a template."),
    new=gettext_lazy("New template"),
    add=gettext_lazy("Add template"),
    facts="quotes/_template_facts.html",
    longest=80,
)


@settings_page("quotes:templates", SET_UP, ROWS, version=version)
def templates(request: TenantRequest) -> Context:
    """Show the templates."""
    posted = request.POST if request.path.endswith("/templates/add/") else None
    rows = list(quote_templates())
    for row in rows:
        count = len(row.lines)
        row.counts = ngettext("%(count)s line", "%(count)s lines", count) % {"count": count}  # type: ignore[attr-defined]
    return row_context(rows, lambda row: QuoteTemplateForm(row=row)) | {"new": QuoteTemplateForm(posted)}


def _posted_values(request: TenantRequest, row: QuoteTemplate | None) -> Context:
    values = require_valid(QuoteTemplateForm(request.POST, row=row)).cleaned_data
    pipelines = {str(pk): pipeline for pk, pipeline in pipeline_setup().pipelines.items()}
    brands = {str(pk): brand for pk, brand in directory().brands.items()}
    return values | {"pipeline": pipelines.get(values["pipeline"]), "brand": brands.get(values["brand"])}


add_template, edit_template, archive_template, restore_template = templates.row_actions(QuoteTemplate, _posted_values)
