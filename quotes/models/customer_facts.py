"""Facts of customers about a quote: what they viewed, chose, asked and accepted."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from quotes.models.quote_option import QuoteOption
from quotes.models.quote_version import QuoteVersion


class QuoteView(TenantModel):
    """Views of a version on one device. `device`: a hash that tells devices apart, and nothing else."""

    version = TenantForeignKey(QuoteVersion, models.CASCADE, related_name="views")
    # To whom the link was sent; who looks at it is surer with a code.
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    device = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    visits = models.PositiveIntegerField(default=1)
    seconds = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=1)
    # The first device that opened the link; and one that proved an address of the customer with a code.
    is_first_device = models.BooleanField(default=False)
    gave_code = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version", "device"], name="quote_view_is_once_a_device")
        ]

    def __str__(self) -> str:
        return f"view of {self.version_id}"

    @property
    def looks_forwarded(self) -> bool:
        """True for another device than the first, without a code: probable, not certain."""
        return not (self.is_first_device or self.gave_code)


class QuoteChoice(TenantModel):
    """Last choice of a person, sent or not: an option, and the optional lines taken off."""

    version = TenantForeignKey(QuoteVersion, models.CASCADE, related_name="choices")
    person = TenantForeignKey(Person, models.PROTECT, related_name="+")
    option = TenantForeignKey(QuoteOption, models.CASCADE, null=True, blank=True, related_name="+")
    # The ids of the lines taken off.
    unticked = ArrayField(models.BigIntegerField(), default=list, blank=True)
    total = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version", "person"], name="quote_choice_is_once_a_person")
        ]

    def __str__(self) -> str:
        return f"choice of {self.person_id}"


class QuoteQuestion(TenantModel):
    """A question, or a change that a customer wants, with what they had chosen."""

    uid = public_id()
    version = TenantForeignKey(QuoteVersion, models.CASCADE, related_name="questions")
    person = TenantForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    text = models.TextField(max_length=4_000)
    wants_change = models.BooleanField(default=False)
    option = TenantForeignKey(QuoteOption, models.CASCADE, null=True, blank=True, related_name="+")
    unticked = ArrayField(models.BigIntegerField(), default=list, blank=True)
    total = models.BigIntegerField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="quote_question_uid_is_unique")]

    def __str__(self) -> str:
        return f"question of {self.person_id}"


class QuoteAcceptance(TenantModel):
    """The signature under a quote: consent, intent, identity, what was shown, and from where. Written once."""

    # A merge of customers moves the person; nothing else of it changes.
    app_may: ClassVar[str] = "select, insert, update (person_id)"

    quote = TenantForeignKey("quotes.Quote", models.PROTECT, related_name="acceptances")
    version = TenantForeignKey(QuoteVersion, models.PROTECT, related_name="+")
    option = TenantForeignKey(QuoteOption, models.PROTECT, null=True, blank=True, related_name="+")
    unticked = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # In minor units of the quote's currency.
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    deposit = models.BigIntegerField()
    shown_hash = models.CharField(max_length=64)
    choice_hash = models.CharField(max_length=64)
    accepted_at = models.DateTimeField(default=clock.now)
    person = TenantForeignKey(Person, models.PROTECT, related_name="+")
    # The name they typed, how they signed, and the sentence they agreed to.
    signed_name = models.CharField(max_length=120)
    method = models.CharField(max_length=8)
    consent = models.TextField(max_length=2_000)
    # How their identity was proven, from which device, and when they first saw the version.
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            # Of a quote whose contract was returned, another version may be accepted.
            models.UniqueConstraint(fields=["tenant", "quote", "version"], name="quote_version_is_accepted_once")
        ]

    def __str__(self) -> str:
        return f"acceptance of {self.quote_id}"
