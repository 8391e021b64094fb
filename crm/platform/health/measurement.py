"""Heartbeat, PageTime and Backup: measurements of the installation. No tenant data, so no row-level security."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Heartbeat(models.Model):
    """The heartbeats of one part in one minute, and the longest queue delay."""

    # "tick", "sweep", "live", "worker:celery", "wait:here" …
    part = models.CharField(max_length=48)
    minute = models.DateTimeField()
    # The last sign of the minute, how many there were, and the longest wait in milliseconds.
    at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    worst = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "minute"], name="heartbeat_is_once_a_minute")]
        indexes = [models.Index(fields=["minute"], name="heartbeat_minute")]

    def __str__(self) -> str:
        return f"{self.part} {self.minute:%H:%M}"


class PageTime(models.Model):
    """How often a page took how long in one hour: counts by the steps of crm/platform/health/page_times.py."""

    route = models.CharField(max_length=200)
    hour = models.DateTimeField()
    counts = ArrayField(models.PositiveIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["route", "hour"], name="page_time_is_once_an_hour")]

    def __str__(self) -> str:
        return self.route


class Backup(models.Model):
    """A backup, or a trial restore of one, as the command that made it noted it; or as an operator said."""

    class Kind(models.TextChoices):
        BACKUP = "backup"
        RESTORE = "restore"

    kind = models.CharField(max_length=7, choices=Kind)
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)
    # Of the file; 0 where nobody said.
    size = models.PositiveBigIntegerField(default=0)
    # Where it lies, or which it was; no address and no password.
    note = models.CharField(max_length=200, blank=True)
    # Blank: it was made whole.
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-at"], name="backup_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
