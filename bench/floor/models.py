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


class Message(models.Model):
    """Only what a thread shows."""

    uid = models.UUIDField()
    medium = models.CharField(max_length=8)
    direction = models.CharField(max_length=3)
    address = models.CharField(max_length=254)
    address_name = models.CharField(max_length=200)
    subject = models.CharField(max_length=998)
    text = models.TextField()
    folded_text = models.TextField()
    state = models.CharField(max_length=9)
    delivery = models.CharField(max_length=10)

    objects: ClassVar[models.Manager["Message"]] = models.Manager()

    class Meta:
        managed = False
        db_table = "comms_message"

    def __str__(self) -> str:
        return self.subject


class Entry(models.Model):
    """Where a message stands."""

    ticket_id = models.BigIntegerField()
    tenant_id = models.BigIntegerField()
    uid = models.UUIDField()
    at = models.DateTimeField()
    message = models.ForeignKey(Message, models.CASCADE)

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()

    class Meta:
        managed = False
        db_table = "tickets_entry"

    def __str__(self) -> str:
        return str(self.uid)
