"""UtmRule: the source and campaign that given UTM words mean."""

from django.db import models

from crm.jobs.models import Source
from crm.platform.models import TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from leads.models.campaign import Campaign


class UtmRule(ConfigurationModel):
    """A pair of UTM words and its meaning; without a campaign: the source alone."""

    utm_source = models.CharField(max_length=120, blank=True)
    utm_campaign = models.CharField(max_length=120, blank=True)
    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        ordering = ["utm_source", "utm_campaign"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "utm_source", "utm_campaign"], name="utm_words_mean_one_thing")
        ]

    def __str__(self) -> str:
        return f"{self.utm_source} {self.utm_campaign}".strip()
