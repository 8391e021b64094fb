"""What the tests of service share: a sold lead, its hand-off, and events delivered at once."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from service.models import HandOff, Project, ProjectTemplate
from tests.cast import Cast, House
from tests.followups.conftest import Browser

# A Wednesday, ten in the morning in New York.
NOON = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


def milestone(name: str, weight: int, day: int, text: str = "", *, internal: bool = False) -> dict[str, Any]:
    """A milestone of a template."""
    return {
        "name": name,
        "customer_texts": {"en": [name, text]} if text else {},
        "weight": weight,
        "day": day,
        "internal": internal,
    }


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """The house on a Wednesday morning, its tenant in use, with a template for re-roofs."""
    with clock.at(NOON), use_tenant(cast.house.tenant):
        ProjectTemplate.add(
            "Re-roof",
            by=None,
            days=3,
            checklist=["HOA letter"],
            milestones=[
                milestone("Old roof off", 1, 0),
                milestone("Order shingles", 0, 0, internal=True),
                {
                    "name": "New roof on",
                    "customer_texts": {"en": ["The new roof goes on", "Your new roof is on"]},
                    "weight": 2,
                    "day": 2,
                    "internal": False,
                },
            ],
            papers=[],
            appointments=[],
        )
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    """Cora's job, as the database has it."""
    found: Job = Job.objects.get(pk=house.job.pk)
    return found


@pytest.fixture
def sold(house: House, job: Job) -> Callable[..., HandOff]:
    """Sell Cora's job: Rita moves it into the first step of what is sold, and the subscribers hear of it."""

    def sell(**changed: Any) -> HandOff:
        for name, value in changed.items():
            setattr(job, name, value)
        job.save()
        job.move_to(house.stage("Scheduled"), by=house.rita)
        dispatch_events()
        found: HandOff = HandOff.objects.select_related("job", "template", "seller").get(job=job)
        return found

    return sell


@pytest.fixture
def project(house: House, job: Job) -> Project:
    """The work on Cora's job, from the template, for three days from Tuesday, 1 December."""
    return Project.start(job, ProjectTemplate.objects.get(), by=house.sam, starts_on=date(2026, 12, 1))


@pytest.fixture
def sam(house: House) -> Browser:
    return Browser(house, house.sam)


@pytest.fixture
def rita(house: House) -> Browser:
    return Browser(house, house.rita)


@pytest.fixture
def mona(house: House) -> Browser:
    return Browser(house, house.mona)


def act(who: Browser, place: str, row: Any, *, status: int = 302, **typed: Any) -> Any:
    """Post a form of a row as its page shows it now, and read the row anew."""
    row.refresh_from_db()
    answer = who.post(place, {"version": row.form_version, **typed}, status=status)
    row.refresh_from_db()
    return answer


def said(answer: Any) -> str:
    """What the next page says of an act; blank where it says nothing."""
    return next((str(message) for message in reversed(list(get_messages(answer.wsgi_request)))), "")


def recorded(kind: str) -> int:
    """How often an event of a kind was recorded."""
    return int(Event.objects.filter(kind=kind).count())
