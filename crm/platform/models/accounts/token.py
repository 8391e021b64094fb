"""Token: the hash of a secret link; the secret itself is only in the mail."""

import hashlib
import secrets
from datetime import timedelta

from django.db import models

from crm.kernel import clock
from crm.platform.tenancy.context import required_tenant_id

# How long a link that is over can still say why.
REMEMBERED = timedelta(days=60)


class Token(models.Model):
    """A link's purpose, row and tenant. Global: a link is followed before any tenant is known."""

    digest = models.CharField(max_length=64, unique=True)
    tenant = models.ForeignKey("platform.Tenant", models.CASCADE, related_name="+", db_index=False)
    purpose = models.CharField(max_length=24)
    # The row it opens, of the kind its purpose says.
    subject_id = models.BigIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "purpose", "subject_id"], name="token_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_id}"

    @classmethod
    def issue(cls, purpose: str, subject_id: int, lifetime: timedelta) -> str:
        """Create a new secret for a row of the tenant in use; earlier ones stop working."""
        tenant_id = required_tenant_id()
        secret = secrets.token_urlsafe(32)
        cls.objects.filter(tenant_id=tenant_id, purpose=purpose, subject_id=subject_id).delete()
        cls.objects.create(
            digest=secret_digest(secret),
            tenant_id=tenant_id,
            purpose=purpose,
            subject_id=subject_id,
            expires_at=clock.now() + lifetime,
        )
        return secret

    @classmethod
    def find(cls, purpose: str, secret: str) -> "Token | None":
        """Return the token of a secret; also one that has expired."""
        return cls.objects.filter(digest=secret_digest(secret), purpose=purpose).first()

    @classmethod
    def forget_expired(cls) -> int:
        """Delete tokens that expired long ago; return how many."""
        gone, _rows = cls.objects.filter(expires_at__lt=clock.now() - REMEMBERED).delete()
        return gone


def secret_digest(secret: str) -> str:
    """Return the hash stored for a secret. The secret is 256 random bits, so a plain hash cannot be reversed."""
    return hashlib.sha256(secret.encode()).hexdigest()
