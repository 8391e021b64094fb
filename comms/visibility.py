"""Visibility of messages to members. Every page, file and search uses it through `Message.objects.visible_to`.

Row-level security separates tenants, not roles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q

from crm.jobs.models import Job
from crm.jobs.models.visibility import limited_to
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member


@dataclass(frozen=True)
class MessageGrant(Feature):
    """Further messages a member may see, granted by records of an app above.

    `condition`: on a message, of which it asks by OuterRef.
    """

    condition: Callable[[Member], Any]

    def __str__(self) -> str:
        return f"MessageGrant {self.condition.__name__!r}"


def visible_condition(member: Member) -> Q:
    """Return the condition: messages on visible jobs, of unassigned people, of the member, and granted ones.

    What one member alone may read (`Message.sole_reader`) nobody else sees, whatever their role; of another colleague's
    mailbox they see what its sharing says (comms/message_sharing.py).
    """
    condition = Q(sole_reader__isnull=True) | Q(sole_reader=member)
    if limited_to(member) is None:
        return condition
    jobs = Job.objects.visible_to(member).order_by()
    theirs = Job.objects.filter(person_id=OuterRef("person_id")).order_by()
    free = Q(job__isnull=True) & (Exists(theirs.visible_to(member)) | ~Exists(theirs))
    mine = Exists(jobs.filter(pk=OuterRef("job_id"))) | Q(author=member) | free
    return condition & reduce(or_, (Q(grant.condition(member)) for grant in features.of(MessageGrant)), mine)
