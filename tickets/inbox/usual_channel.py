"""The most used channel of a regular customer, used for replies if the tenant enables it."""

from collections import Counter

from comms.models import Direction, Medium, Message
from tickets.models import Ticket
from tickets.models.policy import life_policy

# Of so many of their last messages; fewer than the least say nothing.
MOST = 50
LEAST = 3
CHANNELS = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)


def usual_channel(ticket: Ticket) -> str:
    """Return the medium a regular customer mostly uses; "" without messages on another ticket."""
    if ticket.person_id is None or not life_policy().usual_channel:
        return ""
    if not Ticket.objects.filter(person_id=ticket.person_id).exclude(pk=ticket.pk).exists():
        return ""
    theirs = Message.objects.filter(
        person_id=ticket.person_id, direction=Direction.IN, automatic="", medium__in=CHANNELS
    )
    media = list(theirs.order_by("-at", "-pk").values_list("medium", flat=True)[:MOST])
    if len(media) < LEAST:
        return ""
    medium, count = Counter(media).most_common(1)[0]
    if 2 * count > len(media):
        return medium
    return ""
