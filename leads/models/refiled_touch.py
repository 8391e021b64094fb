"""RefiledTouch: what a past visit and its lead were filed under before a match of UTM words changed it."""

from django.db import models

from crm.jobs.models import Source
from crm.platform.models import TenantForeignKey, TenantModel
from leads.models.campaign import Campaign
from leads.models.touch import Touch
from leads.models.utm_rule import UtmRule


class RefiledTouch(TenantModel):
    """The source and campaign of a touch, and of its lead, before the first match of its words; undoing restores it."""

    rule = TenantForeignKey(UtmRule, models.CASCADE, related_name="refiled")
    touch = TenantForeignKey(Touch, models.CASCADE, related_name="+")
    source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    was_unmatched = models.BooleanField()
    # Whether the match changed the lead's own source and campaign, and what they were.
    has_moved_source = models.BooleanField(default=False)
    job_source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    has_moved_campaign = models.BooleanField(default=False)
    lead_campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "refiled touches"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "rule", "touch"], name="touch_is_refiled_once_by_a_rule")
        ]

    def __str__(self) -> str:
        return f"{self.touch_id} by {self.rule_id}"
