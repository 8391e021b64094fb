"""What is missing or wrong is counted, queued and put right in place, with the fact and without losing anything."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Flaw, Job, Source
from crm.jobs.quality import checks
from crm.jobs.quality.corrections import PARTS
from crm.jobs.quality.figures import figures
from crm.kernel import clock
from crm.people.models import ContactPoint, Person, Property
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast
from tests.queries import data_queries


@pytest.fixture
def flawed(cast: Cast) -> Job:
    """A lead past its visit of which next to nothing is known."""
    house = cast.house
    with use_tenant(house.tenant):
        person = Person.objects.create(name="Unknown")
        job = open_job(title="Unknown", by=None, person=person, member=house.rita, stage=house.stage("Quote sent"))
        checks.check([job])
        return job


def seen(cast: Cast, job: Job, part: str) -> str:
    """What the form of a part carries, as the lead is now."""
    with use_tenant(cast.house.tenant):
        row = Job.objects.get(pk=job.pk)
        return PARTS[part].version(row, checks.facts_of([row])[row.pk]) if part in PARTS else ""


@pytest.fixture
def fix(client: Client, cast: Cast, flawed: Job) -> Callable[..., Any]:
    client.force_login(cast.house.mona.user)

    def send(part: str, who: str = "mona", **given: object) -> Any:
        client.force_login(getattr(cast.house, who).user)
        given.setdefault("version", seen(cast, flawed, part))
        return client.post(f"/{cast.house.tenant.slug}/jobs/{flawed.number}/correct/", {"part": part, **given})

    return send


def keys(cast: Cast, job: Job) -> set[str]:
    with use_tenant(cast.house.tenant):
        return set(Flaw.objects.filter(job=job).values_list("rule", flat=True))


def test_what_is_missing_is_found(cast: Cast, flawed: Job) -> None:
    assert keys(cast, flawed) == {"unreachable", "nameless", "placeless", "sourceless", "valueless"}


def test_each_part_is_put_right_in_place(cast: Cast, flawed: Job, fix: Any) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        source = Source.objects.create(name="Fair")
    assert fix("name", name="  Hector   Salinas ").status_code == 302
    fix("reach", phone="813 555 0177")
    fix("place", street="1 Bay St", postcode="33602", city="Tampa", region="FL")
    fix("source", source=source.pk)
    fix("value", value="$12,500")
    assert keys(cast, flawed) == set()
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=flawed.pk)
        assert (job.title, job.person.name, job.place, job.value) == (
            "Hector Salinas",
            "Hector Salinas",
            "Tampa",
            1_250_000,
        )
        assert ContactPoint.objects.get(person=job.person).value == "+18135550177"
        assert (job.site.street, job.site.country, job.source_id) == ("1 Bay St", "US", source.pk)
        told = Event.objects.filter(kind__in=["job.corrected", "person.corrected"], actor=house.mona)
        fields = {field for event in told for field in event.data["fields"]}
        assert fields == {"name", "title", "phone", "site", "place", "source", "value"}
        assert not any("Salinas" in str(event.data) or "555" in str(event.data) for event in told)
        assert (job.due_at, job.entered_at) == (flawed.due_at, flawed.entered_at), "the clock does not move"


def test_what_is_still_wrong_is_not_called_right(client: Client, cast: Cast, flawed: Job, fix: Any) -> None:
    fix("place", street="1 Bay St", postcode="336", city="Tampa", region="FL")
    said = client.get(f"/{cast.house.tenant.slug}/reports/data-quality/").content.decode()
    assert "saved as typed, but: A postcode that cannot be right." in said
    assert "saved.<" not in said
    assert "odd_postcode" in keys(cast, flawed)
    fix("place", street="1 Bay St", postcode="33602", city="Tampa", region="FL")
    assert ": saved." in client.get(f"/{cast.house.tenant.slug}/reports/data-quality/").content.decode()


@pytest.mark.parametrize(
    ("part", "given", "words"),
    [
        ("name", {"name": " "}, "Enter the name"),
        ("reach", {"phone": "12"}, "No such phone number"),
        ("reach", {}, "A phone number or an email address."),
        ("place", {"city": "Tampa"}, "Enter a street"),
        ("source", {"source": "99999"}, "Choose a source."),
        ("value", {"value": "a lot"}, "error"),
        ("value", {"value": "0"}, "above zero"),
        ("value", {"value": "€ 100"}, "uses USD"),
        ("owner", {"owner": "nobody-here"}, "active colleague"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(
    cast: Cast, flawed: Job, fix: Any, part: str, given: dict[str, str], words: str
) -> None:
    before = keys(cast, flawed)
    answer = fix(part, **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    typed = {"phone": "12", "city": "Tampa"}.get(next(iter(given), ""), "")
    assert not typed or f'value="{typed}"' in answer.content.decode(), "what was typed stands there still"
    assert keys(cast, flawed) == before


def test_who_comes_second_is_shown_what_the_first_wrote(client: Client, cast: Cast, flawed: Job, fix: Any) -> None:
    house = cast.house
    parts = ("name", "value", "place", "owner")
    old = {part: seen(cast, flawed, part) for part in parts}
    client.force_login(house.mona.user)
    for part in parts:
        page = client.get(f"/{house.tenant.slug}/jobs/{flawed.number}/correct/?part={part}").content.decode()
        assert f'name="version" value="{old[part]}"' in page
    fix("name", name="Hector Salinas")
    fix("value", value="$12,500")
    with use_tenant(house.tenant):
        Job.objects.get(pk=flawed.pk).assign_to(house.ada, by=house.ada)
    for part, given in (
        ("name", {"name": "Hektor"}),
        ("value", {"value": "100"}),
        ("owner", {"owner": house.mona.uid}),
    ):
        answer = fix(part, version=old[part], **given)
        assert answer.status_code == 409
        assert "Someone else changed this in the meantime." in answer.content.decode()
    assert "Hector Salinas" in answer.content.decode()
    assert fix("place", version=old["place"], street="1 Bay St").status_code == 302, "a part nobody touched is free"
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=flawed.pk)
        assert (job.title, job.person.name, job.value, job.member_id) == (
            "Hector Salinas",
            "Hector Salinas",
            1_250_000,
            house.ada.pk,
        )


def test_a_confirmed_number_is_not_taken_from_its_owner(cast: Cast, flawed: Job, fix: Any) -> None:
    with use_tenant(cast.house.tenant):
        point = ContactPoint.objects.get(kind="phone")
        ContactPoint.objects.update(verified_at=clock.now())
    answer = fix("reach", phone=point.value)
    assert "another customer" in answer.content.decode()


def test_a_mistyped_address_has_its_spelling_offered(client: Client, cast: Cast, flawed: Job, fix: Any) -> None:
    with use_tenant(cast.house.tenant):
        ContactPoint.objects.create(person=flawed.person, kind="email", value="jo@gmial.com")
        checks.check([flawed])
    page = client.get(f"/{cast.house.tenant.slug}/reports/data-quality/?rule=mistyped").content.decode()
    assert 'value="jo@gmail.com"' in page
    fix("email", email="jo@gmail.com")
    with use_tenant(cast.house.tenant):
        assert ContactPoint.objects.get(person=flawed.person).value == "jo@gmail.com"


def test_another_address_leaves_the_neighbours_alone(cast: Cast, flawed: Job, fix: Any) -> None:
    with use_tenant(cast.house.tenant):
        site = Property.objects.create(street="1 Bay St", postcode="3360", city="Tampa", country="US")
        other = open_job(title="Other", by=None, site=site)
        Job.objects.filter(pk=flawed.pk).update(site=site)
    fix("place", street="1 Bay St", postcode="33602", city="Tampa", region="")
    with use_tenant(cast.house.tenant):
        assert Job.objects.get(pk=other.pk).site.postcode == "3360"
        assert Job.objects.get(pk=flawed.pk).site.postcode == "33602"


def test_who_may_do_what(client: Client, cast: Cast, flawed: Job, fix: Any) -> None:
    assert fix("value", who="rita", value="100").status_code == 302, "it is Rita's own"
    assert fix("owner", who="rita", owner="").status_code == 404
    assert client.get(f"/{cast.house.tenant.slug}/reports/data-quality/").status_code == 404
    with use_tenant(cast.house.tenant):
        flawed.assign_to(cast.house.mona, by=None)
    assert fix("value", who="rita", value="200").status_code == 404
    assert fix("nonsense").status_code == 404
    with use_tenant(cast.house.tenant):
        assert Job.objects.get(pk=flawed.pk).value == 10_000


@pytest.mark.parametrize(("who", "leads_there"), [("mona", True), ("sam", True), ("rita", False)])
def test_duplicates_are_offered_to_who_may_merge(client: Client, cast: Cast, who: str, leads_there: bool) -> None:
    client.force_login(getattr(cast.house, who).user)
    root = f"/{cast.house.tenant.slug}/"
    page = client.get(f"{root}reports/data-quality/").content.decode()
    assert (f'href="{root}duplicates/"' in page) is leads_there
    assert (client.get(f"{root}duplicates/").status_code == 200) is leads_there


def test_the_figure_is_the_share_without_a_flaw(client: Client, cast: Cast, flawed: Job) -> None:
    with use_tenant(cast.house.tenant):
        checks.check(list(Job.objects.all()))
        Flaw.objects.exclude(job=flawed).delete()
        found = figures()
        assert (found.open, found.flawed, found.percent) == (2, 1, 50.0)
    client.force_login(cast.house.mona.user)
    page = client.get(f"/{cast.house.tenant.slug}/reports/data-quality/").content.decode()
    assert "1 of 2 open leads have missing or incorrect data. The goal is 98%." in page
    with use_tenant(cast.house.tenant):
        flawed.lose("Price", by=None)
        checks.check([Job.objects.get(pk=flawed.pk)])
        assert not Flaw.objects.filter(job=flawed).exists(), "what has ended is nobody's to fix"


def test_leads_are_checked_soon_and_nightly(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.walk, "share", 2)
    with use_tenant(cast.house.tenant):
        checks.keep_checking()
        jobs = [open_job(title="Unknown", by=None) for _ in range(5)]
    for wait in (checks.walk.soon, checks.walk.nightly):
        at = clock.now() + wait + timedelta(seconds=1)
        for second in range(6):
            with clock.at(at + timedelta(seconds=second)):
                due.run_due_work()
        with use_tenant(cast.house.tenant):
            assert Flaw.objects.filter(rule="nameless").count() == 5
            assert Due.objects.filter(kind=checks.walk.new).count() == 1
            Flaw.objects.all().delete()
    assert len(jobs) == 5


@pytest.mark.parametrize("rule", ["sourceless", "nameless", "placeless"])
def test_the_queue_asks_as_often_for_one_as_for_many(client: Client, cast: Cast, flawed: Job, rule: str) -> None:
    client.force_login(cast.house.mona.user)
    place = f"/{cast.house.tenant.slug}/reports/data-quality/?rule={rule}"
    client.get(place)
    with data_queries() as few:
        client.get(place)
    with use_tenant(cast.house.tenant):
        reached = cast.house.stage("Quote sent")
        checks.check([open_job(title="Unknown", by=None, stage=reached) for _ in range(30)])
    with data_queries() as many:
        page = client.get(place).content.decode()
    assert len(many) == len(few)
    assert page.count('name="part"') == 25
    assert "after=" in page
