"""Due: scheduled work, a row that says what to do at which time; nothing happens later by any other way."""

from django.db import models

from crm.platform.database.claims import Claimable


class Due(Claimable):
    """Scheduled work; its content is read in `use_tenant`. `run_at` is `due_at` at first."""

    tenant = models.ForeignKey("platform.Tenant", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=48)
    subject_id = models.BigIntegerField()
    # What makes it the same thing to do: scheduling a key again moves its time.
    key = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    # Whether its handler calls others, and so runs outside a transaction in a task of its own (due_io.py).
    is_io = models.BooleanField(default=False, db_default=False)
    # Whom the call is made to, as "channel:7": so many at once (io_claims.py). Blank: nobody in particular.
    peer = models.CharField(max_length=40, blank=True, db_default="")
    # The id of the request or task that scheduled it, for the log lines of its call. Blank: unknown.
    request = models.CharField(max_length=64, blank=True, db_default="")

    # When it runs again because it was woken while a worker had it (due_io.wake).
    woken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "due"
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="due_key_is_once_in_a_tenant")]
        indexes = [
            # "Is anything due at all", and the fair share of each tenant.
            models.Index(fields=["is_io", "run_at"], name="due_run_at"),
            models.Index(fields=["tenant", "is_io", "run_at", "id"], name="due_tenant"),
            # The calls that are being made.
            models.Index(fields=["run_at"], condition=models.Q(is_io=True, claimed_at__isnull=False), name="due_calls"),
        ]

    def __str__(self) -> str:
        return self.key
