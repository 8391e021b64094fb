"""Person: a human with any number of contact points."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.people.models.company import Company
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id

# The model's name, which pages show; as a verbose_name it would be in the migrations.
gettext_noop("person")


class PersonQuerySet(TenantQuerySet["Person"]):
    def distinct_ones(self) -> "PersonQuerySet":
        """Exclude records merged into another person."""
        return self.filter(merged_into__isnull=True)


class Person(TenantModel):
    """A customer, or somebody involved in a job."""

    uid = public_id()
    name = models.CharField(max_length=200)
    # For sorting and search: case folded, without accents.
    name_key = models.CharField(max_length=200, editable=False)
    company = TenantForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # Came in by a message, and nobody has said yet who it is: a new customer, or one we have (crm/people/senders.py).
    unconfirmed_since = models.DateTimeField(null=True, blank=True, editable=False)
    # Values of the tenant's own fields (crm/jobs/fields), by key.
    own_fields = models.JSONField(default=dict, blank=True, db_default={})
    # When all that says who they were was blanked (crm/people/erasure.py).
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The same human on record (crm/people/merging/merge.py); this row stays, as what the merge can be taken back to.
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(PersonQuerySet)()

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="person_uid_is_unique")]
        indexes = [
            models.Index(fields=["tenant", "name_key"], name="person_name_key"),
            GinIndex(fields=["tenant", "name_key"], opclasses=["int8_ops", "gin_trgm_ops"], name="person_name_trgm"),
            models.Index(fields=["tenant", "id"], condition=~Q(own_fields={}), name="person_with_own_fields"),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def confirm(self, *, by: Member) -> None:
        """Confirm that an unconfirmed sender is a separate customer. Idempotent."""
        self.lock()
        if self.unconfirmed_since is not None:
            self.unconfirmed_since = None
            self.save(update_fields=["unconfirmed_since"])
            events.record("person.confirmed", subject=self, by=by)

    @transaction.atomic
    def choose_language(self, language: str, *, by: Member | None) -> None:
        """Set the language for messages to the person, and for conversations with them. Idempotent."""
        self.lock()
        if self.language != language:
            self.language = language
            self.save(update_fields=["language"])
            events.record("person.language_chosen", subject=self, by=by, data={"language": language})

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = name_key(self.name)[:200]
        super().save(*args, **kwargs)
