"""SegmentContacts: how customers of a kind answered. LikelihoodModel: what answered contacts had in common."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.models import TenantModel

# Contacts that came true, and as many that did not, before a likelihood is shown.
LIKELIHOOD_FLOOR = 50


class CustomerSegment(models.TextChoices):
    """The customers whose contacts are mixed with those of one of them."""

    BUSINESS = "business", _("businesses")
    PRIVATE = "private", _("private customers")


class SegmentContacts(TenantModel):
    """The contacts with customers of a kind in the last 180 days, as counts by hour and by medium."""

    segment = models.CharField(max_length=8, choices=CustomerSegment)
    # {"workday": [[tried, answered], … 24], "weekend": …}, by the hour where the customer is.
    hours = models.JSONField(default=dict)
    # {"call": [tried, answered], "email": …}
    media = models.JSONField(default=dict)
    customers = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "segment"], name="segment_has_its_contacts_once"),
            models.CheckConstraint(condition=Q(segment__in=CustomerSegment.values), name="segment_of_contacts_exists"),
        ]

    def __str__(self) -> str:
        return f"{self.segment}: {self.media}"


class LikelihoodModel(TenantModel):
    """What contacts that came true had in common, as weights; the newest only."""

    class Subject(models.TextChoices):
        """The two likelihoods: that a contact is answered, and that a follow-up succeeds."""

        RESPONSE = "response", _("An answer to a call or message")
        FOLLOW_UP = "followup", _("The success of a follow-up")

    subject = models.CharField(max_length=8, choices=Subject)
    good = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()
    # {"prior": 0.1, "signals": {"medium": {"call": 0.4, …}}}
    weights = models.JSONField(default=dict)
    slope = models.FloatField(default=1)
    offset = models.FloatField(default=0)
    # Ten, from 0 to 100 percent: [contacts, came true, sum of predicted percent], of those not counted for them.
    bins = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "subject"], name="tenant_has_one_likelihood_a_subject"),
            models.CheckConstraint(
                condition=Q(good__gte=LIKELIHOOD_FLOOR, bad__gte=LIKELIHOOD_FLOOR),
                name="likelihood_model_has_enough_contacts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.good} and {self.bad}"
