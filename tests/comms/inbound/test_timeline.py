"""Messages on the timeline of a lead and on a page of their own."""

import io
from typing import Any

import pytest
from django.test import Client

from comms.models import Attachment, Channel, Message
from crm.jobs.models import Note
from crm.people.senders import find_sender
from crm.platform.events import events
from crm.platform.files import stored_files
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.queries import data_queries


def message(cast: Cast, text: str = "The gutter drips", **fields: Any) -> Message:
    with use_tenant(cast.house.tenant):
        usual: dict[str, Any] = {
            "medium": "email",
            "direction": "in",
            "state": "received",
            "address": "cora@mail.example",
        }
        usual |= {"job": cast.house.job, "person": cast.house.cora, "brand": directory().default_brand}
        made: Message = Message.objects.create(text=text, **usual | fields)
        made.refresh_from_db()
        events.record("message.received", subject=made, by=None, data={"medium": made.medium}, job_id=made.job_id)
        return made


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def lead_page(cast: Cast, member: Member) -> str:
    url = f"/{cast.house.tenant.slug}/leads/{cast.house.job.number}/"
    return signed_in(member).get(url).content.decode()


def test_a_lead_shows_who_wrote_what_and_folds_the_rest(cast: Cast) -> None:
    made = message(cast, "Please <b>call</b>", folded_text="On Monday you wrote", subject="My roof")
    page = lead_page(cast, cast.house.rita)
    assert "Cora Customer wrote · Email" in page
    assert "Please &lt;b&gt;call&lt;/b&gt;" in page
    assert "<details>" in page
    # The conversation stands above the timeline: there it is a line that unfolds, and whole where it is asked for.
    assert '<details class="feed-fold">' in page
    url = f"/{cast.house.tenant.slug}/leads/{cast.house.job.number}/?only=email"
    assert "feed-fold" not in signed_in(cast.house.rita).get(url).content.decode()
    assert "On Monday you wrote" in page
    assert "My roof" in page
    assert f"/messages/{made.uid}/" in page


def test_a_mail_in_two_mailboxes_stands_there_once(cast: Cast) -> None:
    for _ in range(2):
        message(cast, "Once only", message_id="<a@b>")
    assert lead_page(cast, cast.house.rita).count("Once only") == 1


def test_a_timeline_is_narrowed_to_a_part_and_stays_so(cast: Cast) -> None:
    house = cast.house
    mail = message(cast, "Said by mail", message_id="<a@b>")
    message(cast, "Sent by a trigger", medium="sms", direction="out", state="sent")
    with use_tenant(house.tenant):
        file = stored_files.store_file(io.BytesIO(b"roof"), "roof.jpg", purpose="message", by=None, days=None)
        Attachment.objects.create(message=mail, file=file, name="roof.jpg", media_type="image/jpeg", size=4)
        Note.objects.create(job=house.job, author=house.sam, body="Written for us")
        called = {"kind": "call", "outcome": "no_answer"}
        events.record("job.contacted", subject=house.job, by=house.rita, data=called, job_id=house.job.pk)
    client = signed_in(house.rita)
    here = f"/{house.tenant.slug}/leads/{house.job.number}/"
    said = {"email": "Said by mail", "texts": "Sent by a trigger", "notes": "Written for us", "calls": "no answer"}

    def shown(page: str, **headers: str) -> set[str]:
        answer = client.get(page, headers=headers)
        assert answer.status_code == 200
        timeline = answer.content.decode().partition('id="timeline"')[2].partition("</ol>")[0]
        return {part for part, words in said.items() if words in timeline}

    assert shown(here) == set(said)
    assert all(shown(f"{here}?only={part}") == {part} for part in said)
    assert (shown(f"{here}?only=by-itself"), shown(f"{here}?only=files")) == ({"texts"}, {"email"})
    assert shown(f"{here}?only=nonsense") == set(said)
    # What comes meanwhile, and what is done there, leaves it so.
    from_there = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}?only=notes"}
    assert shown(here, **from_there) == {"notes"}
    alone = client.get(f"{here}?only=", headers=from_there).content.decode()
    assert (alone.count('id="timeline"'), 'id="acts"' in alone) == (1, False)
    assert 'hx-push-url="' + here + '?only=calls"' in alone
    person = f"/{house.tenant.slug}/people/{house.cora.uid}/"
    assert shown(f"{person}?only=email", **from_there) == {"email"}


@pytest.mark.parametrize(
    ("sharing", "shown"),
    [
        ("private", ()),
        ("metadata", ("wrote",)),
        ("subject", ("wrote", "My roof")),
        ("full", ("wrote", "My roof", "drips")),
    ],
)
def test_a_colleagues_mailbox_shows_what_its_owner_shares(cast: Cast, sharing: str, shown: tuple[str, ...]) -> None:
    with use_tenant(cast.house.tenant):
        channel = Channel.create(
            by=None,
            brand=directory().default_brand,
            medium="email",
            role="personal",
            provider="imap",
            address="rita@suncoast.example",
            owner=cast.house.rita,
            sharing=sharing,
        )
    made = message(cast, subject="My roof", channel=channel)
    parts = {"wrote": "Cora Customer wrote", "My roof": "My roof", "drips": "gutter drips"}
    page = lead_page(cast, cast.house.mona)
    assert tuple(name for name, words in parts.items() if words in page) == shown
    alone = signed_in(cast.house.mona).get(f"/{cast.house.tenant.slug}/messages/{made.uid}/")
    assert alone.status_code == (200 if shown else 404)
    assert ("gutter drips" in alone.content.decode()) == (sharing == "full")
    on_lead = "gutter drips" in lead_page(cast, cast.house.rita)
    assert on_lead == (sharing != "private"), "private mail is on no lead"


def test_the_lead_asks_no_more_for_many_messages(cast: Cast) -> None:
    client, url = signed_in(cast.house.rita), f"/{cast.house.tenant.slug}/leads/{cast.house.job.number}/"
    message(cast)
    client.get(url)
    with data_queries() as few:
        client.get(url)
    for _ in range(8):
        message(cast)
    with data_queries() as many:
        client.get(url)
    assert len(many) == len(few)


def test_a_new_sender_is_confirmed_on_the_message(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        person = find_sender("email", "new@home.example", "New One").person
    made = message(cast, person=person, job=None, authentication={"dmarc": "fail"})
    url = f"/{cast.house.tenant.slug}/messages/{made.uid}/"
    client = signed_in(cast.house.rita)
    page = client.get(url).content.decode()
    assert "New sender." in page
    assert "the sender could not be verified (DMARC fail)" in page
    assert client.post(f"{url}confirm/").status_code == 302
    assert "New sender." not in client.get(url).content.decode()
