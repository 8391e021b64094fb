"""Webhook: a URL of the organization's own systems, called by rules and for the events that it subscribes to.

Signed as the Standard Webhooks say (standardwebhooks.com): the id, the time and the body, with the webhook's secret.
"""

import base64
import binascii
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.http.public_address import ForbiddenAddress, check_url
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import unused_name
from crm.platform.tenancy.secrets import decrypt, encrypt

MOST = 100
PREFIX = "whsec_"
# Bytes of a secret, as the Standard Webhooks want them.
SHORTEST, LONGEST = 24, 64
# For how long calls are signed with a replaced secret, too.
OVERLAP = timedelta(hours=24)


class Webhook(Archivable):
    """A URL that is called. Its secret is shown once, when it is created."""

    noun = "webhook"

    uid = public_id()
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    # Who is notified, with the admins, if it does not answer.
    owner = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Encrypted; what the calls are signed with, and until when with the secret before.
    sealed_secret = models.TextField(editable=False)
    retired_secret = models.TextField(editable=False, blank=True, db_default="")
    retired_until = models.DateTimeField(null=True, blank=True)
    # Switched off, by a member or because it did not answer for days: nothing is sent until somebody switches it on.
    disabled_at = models.DateTimeField(null=True, blank=True)
    # Why it was switched off by itself; blank: a member did it.
    disabled_why = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="webhook_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=Q(archived_at__isnull=True), name="webhook_name_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.archived_at is None and self.disabled_at is None

    @property
    def is_paused(self) -> bool:
        """True if a member switched it off. What happens meanwhile is kept as not delivered."""
        return self.archived_at is None and self.disabled_at is not None and not self.disabled_why

    @property
    def key(self) -> bytes:
        """The key that signs its calls. Raises InvalidToken if the encryption key is no longer available."""
        return _key_of(self.sealed_secret)

    def keys_at(self, at: datetime) -> list[bytes]:
        """Return the keys that sign a call at a time: the current one, and for a day the one before."""
        keys = [self.key]
        if self.retired_until and at < self.retired_until:
            keys.append(_key_of(self.retired_secret))
        return keys

    @classmethod
    @transaction.atomic
    def add(cls, name: str, url: str, *, by: Member | None, secret: str = "") -> tuple["Webhook", str]:
        """Add a webhook. Returns it with its secret. Raises Refused for a taken name, or a URL that is not https.

        `secret`: to use instead of a new one, "whsec_" and Base64 of 24 to 64 bytes.
        """
        lock_configuration()
        others = list(cls.objects.filter(archived_at__isnull=True))
        if len(others) >= MOST:
            raise Refused(_("You can have at most %(most)s webhooks.") % {"most": MOST})
        webhook = cls(name=unused_name(cls, name, others), url=check_address(url), owner=by)
        secret = webhook._seal(secret)
        webhook.save()
        webhook.refresh_from_db(fields=["uid"])
        webhook._record("webhook.added", by)
        return webhook, secret

    @transaction.atomic
    def edit(self, url: str, *, by: Member | None) -> None:
        """Change the URL. Idempotent. Raises Refused if it is not https."""
        self._lock_with_configuration()
        url = check_address(url)
        if url != self.url:
            self.url = url
            self.save(update_fields=["url"])
            self._record("webhook.edited", by)

    @transaction.atomic
    def renew_secret(self, *, by: Member | None) -> str:
        """Replace the secret, and return the new one. For a day calls are signed with both."""
        self._lock_with_configuration()
        self.retired_secret = self.sealed_secret
        self.retired_until = clock.now() + OVERLAP
        secret = self._seal()
        self.save(update_fields=["sealed_secret", "retired_secret", "retired_until"])
        self._record("webhook.secret_renewed", by)
        return secret

    @transaction.atomic
    def restore(self, *, by: Any) -> None:
        """Restore the webhook. Raises Refused if its name is in use."""
        lock_configuration()
        unused_name(Webhook, self.name, Webhook.objects.filter(archived_at__isnull=True).exclude(pk=self.pk))
        super().restore(by=by)

    @transaction.atomic
    def disable(self, why: str, *, by: Member | None) -> None:
        """Switch it off by itself, for this reason. Idempotent."""
        self._lock_with_configuration()
        if self.disabled_at is None:
            self._set_disabled(why)
            events.record("webhook.disabled", subject=self, by=by, data={"webhook": self.pk, "reason": why[:200]})

    @transaction.atomic
    def switch_off(self, *, by: Member) -> None:
        """Switch it off for a member. What waits and what happens meanwhile is kept as not delivered. Idempotent."""
        self._lock_with_configuration()
        if self.disabled_at is None:
            self._set_disabled("")
            self._record("webhook.switched_off", by)

    def _set_disabled(self, why: str) -> None:
        self.disabled_at = clock.now()
        self.disabled_why = why[:200]
        self.save(update_fields=["disabled_at", "disabled_why"])

    @transaction.atomic
    def enable(self, *, by: Member | None) -> None:
        """Switch it on again. What failed is not sent by that. Idempotent."""
        self._lock_with_configuration()
        if self.disabled_at is not None:
            self.disabled_at = None
            self.disabled_why = ""
            self.save(update_fields=["disabled_at", "disabled_why"])
            self._record("webhook.enabled", by)

    def _seal(self, secret: str = "") -> str:
        if secret:
            _check_secret(secret)
        else:
            secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
        self.sealed_secret = encrypt(secret)
        return secret


def check_address(url: str) -> str:
    """Return a URL without spaces around it. Raises Refused if it is no URL of the web, or not of a public host."""
    url = url.strip()
    if not url.startswith(("https://", "http://")) or len(url) > 500 or not url.isascii() or " " in url:
        raise Refused(_("The address must begin with https:// and contain no spaces."))
    try:
        check_url(url)
    except ForbiddenAddress as error:
        raise Refused(_("This address can’t be called. %(reason)s.") % {"reason": error}) from error
    return url


def _check_secret(secret: str) -> None:
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except binascii.Error:
        size = 0
    if not secret.startswith(PREFIX) or not SHORTEST <= size <= LONGEST:
        raise Refused(_("A secret is “whsec_” followed by 24 to 64 bytes in Base64."))


def _key_of(sealed: str) -> bytes:
    return base64.b64decode(decrypt(sealed).removeprefix(PREFIX))


@cached_per_tenant
def webhooks() -> dict[int, Webhook]:
    """Return all webhooks by id, ordered by name, including archived ones."""
    return {webhook.pk: webhook for webhook in Webhook.objects.all()}
