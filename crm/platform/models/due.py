"""Due: scheduled work, a row that says what to do at which time; nothing happens later by any other way."""

from django.db import models


class Due(models.Model):
    """Scheduled work: ids only and no policy, so that one tick sees all tenants; content is read in `use_tenant`."""

    tenant = models.ForeignKey("platform.Tenant", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=48)
    subject_id = models.BigIntegerField()
    # What makes it the same thing to do: scheduling a key again moves its time.
    key = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    # When it may be claimed: due_at at first, moved on by a claim (the lease). Null: parked for a person.
    run_at = models.DateTimeField(null=True)
    # Whether its handler calls others, and so runs outside a transaction in a task of its own (due_io.py).
    is_io = models.BooleanField(default=False, db_default=False)
    # Whom the call is made to, as "channel:7": so many at once (io_claims.py). Blank: nobody in particular.
    peer = models.CharField(max_length=40, blank=True, db_default="")
    # Since when a worker has it; null while it waits. What is claimed and past its lease was a killed worker's.
    claimed_at = models.DateTimeField(null=True)
    # How often it failed, and how often its worker was killed with it since it last ended by itself.
    attempts = models.PositiveSmallIntegerField(default=0)
    interruptions = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=200, blank=True)

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
