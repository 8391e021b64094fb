"""QuoteTemplate: the options and lines a new quote begins with, by kind of work. Made of a quote that was written."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Pipeline
from crm.kernel.refusal import Refused
from crm.platform.models import Brand, TenantForeignKey
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import NamedRow

MOST_LINES = 300


class QuoteTemplate(NamedRow):
    """A template of quotes. Prices of its lines that are of the price book are those of the day it is used."""

    noun = "quote_template"

    uid = public_id()
    name = models.CharField(max_length=80)
    brand = TenantForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+")
    # The kind of work whose leads are offered it first; null: it suits all.
    pipeline = TenantForeignKey(Pipeline, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120, blank=True)
    intro = models.TextField(max_length=4_000, blank=True)
    # {"options": [{…columns of QuoteOption}], "lines": [{…columns of QuoteLine, "option": its place or null}]}
    content = models.JSONField(default=dict)

    FIELDS: ClassVar[tuple[str, ...]] = ("brand", "pipeline", "title", "intro", "content")

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="quote_template_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="quote_template_name_is_unique"),
        ]

    def _check(self) -> None:
        if len(self.lines) > MOST_LINES:
            raise Refused(_("A quote can have %(most)s lines at most.") % {"most": MOST_LINES})

    @property
    def options(self) -> list[dict[str, Any]]:
        return list(self.content.get("options", []))

    @property
    def lines(self) -> list[dict[str, Any]]:
        return list(self.content.get("lines", []))


@cached_per_tenant
def quote_templates() -> list[QuoteTemplate]:
    """Return all templates by name; archived ones too. Treat them as read-only."""
    return list(QuoteTemplate.objects.all())


def offered_templates(job: Job) -> list[QuoteTemplate]:
    """Return the templates for a lead: those of its kind of work first, none of another brand."""
    live = [row for row in quote_templates() if row.archived_at is None and row.brand_id in (None, job.brand_id)]
    return sorted(live, key=lambda row: (row.pipeline_id != job.pipeline_id, row.pipeline_id is not None))
