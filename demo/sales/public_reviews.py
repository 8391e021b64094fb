"""Create the demo's Google reviews, read before the connection was switched off: it has no account at Google."""

from datetime import datetime, timedelta
from typing import NamedTuple

from connections.models import Connection, FieldRule
from connections.reviews.features import SYSTEM
from connections.reviews.google_reviews import RemoteReview, ReviewLocation
from connections.reviews.review_sync import store_review
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from leads.models import Lead


class DemoReview(NamedTuple):
    """A review: days ago, stars, author (blank: a customer who bought), words, and our reply."""

    days: int
    stars: int
    author: str
    words: str
    reply: str = ""


REVIEWS = {
    "en": (
        DemoReview(41, 5, "", "On time, tidy, and the price was the price. Would call them again.", "Thank you!"),
        DemoReview(26, 4, "Gloria Venn", "Good work. The start moved by two days because of rain."),
        DemoReview(12, 5, "T. Okafor", ""),
        DemoReview(2, 2, "Dale R.", "The roof is fine, but nobody called me back about the gutter for a week."),
    ),
    "nl": (
        DemoReview(38, 5, "", "Netjes gewerkt en duidelijk uitgelegd.", "Dank u wel!"),
        DemoReview(15, 4, "Hanneke Vos", "Goede laadpaal. De planning liep een dag uit."),
        DemoReview(3, 2, "R. Mulder", "De paal werkt, maar ik moest drie keer bellen voor een afspraak."),
    ),
}


def create_reviews(now: datetime) -> None:
    """Connect Google reviews, store them as they are read, and switch the connection off."""
    tenant = directory().tenant
    admin = Member.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    location = ReviewLocation("accounts/1/locations/1", directory().default_brand.name)
    with clock.at(now - timedelta(days=45)):
        options = {"locations": [{"name": location.name, "title": location.title}]}
        row = Connection.connect(SYSTEM.name, str(SYSTEM.label), owner=admin, by=admin, options=options)
        FieldRule.set_all(row, SYSTEM.rules, by=admin)
    for place, review in enumerate(REVIEWS.get(tenant.language, REVIEWS["en"])):
        at = now - timedelta(days=review.days)
        with clock.at(at):
            store_review(row, location, _remote(location, place, review, at))
    with clock.at(now - timedelta(hours=5)):
        row.record_success(clock.now(), sent=0, received=1, is_done=True)
        row.switch_off(by=admin)


def _remote(location: ReviewLocation, place: int, review: DemoReview, at: datetime) -> RemoteReview:
    return RemoteReview(
        name=f"{location.name}/reviews/{place}",
        author=review.author or _buyer(at),
        stars=review.stars,
        words=review.words,
        written_at=at,
        changed_at=at,
        reply=review.reply,
        replied_at=at + timedelta(hours=3),
    )


def _buyer(at: datetime) -> str:
    """Return the name of a customer who bought before an instant."""
    leads = Lead.objects.filter(won_at__lt=at, job__person__isnull=False).select_related("job__person")
    lead = leads.order_by("-won_at", "-pk").first()
    return str(lead.job.person.name) if lead else "Sam Reyes"
