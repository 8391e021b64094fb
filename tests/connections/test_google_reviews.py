"""Google reviews: read, matched, followed up, answered; and what the other side can do wrong."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from connections.beginning import begin_connection
from connections.models import Connection, Review, SyncItem
from connections.reviews.features import SYSTEM
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.erasure import erase
from crm.web.models import Notice
from followups.models import FollowUp
from leads.models import Lead
from tests.cast import House
from tests.connections.books_peer import Trouble, running
from tests.connections.conftest import Sync, syncing
from tests.connections.google_reviews_server import LOCATION, GoogleBusiness
from tests.followups.conftest import Browser
from tests.queries import data_queries

pytestmark = pytest.mark.django_db
PAGE = "reports/reviews/"


@pytest.fixture
def google(settings: Any) -> Iterator[GoogleBusiness]:
    with running(GoogleBusiness()) as peer:
        settings.PRIVATE_HOSTS = ["127.0.0.1"]
        settings.GOOGLE_CLIENT_ID = "throughline"
        settings.GOOGLE_CLIENT_SECRET = "secret"
        settings.GOOGLE_TOKEN_URL = f"{peer.origin}/token"
        settings.GOOGLE_BUSINESS_ACCOUNTS_URL = peer.origin
        settings.GOOGLE_BUSINESS_LOCATIONS_URL = peer.origin
        settings.GOOGLE_REVIEWS_URL = peer.origin
        yield peer


@pytest.fixture
def connection(house: House, google: GoogleBusiness) -> Connection:
    secrets = {"code": "code-1", "verifier": "v", "redirect_uri": "https://here.example"}
    return begin_connection(SYSTEM, "Google", secrets=secrets, options={}, owner=house.ada, by=house.ada)


@pytest.fixture
def sync(house: House, connection: Connection) -> Sync:
    return syncing(house, connection)


@pytest.fixture
def bought(house: House, job: Job) -> Job:
    """A lead that its customer bought a week ago."""
    assert job.person
    job.person.name = "Maya Quist"
    job.person.save()
    Lead.objects.update_or_create(job=job, defaults={"won_at": clock.now() - timedelta(days=7)})
    return job


def only_review() -> Review:
    return Review.objects.get()


def test_reviews_of_all_pages_are_read_once(google: GoogleBusiness, sync: Sync) -> None:
    for number in range(5):
        google.publish(f"r{number}", 5, "Somebody", "Good", f"2026-11-2{number}T10:00:00Z")
    assert sync().last_received == 5
    assert sync().last_received == 0
    assert (Review.objects.count(), only_location()) == (5, "Suncoast Tampa")


def only_location() -> str:
    [location] = set(Review.objects.values_list("location", flat=True))
    return str(location)


def test_it_is_put_on_the_lead_of_the_only_buyer_of_that_name(google: GoogleBusiness, sync: Sync, bought: Job) -> None:
    google.publish("r1", 5, "maya  quist", "Good")
    sync()
    assert (only_review().job, only_review().matched_by) == (bought, None)


@pytest.mark.parametrize(("author", "days"), [("Maya", 7), ("Maya Quist", 400), ("Maya Quistley", 7)])
def test_a_doubtful_review_is_left_to_a_person(
    google: GoogleBusiness, sync: Sync, bought: Job, author: str, days: int
) -> None:
    Lead.objects.filter(job=bought).update(won_at=clock.now() - timedelta(days=days))
    google.publish("r1", 5, author, "Good")
    sync()
    assert list(Review.objects.without_lead()) == [only_review()]


def test_few_stars_make_a_notice_and_one_call_for_whose_lead_it_is(
    house: House, google: GoogleBusiness, sync: Sync, bought: Job
) -> None:
    google.publish("r1", 3, "Maya Quist", "Late")
    sync()
    google.publish("r1", 2, "Maya Quist", "Later still", "2026-11-25T10:00:00Z")
    sync()
    notified = {notice.member_id for notice in Notice.objects.filter(kind="review.low")}
    assert notified == {bought.member_id, house.ada.pk}
    call = FollowUp.objects.get(origin__startswith="review:")
    assert (call.job, call.assignee_id) == (bought, bought.member_id)


def test_a_review_that_becomes_bad_is_followed_up(google: GoogleBusiness, sync: Sync) -> None:
    google.publish("r1", 5, "Somebody", "Good")
    sync()
    assert not Notice.objects.filter(kind="review.low").exists()
    google.publish("r1", 1, "Somebody", "It leaks", "2026-11-25T10:00:00Z")
    sync()
    assert (only_review().stars, only_review().words) == (1, "It leaks")
    assert Notice.objects.filter(kind="review.low").count() == 1


def test_the_setting_says_how_few(house: House, google: GoogleBusiness, sync: Sync, ada: Browser) -> None:
    row = sync()
    ada.post(f"settings/connections/{row.uid}/reviews/", {"few_stars": "1", "location": LOCATION})
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    assert not Notice.objects.filter(kind="review.low").exists()


def test_a_location_that_is_left_out_is_not_read(google: GoogleBusiness, sync: Sync, ada: Browser) -> None:
    row = sync()
    ada.post(f"settings/connections/{row.uid}/reviews/", {"few_stars": "3"})
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    assert not Review.objects.exists()


def test_old_reviews_are_history(google: GoogleBusiness, sync: Sync, bought: Job) -> None:
    google.publish("r1", 1, "Maya Quist", "Late", "2026-09-01T10:00:00Z")
    sync()
    assert not Notice.objects.filter(kind="review.low").exists()
    assert not FollowUp.objects.filter(origin__startswith="review:").exists()


def post_reply(browser: Browser, review: Review, text: str, status: int = 302) -> Any:
    page = browser.client.get(f"{browser.prefix}{PAGE}{review.uid}/")
    fields = {"text": text, "version": page.context["version"]}
    return browser.post(f"{PAGE}{review.uid}/answer/", fields, status=status)


def test_a_reply_is_published_and_stays_as_it_is_there(google: GoogleBusiness, sync: Sync, ada: Browser) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    post_reply(ada, only_review(), "We are sorry.")
    assert only_review().reply_state == "waiting"
    assert sync().last_sent == 1
    assert google.reviews["r1"]["reviewReply"]["comment"] == "We are sorry."
    sync()
    assert (only_review().reply, only_review().reply_state) == ("We are sorry.", "sent")


def test_a_reply_to_a_review_that_is_gone_is_a_dead_letter(google: GoogleBusiness, sync: Sync, ada: Browser) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    del google.reviews["r1"]
    post_reply(ada, only_review(), "We are sorry.")
    with clock.at(clock.now() + timedelta(minutes=1)):
        row = sync()
    assert (row.state, only_review().reply_state) == ("active", "refused")
    assert "does not exist" in SyncItem.objects.dead().get().reason


@pytest.mark.parametrize("text", ["", "é" * 2100])
def test_an_unfit_reply_is_refused_and_kept_in_the_form(
    google: GoogleBusiness, sync: Sync, ada: Browser, text: str
) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    answer = post_reply(ada, only_review(), text, status=422)
    assert text in answer.content.decode()
    assert only_review().reply_state == ""


def test_a_reply_to_words_that_changed_meanwhile_is_shown_the_new_ones(
    google: GoogleBusiness, sync: Sync, ada: Browser
) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    answer = ada.post(f"{PAGE}{only_review().uid}/answer/", {"text": "Sorry", "version": "old"}, status=409)
    assert "Sorry" in answer.content.decode()


def test_a_person_says_which_lead_it_is_about_and_the_call_is_planned(
    google: GoogleBusiness, sync: Sync, ada: Browser, bought: Job
) -> None:
    google.publish("r1", 2, "Quistie", "Late")
    sync()
    page = ada.client.get(f"{ada.prefix}{PAGE}{only_review().uid}/")
    fields = {"job": f"#{bought.number}", "version": page.context["version"]}
    ada.post(f"{PAGE}{only_review().uid}/match/", fields)
    assert only_review().job == bought
    assert FollowUp.objects.filter(origin__startswith="review:", job=bought).count() == 1


def test_what_they_write_is_escaped(google: GoogleBusiness, sync: Sync, ada: Browser) -> None:
    google.publish("r1", 2, "<b>Eve</b>", "<script>alert(1)</script>")
    sync()
    for path in (PAGE, f"{PAGE}{only_review().uid}/"):
        page = ada.get(path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_review_that_was_deleted_there_is_deleted_here_a_day_later(google: GoogleBusiness, sync: Sync) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    google.publish("r2", 5, "Another", "Good")
    sync()
    del google.reviews["r1"]
    with clock.at(clock.now() + timedelta(days=1)):
        sync()
    assert only_review().author == "Another"


def test_what_was_erased_does_not_come_back(house: House, google: GoogleBusiness, sync: Sync, bought: Job) -> None:
    google.publish("r1", 4, "Maya Quist", "Good")
    sync()
    assert bought.person
    erase(bought.person, by=house.ada)
    google.publish("r1", 5, "Maya Quist", "Very good", "2026-11-25T10:00:00Z")
    sync()
    assert (only_review().stars, only_review().words) == (5, "")
    assert "Maya" not in only_review().author


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        (Trouble(429, "{}", {"Retry-After": "60"}), "too_many"),
        (Trouble(500, "oops"), "unreachable"),
        (Trouble(200, "<html>Sign in</html>"), "answer"),
        (Trouble(200, '{"reviews": ["?"]}', at="/reviews"), "answer"),
        (Trouble(200, "{}", seconds=1), "unreachable"),
    ],
)
def test_trouble_passes_and_nothing_is_lost(
    google: GoogleBusiness, sync: Sync, monkeypatch: pytest.MonkeyPatch, trouble: Trouble, problem: str
) -> None:
    if trouble.seconds:
        monkeypatch.setattr("crm.platform.http.guarded_session.SECONDS", 0.2)
    google.publish("r1", 2, "Somebody", "Late")
    google.troubles.append(trouble)
    row = sync()
    assert (row.state, row.problem) == ("connecting", problem)
    assert (sync().state, Review.objects.count()) == ("active", 1)


def test_a_token_that_expires_during_a_round_is_renewed(google: GoogleBusiness, sync: Sync) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    google.access = "ended"
    google.publish("r2", 5, "Another", "Good", "2026-11-25T10:00:00Z")
    assert (sync().last_received, google.tokens) == (1, 2)


def test_a_sign_in_that_was_revoked_stops_it(google: GoogleBusiness, sync: Sync) -> None:
    google.is_revoked = True
    row = sync()
    assert (row.state, row.problem) == ("broken", "sign_in")


def test_a_review_without_a_rating_is_a_dead_letter_that_is_read_again(
    google: GoogleBusiness, sync: Sync, house: House
) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    google.reviews["r1"]["starRating"] = "STAR_RATING_UNSPECIFIED"
    google.publish("r2", 5, "Another", "Good")
    sync()
    assert only_review().author == "Another"
    google.publish("r1", 2, "Somebody", "Late")
    assert SyncItem.replay(SyncItem.objects.all(), by=house.ada) == 1
    sync()
    assert (Review.objects.count(), SyncItem.objects.count()) == (2, 0)


def test_the_average_stands_with_the_satisfaction_figures(google: GoogleBusiness, sync: Sync, ada: Browser) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    google.publish("r2", 5, "Another", "Good")
    sync()
    assert "3.5/5 of 2 reviews, 2 not answered" in ada.get("reports/satisfaction/")


def test_the_list_takes_the_same_queries_for_more_reviews(google: GoogleBusiness, sync: Sync, ada: Browser) -> None:
    google.publish("r1", 2, "Somebody", "Late")
    sync()
    ada.get(PAGE)
    with data_queries() as for_one:
        ada.get(PAGE)
    for number in range(2, 7):
        google.publish(f"r{number}", 5, "Another", "Good", f"2026-11-25T1{number}:00:00Z")
    sync()
    with data_queries() as for_more:
        ada.get(PAGE)
    assert len(for_more) == len(for_one)
