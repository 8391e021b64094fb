"""What a customer reads: how much is done, how soon we answer, messages cut and linked, and where links lead."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Claim, Person
from crm.platform.models import Brand
from crm.platform.tenancy import secrets
from crm.platform.tenancy.context import use_tenant
from portal.access import links
from portal.access.links import KEPT, BrokenLink, ExpiredLink, make_link, read_link, target_of
from portal.job.amounts import portal_amount
from portal.job.claims import claims_of
from portal.messages.answer_time import in_words
from portal.messages.text import MOST_LINES, SPARE, _cut_text, message_text
from portal.models import PortalAccess
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.get(pk=house.job.pk)
    return row


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (-1, ""),
        (0, ""),
        (5, "It has just begun."),
        (10, "10% is done."),
        (21, "A quarter is done."),
        (29, "A quarter is done."),
        (30, "A third is done."),
        (40, "40% is done."),
        (54, "Half of it is done."),
        (67, "Two thirds are done."),
        (79, "Three quarters are done."),
        (90, "90% is done."),
        (91, "It is almost done."),
        (100, "All of it is done."),
        (101, "All of it is done."),
    ],
)
def test_how_much_is_done_in_words(percent: int, words: str) -> None:
    assert portal_amount(percent) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "in 5 minutes"),
        (300, "in 5 minutes"),
        (301, "in 10 minutes"),
        (3299, "in 55 minutes"),
        (3300, "in an hour"),
        (5399, "in an hour"),
        (5401, "in 2 hours"),
        (86_400, "in 24 hours"),
    ],
)
def test_how_soon_we_answer_is_never_promised_sooner(seconds: int, words: str) -> None:
    assert in_words("Dana", seconds) == f"Dana usually answers {words}"


def test_a_text_that_is_hardly_longer_is_seen_whole() -> None:
    text = "\n".join("x" for _line in range(MOST_LINES + SPARE))
    assert _cut_text(text) == (text, "")


def test_a_long_text_is_cut_between_two_lines() -> None:
    lines = [f"line {number}" for number in range(MOST_LINES + SPARE + 1)]
    shown, rest = _cut_text("\n".join(lines))
    assert shown.split("\n") == lines[:MOST_LINES]
    assert rest.split("\n") == lines[MOST_LINES:]


def test_one_line_however_long_is_seen() -> None:
    assert _cut_text("x" * 5000) == ("x" * 5000, "")


def test_few_long_lines_are_cut_by_their_letters() -> None:
    shown, rest = _cut_text("\n".join(["a" * 600, "b" * 600, "c" * 600]))
    assert (shown, rest) == ("a" * 600, "b" * 600 + "\n" + "c" * 600)


def test_what_customers_write_is_no_html(house: House, job: Job) -> None:
    shown = message_text("<script>alert(1)</script>\nTwo & three", job, job.brand, is_ours=False).shown
    assert shown == "&lt;script&gt;alert(1)&lt;/script&gt;<br>Two &amp; three"


def test_a_long_foreign_address_is_shown_short_and_leads_there(house: House, job: Job) -> None:
    address = "https://example.com/" + "a" * 80
    shown = message_text(f"See {address}", job, job.brand, is_ours=False).shown
    assert f'href="{address}"' in shown
    assert 'rel="noopener noreferrer nofollow"' in shown
    assert "…</a>" in shown


def test_a_link_of_ours_loses_the_key_it_carries(house: House, job: Job) -> None:
    link = make_link(house.cora, job=job)
    address = links.link_url(link, job.brand)
    shown = message_text(f"Look: {address}", job, job.brand, is_ours=True).shown
    assert link.token() not in shown
    assert f"/jobs/{job.number}/" in shown


def test_a_link_is_read_as_it_was_made(house: House, job: Job) -> None:
    link = make_link(house.cora, job=job, request="5")
    back = read_link(link.token(), house.tenant.pk)
    assert (back.person_id, back.job_id, back.request, back.digest) == (house.cora.pk, job.pk, "5", link.digest)


@pytest.mark.parametrize("token", ["", "made-up", "x" * 700])
def test_a_link_that_is_made_up_is_broken(house: House, token: str) -> None:
    with pytest.raises(BrokenLink):
        read_link(token, house.tenant.pk)


def test_a_link_that_is_cut_off_or_of_something_else_is_broken(house: House, job: Job) -> None:
    token = make_link(house.cora, job=job).token()
    for wrong in (token[:-4], secrets.encrypt('{"other": 1}'), secrets.encrypt("[]")):
        with pytest.raises(BrokenLink):
            read_link(wrong, house.tenant.pk)


def test_another_companys_link_is_broken(cast: Cast, house: House, job: Job) -> None:
    with pytest.raises(BrokenLink):
        read_link(make_link(house.cora, job=job).token(), cast.other.tenant.pk)


def test_a_link_is_good_for_fourteen_days(house: House, job: Job) -> None:
    token, now = make_link(house.cora, job=job).token(), clock.now()
    with clock.at(now + KEPT - timedelta(minutes=1)):
        assert read_link(token, house.tenant.pk).job_id == job.pk
    with clock.at(now + KEPT + timedelta(minutes=1)), pytest.raises(ExpiredLink) as late:
        read_link(token, house.tenant.pk)
    assert late.value.link.job_id == job.pk


def test_where_a_link_leads(house: House, job: Job) -> None:
    uid = "00000000-0000-7000-8000-000000000000"
    base = f"/my/{house.tenant.slug}/"
    assert target_of(make_link(house.cora, job=job), house.tenant.slug) == f"{base}jobs/{job.number}/"
    assert target_of(make_link(house.cora, job=None), house.tenant.slug) == base
    assert uid in target_of(make_link(house.cora, job=job, document=uid), house.tenant.slug)
    assert uid in target_of(make_link(house.cora, job=job, request=uid), house.tenant.slug)


def test_a_link_to_a_job_that_is_gone_leads_home(house: House) -> None:
    gone: Any = SimpleNamespace(pk=10**9)
    assert target_of(make_link(house.cora, job=gone), house.tenant.slug) == f"/my/{house.tenant.slug}/"


def test_a_document_by_no_id_leads_home(house: House, job: Job) -> None:
    assert target_of(make_link(house.cora, job=job, document="x"), house.tenant.slug) == f"/my/{house.tenant.slug}/"


def subject(house: House, **changed: Any) -> Any:
    usual = {"person": house.cora, "job": house.job, "address": "", "brand": Brand.objects.get(), "given": {}}
    return SimpleNamespace(**usual | changed)


def test_a_message_to_somebody_who_may_come_in_has_their_link(house: House) -> None:
    assert links.link_of(subject(house)).startswith("http")


@pytest.mark.parametrize("lacks", ["person", "job"])
def test_a_message_to_nobody_or_about_nothing_has_no_link(house: House, lacks: str) -> None:
    assert links.link_of(subject(house, **{lacks: None})) == ""


def test_a_message_to_somebody_let_out_or_erased_has_no_link(house: House) -> None:
    PortalAccess.invite(house.cora, by=None).revoke(by=house.mona)
    assert links.link_of(subject(house)) == ""
    nora = Person.objects.create(name="Nora", erased_at=clock.now())
    assert links.link_of(subject(house, person=nora)) == ""


def claim_at(job: Job, number: str) -> Claim:
    made = Claim(site=job.site, insurer="Gulf Mutual")
    made.set_number(number)
    made.save()
    return made


def test_a_claim_of_a_place_of_theirs_alone_is_shown(house: House, job: Job) -> None:
    made = claim_at(job, "CLM-1")
    assert list(claims_of([job])) == [made]


def test_a_claim_of_who_had_the_place_before_is_not_shown(house: House, job: Job) -> None:
    claim_at(job, "CLM-1")
    open_job(title="Before", person=Person.objects.create(name="Nora"), site=job.site, by=house.rita)
    assert list(claims_of([job])) == []


def test_a_claim_told_of_their_own_job_is_shown_all_the_same(house: House, job: Job) -> None:
    open_job(title="Before", person=Person.objects.create(name="Nora"), site=job.site, by=house.rita)
    Claim.note(job.site, "Gulf Mutual", "CLM-22", by=house.rita, job_id=job.pk)
    assert claims_of([job]).count() == 1


def test_without_a_place_there_is_no_claim(house: House) -> None:
    assert list(claims_of([open_job(title="No place", person=house.cora, by=house.rita)])) == []
    assert list(claims_of([])) == []
