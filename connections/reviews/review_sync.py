"""A round of reviews: publish the replies that wait, then read what is new or changed at each location.

Once a day all reviews of a location are read, and those that are gone there are deleted here.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from connections.models import Connection, Review, SyncItem
from connections.models.review import REPLY, ReplyState
from connections.reviews.follow_up import follow_up_low
from connections.reviews.google_reviews import (
    MOST_PAGES,
    PAGE_SIZE,
    GoogleReviews,
    RemoteReview,
    ReviewLocation,
    UnreadableReview,
)
from connections.reviews.review_match import find_job
from connections.sync.sync_round import SyncRound
from connections.system_kinds import ItemRefused
from crm.kernel import clock
from crm.kernel.normalization import clean_text
from crm.platform.events import events

REVIEW = "review"


def synchronize(one: SyncRound) -> None:
    """Publish what waits, and read what is new."""
    with one.tenant():
        client = GoogleReviews(one.connection, one.store_secrets)
    account, locations = client.list_locations()
    one.store_account(account)
    _store_locations(one, locations)
    _publish_replies(one, client)
    with one.tenant():
        # What a person had read again is read now, or is a dead letter again.
        SyncItem.objects.waiting().filter(connection=one.connection, subject_id=None).delete()
    left_out = set(one.connection.options.get("left_out", []))
    for location in locations:
        if location.name in left_out:
            continue
        if one.is_over:
            one.is_done = False
            return
        _read_location(one, client, location)


def _store_locations(one: SyncRound, locations: Iterable[ReviewLocation]) -> None:
    rows = [{"name": row.name, "title": row.title} for row in locations]
    if one.connection.options.get("locations") == rows:
        return
    with one.tenant():
        row = Connection.objects.select_for_update(of=("self",)).filter(pk=one.connection.pk).first()
        if row:
            row.options = row.options | {"locations": rows}
            row.save(update_fields=["options"])
            one.connection.options = row.options


def _publish_replies(one: SyncRound, client: GoogleReviews) -> None:
    for item in one.waiting_items():
        with one.tenant():
            review = Review.objects.filter(pk=item.subject_id, connection=one.connection).first()
        if review is None or item.noun != REPLY or not review.reply:
            one.finish_item(item)
            continue
        try:
            client.write_reply(review.remote_name, review.reply)
        except ItemRefused as why:
            one.refuse_item(item, str(why), label=review.location)
            _set_reply_state(one, review, ReplyState.REFUSED)
        else:
            one.finish_item(item)
            _set_reply_state(one, review, ReplyState.SENT)


def _set_reply_state(one: SyncRound, review: Review, state: str) -> None:
    """Record the result of a reply, unless another one was written meanwhile."""
    with one.tenant():
        Review.objects.filter(pk=review.pk, reply=review.reply).update(reply_state=state)


def _read_location(one: SyncRound, client: GoogleReviews, location: ReviewLocation) -> None:
    """Read a location up to what is known of it, or all of it once a day."""
    with one.tenant():
        today = clock.now().date()
    cursor = dict(one.connection.cursor)
    marks = dict(cursor.get("since") or {})
    mark = marks.get(location.name, {})
    is_whole = mark.get("whole") != today.isoformat()
    since = datetime.fromisoformat(mark["at"]) if mark else None
    newest = since
    names: set[str] = set()
    for review in client.read_reviews(location.name):
        if isinstance(review, UnreadableReview):
            one.park(REVIEW, review.name or location.name, _("Google’s answer lacks its rating or its times."))
            names.add(review.name)
            continue
        if not is_whole and since and review.changed_at <= since:
            break
        newest = max(newest or review.changed_at, review.changed_at)
        names.add(review.name)
        with one.tenant():
            one.received += store_review(one.connection, location, review)
    if is_whole and len(names) < MOST_PAGES * PAGE_SIZE:
        _delete_gone(one, location, names)
    if newest:
        marks[location.name] = _build_mark(newest, today if is_whole else None, mark)
        one.store_cursor(cursor | {"since": marks})


def _build_mark(newest: datetime, whole: date | None, former: dict[str, Any]) -> dict[str, str]:
    day = whole.isoformat() if whole else former.get("whole", "")
    return {"at": newest.isoformat(), "whole": day}


def _delete_gone(one: SyncRound, location: ReviewLocation, names: set[str]) -> None:
    """Delete the reviews of a location that Google does not list any more."""
    with one.tenant():
        stored = Review.objects.filter(connection=one.connection, remote_name__startswith=f"{location.name}/")
        gone = [pk for pk, name in stored.values_list("pk", "remote_name") if name not in names]
        Review.objects.filter(pk__in=gone).delete()


@transaction.atomic
def store_review(connection: Connection, location: ReviewLocation, remote: RemoteReview) -> bool:
    """Store a review that is new or changed; return True if it was. Idempotent."""
    rows = Review.objects.select_for_update(of=("self",)).filter(connection=connection, remote_name=remote.name)
    review: Review | None = rows.first()
    if review is None:
        review = Review(connection=connection, remote_name=remote.name, written_at=remote.written_at)
    elif review.changed_at == remote.changed_at and not _has_other_reply(review, remote):
        return False
    former_stars = None
    if review.pk:
        former_stars = review.stars
    review.stars = remote.stars
    review.changed_at = remote.changed_at
    review.location = location.title[:120]
    if not review.is_erased:
        review.author = " ".join(clean_text(remote.author).split())[:120]
        review.words = clean_text(remote.words)
        review.note_reply(remote.reply, remote.replied_at)
    is_new = review.pk is None
    if is_new:
        review.job = find_job(review)
    review.save()
    review.refresh_from_db(fields=["uid"])
    data = {"stars": review.stars}
    if is_new:
        events.record("review.received", subject=review, by=None, data=data, job_id=review.job_id)
    elif former_stars != review.stars:
        events.record("review.changed", subject=review, by=None, data=data, job_id=review.job_id)
    follow_up_low(review, former_stars=former_stars)
    return True


def _has_other_reply(review: Review, remote: RemoteReview) -> bool:
    return review.reply_state in (ReplyState.NONE, ReplyState.SENT) and review.reply != remote.reply
