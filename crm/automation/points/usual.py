"""Points that many organizations begin with (S3, L13): how long it stands, whose move it is, worth, insurance."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.automation.models import PriorityPoint


class UsualPoint(NamedTuple):
    """A point that is offered; its words and number can be changed once it is made."""

    key: str
    words: str | Promise
    where: str
    points: int


USUAL = (
    UsualPoint("late", _("late"), "where=level:is:over", 2),
    UsualPoint("waiting", _("the customer waits for our reply"), "waiting=1", 2),
    UsualPoint("untouched", _("nobody has been in touch"), "untouched=1", 2),
    UsualPoint("value", _("value over 20,000"), "where=value:min:20000", 2),
    UsualPoint("claim", _("insurance job"), "claim=1", 3),
    UsualPoint("old", _("no contact for two weeks"), "where=touched:older:14", 1),
)


def offered_points() -> list[UsualPoint]:
    """Return those that nobody has made yet, by their conditions."""
    taken = set(PriorityPoint.objects.values_list("where", flat=True))
    return [one for one in USUAL if one.where not in taken]
