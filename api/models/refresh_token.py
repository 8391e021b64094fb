"""RefreshToken: a secret by which an app gets its next access token. Each is good once, and brings the next one."""

from datetime import timedelta

from django.db import models

from api.models.api_token import ApiToken
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel

# An app that was not used so long asks the member again.
LIFETIME = timedelta(days=90)


class RefreshToken(TenantModel):
    """A refresh token of a connection. Only its hash is stored; a used one is kept, so that it is known when it is
    used again.
    """

    token = TenantForeignKey(ApiToken, models.CASCADE, related_name="refresh_tokens")
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="refresh_token_is_unique")]
        indexes = [models.Index(fields=["tenant", "created_at"], name="refresh_token_by_age")]

    def __str__(self) -> str:
        return f"refresh token of {self.token_id}"

    @property
    def is_expired(self) -> bool:
        return self.created_at <= clock.now() - LIFETIME

    @classmethod
    def forget_old(cls) -> None:
        """Delete those that have expired."""
        cls.objects.filter(created_at__lte=clock.now() - LIFETIME).delete()
