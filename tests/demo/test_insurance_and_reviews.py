"""The demo's insurance claim and its reviews, as pages show them."""

from datetime import timedelta

import pytest

from connections.models import Connection, Review
from crm.jobs.models import Job
from crm.kernel import clock
from demo.sales.insurance import SLUG, create_claim
from demo.sales.public_reviews import create_reviews
from leads.models import Lead
from service.models import ClaimMail, JobClaim
from tests.billing.conftest import house, job
from tests.cast import House

__all__ = ["house", "job"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(house: House, job: Job) -> Job:
    Lead.objects.update_or_create(job=job, defaults={"won_at": clock.now() - timedelta(days=60)})
    return job


def test_a_carrier_wrote_twice_and_one_of_its_mails_waits_for_a_person(house: House, bought: Job) -> None:
    create_claim(SLUG, clock.now())
    assert JobClaim.objects.get().adjuster is not None
    assert sorted(ClaimMail.objects.values_list("state", flat=True)) == ["parked", "proposed"]


def test_reviews_were_read_before_the_connection_was_switched_off(house: House, bought: Job) -> None:
    create_reviews(clock.now())
    assert (Connection.objects.get().state, Review.objects.count()) == ("off", 4)
    assert Review.objects.get(job=bought).reply_state == "sent"
