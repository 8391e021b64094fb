"""A review with few stars: a notice at once, and a call to the customer if it is known whose it is.

The same happens for every such review, answered or not; what is said to the customer, or offered, is not decided here.
"""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from connections.models import Review
from connections.reviews.notices import LOW
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member
from crm.web.notices.notify import notify
from followups.models import FollowUp, FollowUpKind

# At most so many stars are few, unless the connection says otherwise; 0 switches it off.
FEW = 3
SOON = timedelta(hours=4)
CAUSE = "review"
# Older ones are read when a system is connected: they are history.
RECENT = timedelta(days=14)


def few_stars(review: Review) -> int:
    """Return up to how many stars a review of this connection is followed up."""
    return int(review.connection.options.get("few_stars", FEW))


def follow_up_low(review: Review, *, former_stars: int | None) -> None:
    """Follow up a recent review with few stars; one that had few before is not followed up again."""
    few = few_stars(review)
    if review.stars > few or (former_stars is not None and former_stars <= few):
        return
    if review.changed_at < clock.now() - RECENT:
        return
    _tell(review)
    plan_call(review, by=None)


def plan_call(review: Review, *, by: Member | None) -> None:
    """Plan a call about a review with few stars to the customer of its lead; none without a lead. Once a lead."""
    job = review.job
    if job is None or review.stars > few_stars(review) or review.changed_at < clock.now() - RECENT:
        return
    if FollowUp.objects.filter(origin=_origin(review)).exists():
        return
    about: dict[str, Any] = {"job": job}
    if not job.is_open:
        about = {"person_id": job.person_id}
        if job.person_id is None:
            return
    FollowUp.plan(
        kind=FollowUpKind.CALL,
        subject=_("Call about their review of %(stars)s of 5 stars") % {"stars": review.stars},
        due_at=clock.now() + SOON,
        by=by,
        assignee=_responsible(review, job),
        cause=CAUSE,
        origin=_origin(review),
        **about,
    )


def _tell(review: Review) -> None:
    """Notify whose lead it is, and who looks after the connection."""
    to = [review.connection.owner_id]
    if review.job:
        to = [_responsible(review, review.job).pk, *to]
    key = f"review:{review.pk}:{int(review.changed_at.timestamp())}"
    notify(LOW, to, key=key, about=review, data={"stars": review.stars})


def _responsible(review: Review, job: Job) -> Member:
    """Return who calls: whose lead it is, or who looks after the connection."""
    if job.member and job.member.active:
        return job.member
    owner: Member = review.connection.owner
    return owner


def _origin(review: Review) -> str:
    return f"review:{review.pk}"
