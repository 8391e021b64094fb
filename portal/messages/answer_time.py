"""Usual response time of a member: median of their first replies of a month, if there are enough."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count, DurationField, ExpressionWrapper, F
from django.db.models.functions import Extract
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import clock
from crm.people.identity.first_name import first_name
from crm.platform.models import Member
from crm.platform.tenancy.context import required_tenant_id
from tickets.figures.figures import Percentile
from tickets.models import Ticket

# Fewer say nothing; slower is nothing to promise.
FEWEST = 5
MONTH = timedelta(days=30)
SLOWEST = 24 * 3600
_KEPT = 3600


def usual_answer(member: Member) -> str:
    """Return "Dana usually answers in 20 minutes", computed from replies; "" with too few. Cached for an hour."""
    key = f"portal.answer:{required_tenant_id()}:{member.pk}"
    seconds = cache.get(key)
    if seconds is None:
        seconds = _median_seconds(member)
        cache.set(key, seconds, _KEPT)
    if 0 < seconds <= SLOWEST:
        return in_words(first_name(member.name) or member.name, seconds)
    return ""


def _median_seconds(member: Member) -> int:
    took = ExpressionWrapper(F("first_reply_at") - F("asked_at"), output_field=DurationField())
    lately = Ticket.objects.filter(member=member, first_reply_at__gte=clock.now() - MONTH, asked_at__isnull=False)
    answers = lately.order_by().aggregate(count=Count("pk"), median=Percentile(Extract(took, "epoch"), at=0.5))
    if answers["count"] >= FEWEST:
        return int(answers["median"])
    return 0


def in_words(name: str, seconds: int) -> str:
    """Return a duration in words: in steps of 5 minutes below an hour, then in whole hours."""
    if seconds < 55 * 60:
        minutes = max(5 * -(-seconds // 300), 5)
        words = ngettext(
            "%(name)s usually answers in %(count)s minute", "%(name)s usually answers in %(count)s minutes", minutes
        )
        return words % {"name": name, "count": minutes}
    hours = max(round(seconds / 3600), 1)
    if hours == 1:
        return _("%(name)s usually answers in an hour") % {"name": name}
    return _("%(name)s usually answers in %(count)s hours") % {"name": name, "count": hours}
