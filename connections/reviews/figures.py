"""The average of public reviews, which stands beside the surveys: who writes in public was not asked by us."""

from datetime import datetime

from django.db.models import Avg, Count, Q
from django.utils.translation import ngettext

from connections.models import Review
from connections.models.review import MOST_STARS
from connections.reviews.notices import VIEW
from crm.kernel.formats import one_decimal
from crm.platform.access.permissions import allows
from crm.platform.models import Member


def review_summary(member: Member, since: datetime) -> str:
    """Return the reviews since an instant that a member may see as a sentence; blank without any. One query."""
    if not allows(member, VIEW):
        return ""
    rows = Review.objects.visible_to(member).filter(written_at__gte=since).order_by()
    figures = rows.aggregate(average=Avg("stars"), count=Count("pk"), open=Count("pk", filter=Q(reply_state="")))
    if not figures["count"]:
        return ""
    words = ngettext(
        "In public on Google: %(average)s/%(most)s of %(count)s review, %(open)s not answered",
        "In public on Google: %(average)s/%(most)s of %(count)s reviews, %(open)s not answered",
        figures["count"],
    )
    return words % (figures | {"average": one_decimal(figures["average"]), "most": MOST_STARS})
