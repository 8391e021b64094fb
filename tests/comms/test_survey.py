"""The survey by link: whoever has it answers once, without an account; looking changes nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from comms.library.context import subject_of
from comms.models import SurveyAnswer
from comms.survey import links
from crm.jobs.models import Note
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def page(house: House) -> str:
    return reverse("survey", args=[links.token_of(house.tenant.pk, house.job.pk)])


def test_it_is_answered_once_and_stands_on_the_timeline(house: House) -> None:
    strict, url = Client(enforce_csrf_checks=True), page(house)
    assert strict.get(url).status_code == 200
    assert not SurveyAnswer.objects.exists(), "scanners open every link"
    wrong = strict.post(url, {"score": "6", "words": "Good roof"})
    assert (wrong.status_code, "Good roof" in wrong.text) == (400, True), "what was typed stays"
    assert "Thank you" in strict.post(url, {"score": "2", "words": "Good roof, late"}).text
    assert "Thank you" in strict.post(url, {"score": "5"}).text
    answer, event, note = SurveyAnswer.objects.get(), Event.objects.get(kind="survey.answered"), Note.objects.get()
    assert (answer.score, event.data, event.job_id) == (2, {"score": 2}, house.job.pk)
    assert (note.body, note.author_id, answer.note, answer.stage_id) == (
        *("From the survey: “Good roof, late”", None, note, house.job.stage_id),
    )
    with clock.at(clock.now() + timedelta(days=7)):
        later = page(house)
        assert "Thank you" not in strict.get(later).text, "they are asked at a milestone, and at the end again"
        strict.post(later, {"score": "5"})
    assert list(SurveyAnswer.objects.order_by("pk").values_list("score", flat=True)) == [2, 5]


def test_its_page_says_nothing_of_the_customer_and_is_not_kept(house: House, client: Client) -> None:
    shown = client.get(page(house))
    assert "Cora" not in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "no-referrer"
    house.cora.language = "nl"
    house.cora.save()
    assert 'lang="nl"' in client.get(page(house)).text[:200]


@pytest.mark.parametrize("token", ["x", "gAAAAABnot-one-of-ours", "a" * 3000])
def test_a_broken_link_says_so(client: Client, cast: Cast, token: str) -> None:
    assert client.get(reverse("survey", args=[token])).status_code == 410


def test_an_old_link_says_so_and_another_tenants_finds_nothing(house: House, cast: Cast, client: Client) -> None:
    with clock.at(clock.now() - links.KEPT - timedelta(days=1)):
        old = page(house)
    assert "too old" in client.post(old, {"score": "1"}).text
    strange = reverse("survey", args=[links.token_of(cast.other.tenant.pk, house.job.pk)])
    assert client.post(strange, {"score": "1"}).status_code == 410
    assert not SurveyAnswer.objects.exists()


def test_templates_have_its_link(house: House) -> None:
    subject = subject_of(brand=house.job.brand, language="en", job=house.job)
    assert "/mail/survey/" in links.link_of(subject)
    assert links.link_of(subject_of(brand=house.job.brand, language="en")) == ""
