"""AssistantSetup: the language model of an organization, what it may read, and what it may cost a month."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.http.public_address import ForbiddenAddress, check_url, url_host
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.tenancy.secrets import decrypt, encrypt

# A currency has so many millionths: calls are counted in them, as one costs less than a cent.
MILLION = 1_000_000
ANTHROPIC_ADDRESS = "https://api.anthropic.com"
TOPIC = "assistant"
# The helper that only tries whether the model answers.
TRY = "try"


class ModelProvider(models.TextChoices):
    """Who reads along. RULES: no model is asked."""

    RULES = "rules", gettext_lazy("Built-in rules only")
    COMPATIBLE = "openai", gettext_lazy("A server that speaks the OpenAI API")
    ANTHROPIC = "anthropic", gettext_lazy("Anthropic")


class TextSharing(models.TextChoices):
    """What becomes of a kind of content before texts are sent."""

    SENT = "sent", gettext_lazy("Sent")
    # Replaced by a word such as "phone 1".
    HIDDEN = "hidden", gettext_lazy("Hidden")
    # A text that contains it is left out.
    NEVER = "never", gettext_lazy("Never")


# The fields that say what may leave, and the choices of each.
SHARED = {
    "names": (TextSharing.SENT, TextSharing.HIDDEN),
    "contacts": (TextSharing.SENT, TextSharing.HIDDEN, TextSharing.NEVER),
    "numbers": (TextSharing.SENT, TextSharing.HIDDEN, TextSharing.NEVER),
    "prices": (TextSharing.SENT, TextSharing.HIDDEN),
    "notes": (TextSharing.SENT, TextSharing.NEVER),
    "calls": (TextSharing.SENT, TextSharing.NEVER),
}


def _sharing_field(default: TextSharing) -> "models.CharField[Any, Any]":
    return models.CharField(max_length=6, choices=TextSharing, default=default)


class AssistantSetup(ConfigurationModel):
    """The language model of an organization and its limits; one row, and none before it is set up."""

    provider = models.CharField(max_length=10, choices=ModelProvider, default=ModelProvider.RULES)
    address = models.CharField(max_length=500, blank=True)
    model = models.CharField(max_length=100, blank=True)
    # Encrypted; blank without a key.
    sealed_key = models.TextField(blank=True)
    key_set_at = models.DateTimeField(null=True, blank=True)
    # The kill switch: no model is asked while it is off.
    is_on = models.BooleanField(default=True)
    # The names of the helpers that may ask the model.
    helpers = models.JSONField(default=list)
    # The helpers that a role doesn't have: "draft:rep"; without a role for all: "timing".
    helpers_off = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    names = _sharing_field(TextSharing.HIDDEN)
    # Phone numbers, email and postal addresses.
    contacts = _sharing_field(TextSharing.HIDDEN)
    # Claim and policy numbers, IBANs.
    numbers = _sharing_field(TextSharing.HIDDEN)
    prices = _sharing_field(TextSharing.SENT)
    notes = _sharing_field(TextSharing.NEVER)
    # The written text of calls.
    calls = _sharing_field(TextSharing.NEVER)
    # A month, in minor units of the organization's currency.
    spend_limit = models.BigIntegerField(default=0)
    # Of a million tokens read and written, in millionths of the currency.
    price_in = models.BigIntegerField(default=0)
    price_out = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="tenant_has_one_assistant_setup"),
            models.CheckConstraint(
                condition=Q(provider="rules") | (~Q(model="") & Q(spend_limit__gt=0)),
                name="model_of_assistant_has_a_name_and_a_limit",
            ),
            models.CheckConstraint(
                condition=~Q(provider="openai") | ~Q(address=""), name="server_of_assistant_has_an_address"
            ),
            models.CheckConstraint(
                condition=Q(price_in__gte=0, price_out__gte=0, spend_limit__gte=0), name="assistant_costs_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.model}"

    @property
    def form_version(self) -> str:
        """The version that the form of the settings carries."""
        return str(self.version if self.pk else 0)

    @property
    def key(self) -> str:
        """The API key; blank without one. Raises InvalidToken if the encryption key is no longer available."""
        if not self.sealed_key:
            return ""
        return decrypt(self.sealed_key)

    @property
    def base_url(self) -> str:
        if self.provider == ModelProvider.ANTHROPIC:
            return self.address or ANTHROPIC_ADDRESS
        return self.address

    @property
    def host(self) -> str:
        """The host that texts are sent to; blank without a model."""
        if self.provider == ModelProvider.RULES:
            return ""
        return url_host(self.base_url)

    @property
    def is_own_server(self) -> bool:
        """True if the host is in the private network of this installation: no text leaves it."""
        return self.host in settings.PRIVATE_HOSTS

    def may_ask(self, helper: str) -> bool:
        """True if a helper may ask the model now: here, and on this installation."""
        is_set_up = self.provider != ModelProvider.RULES and self.is_on and settings.ASSISTANT_MODELS
        return bool(is_set_up and (helper == TRY or helper in self.helpers))

    def cost(self, tokens_in: int, tokens_out: int) -> int:
        """Return the price of a call in millionths of the currency, rounded up."""
        return -(-(tokens_in * self.price_in + tokens_out * self.price_out) // MILLION)

    @classmethod
    @transaction.atomic
    def set(
        cls,
        *,
        by: Member,
        helpers: Collection[str] = (),
        helpers_off: Collection[str] = (),
        key: str | None = None,
        **fields: Any,
    ) -> "AssistantSetup":
        """Save who reads along and what it may read. `key`: None keeps the stored one, blank deletes it.

        Raises Refused for an address that may not be reached, and for a model without a name or limit.
        """
        lock_configuration()
        row = cls.objects.first() or cls()
        address_before = row.base_url if row.pk else ""
        for name, value in fields.items():
            setattr(row, name, value)
        row.helpers = sorted(helpers)
        row.helpers_off = sorted(helpers_off)
        row._check()
        if key is None and row.sealed_key and address_before and row.host != url_host(address_before):
            raise Refused(_("The key belongs to another server. Enter the key of this one, or delete it."))
        if key is not None:
            row.sealed_key = encrypt(key) if key else ""
            row.key_set_at = clock.now() if key else None
        row._save_changed(by, "assistant.set_up")
        return row

    @classmethod
    @transaction.atomic
    def switch(cls, *, on: bool, by: Member) -> None:
        """Switch the model on or off: what is being asked now is discarded. Idempotent."""
        lock_configuration()
        row = cls.objects.first() or cls()
        if row.is_on == on:
            return
        row.is_on = on
        row._save_changed(by, "assistant.switched_on" if on else "assistant.switched_off")

    def _check(self) -> None:
        if self.provider == ModelProvider.RULES:
            return
        if self.provider == ModelProvider.COMPATIBLE and not self.address:
            raise Refused(_("Enter the address of the server."))
        if not self.model:
            raise Refused(_("Enter the name of the model."))
        if self.spend_limit <= 0:
            raise Refused(_("Enter what it may cost a month."))
        try:
            check_url(self.base_url)
        except ForbiddenAddress as why:
            raise Refused(_("This address can’t be used: %(why)s.") % {"why": str(why).rstrip(".")}) from None

    def _save_changed(self, by: Member, kind: str) -> None:
        self.version += 1
        self.save()
        events.record(kind, subject=self, by=by, data={"provider": self.provider})


@cached_per_tenant
def assistant_setup() -> AssistantSetup:
    """Return the setup; built-in rules only before one is saved."""
    return AssistantSetup.objects.first() or AssistantSetup()
