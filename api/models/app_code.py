"""AppCode: what an app gets when a member agrees, and exchanges for tokens within a minute, once."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from api.models.api_app import LONGEST_REDIRECT, ApiApp
from api.models.api_token import ApiToken
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantModel

LIFETIME = timedelta(minutes=1)
# A code that comes a second time is known so long as one that was used.
KEPT = timedelta(days=1)


class AppCode(TenantModel):
    """An authorization code. Only its hash is stored."""

    app = TenantForeignKey(ApiApp, models.CASCADE, related_name="+")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    redirect_uri = models.CharField(max_length=LONGEST_REDIRECT)
    scopes = ArrayField(models.CharField(max_length=40))
    # The code challenge (RFC 7636): the hash of a secret that only the app knows which asked.
    challenge = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=clock.now)
    # What it was exchanged for.
    token = TenantForeignKey(ApiToken, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="app_code_is_unique")]
        indexes = [models.Index(fields=["tenant", "created_at"], name="app_code_by_age")]

    def __str__(self) -> str:
        return f"code of {self.app_id}"

    @property
    def is_expired(self) -> bool:
        return self.created_at <= clock.now() - LIFETIME

    @classmethod
    def forget_old(cls) -> None:
        """Delete codes that have long expired."""
        cls.objects.filter(created_at__lte=clock.now() - KEPT).delete()
