"""Tagged: a model whose rows have tags. The ids are stored on the row, so that lists need no join."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.jobs.models.tag import Tag, tags
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, Versioned

# More are no mark any more.
MOST_ON_A_ROW = 20


class Tagged(Versioned):
    """A row with tags. Tags are never deleted, so an id is always valid (crm/jobs/models/tag.py)."""

    tag_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        db_default=models.Value([], ArrayField(models.BigIntegerField())),
    )

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def tags(self) -> list[Tag]:
        """Its tags, by name."""
        return tags().of(self.tag_ids)

    @transaction.atomic
    def tag(self, add: Iterable[Tag] = (), take: Iterable[Tag] = (), *, by: Member | None, cause: str = "") -> None:
        """Add and remove tags. Idempotent. Raises Refused for more than 20 tags."""
        row: Any = self
        row.lock()
        setup = tags()
        has = setup.roots(self.tag_ids)
        added = [one.pk for one in add if setup.root(one.pk) not in has]
        taken = [one.pk for one in take if setup.root(one.pk) in has]
        if not added and not taken:
            return
        gone = {pk for one in taken for pk in setup.meaning(one)}
        self.tag_ids = [*(pk for pk in self.tag_ids if pk not in gone), *dict.fromkeys(added)]
        if len(self.tag_ids) > MOST_ON_A_ROW and added:
            raise Refused(_("No more than 20 tags."))
        self.save(update_fields=["tag_ids"])
        data = {"added": added, "taken": taken} | ({"cause": cause} if cause else {})
        events.record(f"{self._meta.model_name}.tagged", subject=self, by=by, data=data, job_id=row.event_job_id)
