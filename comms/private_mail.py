"""Update the sole reader of messages when a mailbox's sharing changes (docs/private-mail.md)."""

from collections import defaultdict
from typing import Any

from django.dispatch import Signal

from comms.models import Channel, Message
from crm.jobs.models import Job

# Messages of a mailbox became, or ceased to be, its owner's alone: `channel`. What hangs off them follows.
readers_changed = Signal()
# Messages of a disconnected mailbox are about to be removed: `ids`. What hangs off them goes first.
messages_removing = Signal()


def follow_sharing(sender: Any, *, channel: Channel, **_more: Any) -> None:
    """Make a mailbox's messages private or visible, according to its sharing."""
    reader_id = channel.sole_reader_id
    if reader_id is None:
        _link_to_leads(channel)
    Message.objects.filter(channel=channel).update(sole_reader_id=reader_id)
    readers_changed.send(Channel, channel=channel)


def _link_to_leads(channel: Channel) -> None:
    """Put messages that were private on the lead that their customer had at that time and still has, if it is one."""
    private = Message.objects.filter(channel=channel, sole_reader__isnull=False, job=None, person__isnull=False)
    leads: dict[int, list[Job]] = defaultdict(list)
    for job in Job.objects.open().filter(person__in=private.order_by().values("person")):
        leads[job.person_id].append(job)
    for person_id, jobs in leads.items():
        if len(jobs) == 1:
            private.filter(person=person_id, at__gte=jobs[0].came_in_at).update(job=jobs[0])
