"""Ready-made triggers for passport, visa, permit, warranty and claim: planned ahead, moved, closed, the next."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.utils.translation import override

from crm.automation.models import Mode, Rule
from crm.automation.registry.presets import rule_preset
from crm.jobs.correction import fill_in
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Property
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from service.models import Asset
from tests.automation.rules import work
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.followups.preset_acts import DAY, MONDAY, adds_passport, use

# The preset, where the date is kept, what it is called, so many days ahead, and what is planned.
RENEWALS = [
    ("dates.passport", "person", "Passport valid until", 180, "Inform the customer about passport renewal"),
    ("dates.visa", "person", "Visa until", 90, "Inform the customer about visa renewal"),
    ("dates.permit", "person", "Work permit ends", 60, "Renew the permit"),
    ("dates.permit", "property", "Building permit ends", 60, "Renew the permit"),
    ("dates.warranty", "property", "Roof warranty until", 30, "The warranty ends: offer a check"),
    ("dates.claim", "job", "Claim deadline", 14, "Claim deadline: send what is missing"),
]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def _open_subjects() -> list[str]:
    return list(FollowUp.objects.open().filter(origin__startswith="rule:").values_list("subject", flat=True))


def _fill(house: House, field: OwnField, day: date | None) -> None:
    job = Job.objects.get(pk=house.job.pk)
    record = {"job": job, "person": job.person, "property": job.site}[field.record]
    fill_in(record, field, day.isoformat() if day else "", by=house.rita)
    work()


def _answer_with(key: str, field: OwnField) -> Rule:
    """The rule of a preset by the date of a field, which the preset offers first; after the installed things."""
    preset = rule_preset(key)
    assert preset is not None
    offered = [value for value, _words in preset.answers() if not value.startswith("asset:")]
    assert offered[0] == f"{field.record}:{field.key}"
    return Rule.add(str(preset.name), preset.define(offered[0]), by=None, preset=key, mode=Mode.ON)


@pytest.mark.parametrize(("key", "record", "name", "days", "subject"), RENEWALS)
def test_it_is_planned_so_long_before_the_date_moves_and_closes(
    house: House, key: str, record: str, name: str, days: int, subject: str
) -> None:
    for other in ("job", "person", "property"):
        OwnField.add(f"A day of a {other}", kind="date", record=other, by=None)
    field = OwnField.add(name, kind="date", record=record, by=None)
    _answer_with(key, field)
    _fill(house, field, (MONDAY + timedelta(days + 10)).date())
    work(MONDAY + 9 * DAY)
    assert _open_subjects() == []
    work(MONDAY + 11 * DAY)
    assert _open_subjects() == [subject]
    assert FollowUp.objects.get(subject=subject).due_at > MONDAY + 11 * DAY, "not overdue from the start"
    with clock.at(MONDAY + 11 * DAY):
        _fill(house, field, (MONDAY + timedelta(days + 42)).date())
        # A Monday, the day after in opening hours.
        assert FollowUp.objects.get(subject=subject).due_at.date() == (MONDAY + 43 * DAY).date()
        _fill(house, field, None)
    assert _open_subjects() == []


def test_completing_the_renewal_plans_the_next_check_and_another_date_the_next_renewal(house: House) -> None:
    field = OwnField.add("Passport", kind="date", record="person", by=None)
    use("dates.passport")
    use("cases.renewal")
    _fill(house, field, (MONDAY + 190 * DAY).date())
    work(MONDAY + 11 * DAY)
    with clock.at(MONDAY + 12 * DAY):
        FollowUp.objects.get(kind="visa").complete("successful", by=house.rita)
        work()
        assert _open_subjects() == ["Check the renewal"]
        _fill(house, field, (MONDAY + 3650 * DAY).date())
    work(MONDAY + 3471 * DAY)
    assert "Inform the customer about passport renewal" in _open_subjects()


def test_warranties_of_two_assets_each_have_one_and_a_removed_asset_closes_its_own(house: House) -> None:
    Job.objects.filter(pk=house.job.pk).update(
        site=Property.objects.create(street="1 Oak St", city="Tampa", country="US")
    )
    job = Job.objects.get(pk=house.job.pk)
    use("dates.warranty")
    until = (MONDAY + 40 * DAY).date()
    roof = Asset.register(job, "Roof", by=house.sam, warranty_until=until)
    Asset.register(job, "Gutters", by=house.sam, warranty_until=until + 2 * DAY)
    work()
    work(MONDAY + 11 * DAY)
    work(MONDAY + 13 * DAY)
    assert _open_subjects() == ["The warranty ends: offer a check"] * 2
    with clock.at(MONDAY + 13 * DAY):
        roof.remove(by=house.sam)
        work()
    assert _open_subjects() == ["The warranty ends: offer a check"]


def test_it_counts_from_the_expiry_of_a_document_if_one_answers_so(house: House) -> None:
    adds_passport(house)
    preset = rule_preset("dates.passport")
    assert preset is not None
    answer = preset.answers()[0][0]
    assert answer.startswith("document:")
    Rule.add("Passport", preset.define(answer), by=None, mode=Mode.ON)
    adds_passport(house)
    work(MONDAY)
    work(MONDAY + 21 * DAY)
    assert set(_open_subjects()) == {"Inform the customer about passport renewal"}


def test_without_a_date_field_it_says_what_is_missing(house: House) -> None:
    preset = rule_preset("dates.claim")
    assert preset is not None
    with pytest.raises(Refused, match="no date field"):
        preset.define()


def test_the_page_asks_which_date_and_refuses_one_that_is_none(
    house: House, as_member: Callable[[str], Browser]
) -> None:
    OwnField.add("Claim until", kind="date", by=None)
    other = OwnField.add("Other day", kind="date", by=None)
    browser = as_member("ada")
    assert "Lead: Other day</option>" in browser.get("triggers/ready/")
    browser.post("triggers/ready/", {"preset": "dates.claim", "answer": "job:nope"})
    assert not Rule.objects.exists()
    browser.post("triggers/ready/", {"preset": "dates.claim", "answer": f"job:{other.key}"})
    version = Rule.objects.get().version
    assert version is not None
    assert version.definition["options"] == {"field": other.key}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_they_read_in_both_languages(house: House, language: str) -> None:
    OwnField.add("Passport", kind="date", by=None)
    with override(language):
        names = {use(key).name for key in dict.fromkeys(row[0] for row in RENEWALS)}
    assert len(names) == 5
