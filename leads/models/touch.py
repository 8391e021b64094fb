"""Touch: attribution of a customer's visit: UTM words, click id, page, consent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Source
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel
from leads.models.campaign import Campaign
from leads.models.lead import Lead


class TouchKind(models.TextChoices):
    FIRST = "first", _("First touch")
    CONVERSION = "conversion", _("Conversion")


class Touch(TenantModel):
    """A lead's first touch, or its last one before it was won. The UTM words are kept unchanged, mapped or not."""

    lead = TenantForeignKey(Lead, models.CASCADE, related_name="touches")
    kind = models.CharField(max_length=10, choices=TouchKind)
    at = models.DateTimeField(default=clock.now)
    source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    # The words of the address, trimmed and in small letters: what rules are looked up by.
    utm_source = models.CharField(max_length=120, blank=True)
    utm_campaign = models.CharField(max_length=120, blank=True)
    medium = models.CharField(max_length=120, blank=True)
    term = models.CharField(max_length=200, blank=True)
    content = models.CharField(max_length=200, blank=True)
    referrer = models.CharField(max_length=500, blank=True)
    landing_page = models.CharField(max_length=500, blank=True)
    click_id = models.CharField(max_length=300, blank=True)
    click_kind = models.CharField(max_length=16, blank=True)
    # What was agreed to, word for word, and which version of it.
    consent = models.TextField(blank=True)
    consent_version = models.CharField(max_length=40, blank=True)
    # It said words, and they name no source or no campaign here: it stands on the list of what to match.
    is_unmatched = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "touches"
        constraints = [models.UniqueConstraint(fields=["tenant", "lead", "kind"], name="touch_is_one_of_a_kind")]
        indexes = [
            models.Index(
                fields=["tenant", "utm_source", "utm_campaign"], condition=Q(is_unmatched=True), name="touch_unmatched"
            ),
            models.Index(fields=["tenant", "utm_source", "utm_campaign", "kind"], name="touch_words"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}:{self.kind}"
