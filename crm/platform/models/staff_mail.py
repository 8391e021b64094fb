"""StaffMail: the outbox of mail to users (password resets, notices); sent by the worker."""

from django.conf import settings
from django.db import models

from crm.kernel import clock


class StaffMail(models.Model):
    """A mail to a user, for one tenant or none. Global; the body is blanked once it is sent."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        # The worker died between the call and its answer: sending again could double it.
        UNKNOWN = "unknown"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    # The tenant it is sent for, which must not be suspended; null for the user's own mail, such as a reset.
    tenant = models.ForeignKey("platform.Tenant", models.CASCADE, null=True, related_name="+", db_index=False)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # The same as HTML, for mail that has more than words; blank: plain text alone.
    html = models.TextField(blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField(default=clock.now, null=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "staff mail"
        indexes = [models.Index(fields=["run_at"], name="staff_mail_run_at")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
