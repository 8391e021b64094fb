"""Where customers find their quotes: the link in a message, the job page, their places, and what colleagues see."""

from django.test import Client

from portal.access import cookies, links
from portal.models import PortalAccess
from portal.quotes.features import quote_address
from quotes.models import Quote
from tests.cast import House
from tests.portal.conftest import point_of
from tests.portal.quotes.conftest import Opening, form, path
from tests.quotes.offers import write_quote


def test_its_link_opens_it(sent: Quote, writing_house: House) -> None:
    house = writing_house
    url = quote_address(sent, house.cora, point_of(house.cora))
    link = links.read_link(url.split("/open/")[1].strip("/"), house.tenant.pk)
    assert links.target_of(link, house.tenant.slug) == path(sent)
    assert len(link.token()) < cookies.LONGEST
    assert PortalAccess.objects.get(person=house.cora).is_open, "whoever is sent a quote is let in"


def test_no_link_for_who_was_shut_out(sent: Quote, writing_house: House) -> None:
    PortalAccess.invite(writing_house.cora, by=None).revoke(by=writing_house.mona)
    assert quote_address(sent, writing_house.cora, point_of(writing_house.cora)) == ""


def test_the_job_page_lists_it(sent: Quote, signed_in: Client, writing_house: House) -> None:
    text = signed_in.get(f"/my/{writing_house.tenant.slug}/jobs/{writing_house.job.number}/").content.decode()
    assert path(sent) in text
    assert "For you to answer, until" in text
    assert path(sent) in signed_in.get(f"/my/{writing_house.tenant.slug}/places/").content.decode()


def test_by_a_link_only_the_quote_it_is_about(sent: Quote, linked: Opening, writing_house: House) -> None:
    other = write_quote(writing_house)
    other.send(by=writing_house.rita)
    text = linked().get(f"/my/{writing_house.tenant.slug}/jobs/{writing_house.job.number}/").content.decode()
    assert path(sent) in text
    assert path(other) not in text


def test_a_colleague_sees_a_draft_as_the_customer_would(house_preview: Client, writing_house: House) -> None:
    draft = write_quote(writing_house)
    page = house_preview.post(f"/{writing_house.tenant.slug}/portal/quotes/{draft.uid}/look/", follow=True)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == path(draft)
    assert "not sent yet" in text
    assert "The customer signs here" in text
    assert "$1,700" in text


def test_a_colleague_who_looks_changes_nothing(house_preview: Client, sent: Quote, writing_house: House) -> None:
    house_preview.post(f"/{writing_house.tenant.slug}/portal/quotes/{sent.uid}/look/")
    for rest in ("price/", "ask/", "accept/", "decline/"):
        assert house_preview.post(path(sent, rest), form(sent, text="x")).status_code == 403
    house_preview.get(path(sent, "seen/"))
    sent.refresh_from_db()
    assert (sent.state, sent.seen_at, sent.asked_at) == ("sent", None, None)


def test_a_quote_that_is_not_there_can_not_be_looked_at(sent: Quote, writing_house: House) -> None:
    client = Client()
    client.force_login(writing_house.sam.user)
    answer = client.post(f"/{writing_house.tenant.slug}/portal/quotes/00000000-0000-7000-8000-000000000000/look/")
    assert answer.status_code == 404
