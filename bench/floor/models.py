"""The jobs' table as a script would map it."""

from typing import ClassVar

from django.db import models


class Job(models.Model):
    """Only what the fifty rows show."""

    tenant_id = models.BigIntegerField()
    number = models.BigIntegerField()
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=120)
    priority = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8)
    value = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    level = models.SmallIntegerField()
    sort_at = models.DateTimeField()
    came_in_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    next_step_label = models.CharField(max_length=120)

    objects: ClassVar[models.Manager["Job"]] = models.Manager()

    class Meta:
        managed = False
        db_table = "jobs_job"

    def __str__(self) -> str:
        return self.title
