"""ProviderAccount: a brand's account at a payment provider, with its encrypted keys."""

import json
import secrets

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Brand, Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from crm.platform.tenancy.secrets import decrypt, encrypt


class ProviderKind(models.TextChoices):
    STRIPE = "stripe", "Stripe"
    MOLLIE = "mollie", "Mollie"
    DEMO = "demo", gettext_lazy("Built-in payment page (demo)")


def new_key() -> str:
    """Generate the random part of the address of an account's webhooks."""
    return secrets.token_hex(12)


class ProviderAccount(TenantModel):
    """An account at a provider. One that was disconnected stays, as payments were made with it."""

    Kind = ProviderKind

    uid = public_id()
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    provider = models.CharField(max_length=8, choices=ProviderKind)
    # Encrypted JSON; blank once it is disconnected.
    sealed = models.TextField(blank=True)
    # Part of the address of its webhooks.
    key = models.CharField(max_length=32, default=new_key, editable=False)
    connected_at = models.DateTimeField(default=clock.now)
    disconnected_at = models.DateTimeField(null=True, blank=True)
    # Why the provider refused the last call, in its words; blank if it did not.
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="provider_account_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "brand", "provider"],
                condition=Q(disconnected_at__isnull=True),
                name="brand_has_one_account_at_a_provider",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} of brand {self.brand_id}"

    @property
    def secrets(self) -> dict[str, str]:
        """Its keys; none once it is disconnected. Raises InvalidToken if the encryption key is gone."""
        if not self.sealed:
            return {}
        values: dict[str, str] = json.loads(decrypt(self.sealed))
        return values

    @classmethod
    @transaction.atomic
    def connect(cls, brand: Brand, provider: str, values: dict[str, str], *, by: Member | None) -> "ProviderAccount":
        """Connect a brand, or replace the keys of its account. The address of its webhooks stays."""
        row, _is_new = cls.objects.update_or_create(
            brand=brand,
            provider=ProviderKind(provider),
            disconnected_at=None,
            defaults={"sealed": encrypt(json.dumps(values)), "problem": ""},
        )
        row.refresh_from_db(fields=["uid"])
        events.record("provider_account.connected", subject=row, by=by, data={"provider": provider})
        account: ProviderAccount = row
        return account

    @transaction.atomic
    def disconnect(self, *, by: Member) -> None:
        """Forget its keys. What was paid stays; what is being paid is no longer received. Idempotent."""
        self.lock()
        if self.disconnected_at:
            return
        self.disconnected_at = clock.now()
        self.sealed = ""
        self.problem = ""
        self.save(update_fields=["disconnected_at", "sealed", "problem"])
        events.record("provider_account.disconnected", subject=self, by=by, data={"provider": self.provider})

    def note_problem(self, words: str) -> None:
        """Note why its provider refused a call; blank: it works."""
        words = words[:300]
        if self.problem != words:
            self.problem = words
            self.save(update_fields=["problem"])

    @property
    def label(self) -> str:
        return str(ProviderKind(self.provider).label)

    @property
    def state_words(self) -> str:
        """Whether it works, for its brand's line in the settings."""
        return self.problem or _("Connected")
