"""StoredAnswer: the answer to a write that was sent with an Idempotency-Key, to be given again."""

from datetime import timedelta

from django.db import models

from api.models.api_token import ApiToken
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel

# How long a key is known.
KEPT = timedelta(hours=24)
LONGEST_KEY = 255


class StoredAnswer(TenantModel):
    """An answer by token and key, written in the transaction of the write: neither is there without the other."""

    token = TenantForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    # SHA-256 of method, address and body.
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "token", "key"], name="api_answer_is_stored_once_a_key")
        ]
        indexes = [models.Index(fields=["tenant", "created_at"], name="api_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.status} of {self.key}"

    @classmethod
    def find_known(cls, token_id: int, key: str) -> "StoredAnswer | None":
        """Return the answer of a key of a token; None if there is none, or it is too old."""
        answer: StoredAnswer | None = cls.objects.filter(token_id=token_id, key=key).first()
        if answer and answer.created_at <= clock.now() - KEPT:
            answer.delete()
            return None
        return answer

    @classmethod
    def forget_old(cls) -> int:
        """Delete the answers whose keys are no longer known. Returns how many."""
        gone, _rows = cls.objects.filter(created_at__lte=clock.now() - KEPT).delete()
        return gone
