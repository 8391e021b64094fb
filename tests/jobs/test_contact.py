"""Noted by hand: they wrote, we answered; how to reach them; notes and the pinned one on top."""

import re

import html5lib
import pytest

from crm.jobs.models import Note, Side
from crm.platform.models import AccessLog, Event
from crm.platform.tenancy.context import use_tenant
from tests.acts import current


def page_of(client, cast, who="rita"):
    client.force_login(getattr(cast.house, who).user)
    page = client.get(f"/suncoast-test/leads/{cast.house.job.number}/").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def test_they_wrote_makes_it_our_move_and_an_answer_theirs(post, cast, client):
    post("turn", side="customer")
    page = post("hear", channel="whatsapp", on="lead").content.decode()
    job = current(cast, cast.house.job)
    assert (job.side, job.unread_count, job.unread_channel) == (Side.US, 1, "whatsapp")
    assert job.waiting_since
    assert "wait for our reply" in page
    assert "noted that the customer wrote · WhatsApp" in page
    assert "We answered" in page
    page = post("answer", on="lead").content.decode()
    job = current(cast, cast.house.job)
    assert (job.side, job.waiting_since, job.unread_count) == (Side.CUSTOMER, None, 0)
    assert "answered, so it is their move · WhatsApp" in page
    assert "We answered" not in page_of(client, cast)


def test_an_answer_to_nobody_alters_nothing(post, cast):
    answer = post("answer", on="lead")
    assert answer.status_code == 200
    assert "no reply needed" in answer.content.decode()
    assert current(cast, cast.house.job).side == Side.US


@pytest.mark.parametrize("channel", ["", "pigeon"])
def test_how_they_wrote_must_be_said(post, cast, channel):
    assert post("hear", channel=channel, on="lead").status_code == 422
    assert current(cast, cast.house.job).waiting_since is None


def test_how_to_reach_them_is_looked_up_and_noted(client, cast):
    client.force_login(cast.house.mona.user)
    url = f"/suncoast-test/jobs/{cast.house.job.number}/reach/"
    page = client.get(url, headers={"HX-Request": "true"}).content.decode()
    write = f"/suncoast-test/messages/write/{cast.house.job.number}/?medium="
    composer = (f"{write}sms&to=%2B18135550142", f"{write}email&to=cora%40suncoast-test-mail.example")
    for link in ("tel:+18135550142", *composer):
        assert f'href="{link}"' in page.replace("&amp;", "&")
    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.of(cast.house.job).count() == 1


def test_a_note_is_written_pinned_and_taken_off(post, cast, client):
    page = post("note", body="  Two layers <b>to tear off</b>. ", on="lead").content.decode()
    assert "Two layers &lt;b&gt;to tear off&lt;/b&gt;." in page
    with use_tenant(cast.house.tenant):
        note = Note.objects.get()
        assert (note.author_id, note.pinned_at) == (cast.house.rita.pk, None)
    assert 'class="pinned"' not in page
    page = post(f"notes/{note.uid}/pin", member=cast.house.mona, on="lead").content.decode()
    assert re.search(r'class="pinned">.*?Two layers', page, re.DOTALL)
    assert "<b>Mona Manager</b> pinned a note" in page
    post(f"notes/{note.uid}/pin", on="lead")
    assert 'class="pinned"' in page_of(client, cast)
    assert 'class="pinned"' not in post(f"notes/{note.uid}/unpin", on="lead").content.decode()
    with use_tenant(cast.house.tenant):
        kinds = list(Event.objects.filter(kind__startswith="note.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["note.written", "note.pinned", "note.unpinned"]


def test_a_note_may_be_pinned_at_once_and_says_something(post, cast):
    assert post("note", body="Dog in the yard", pin="1").status_code == 302
    assert post("note", body=" \0 ", on="lead").status_code == 422
    with use_tenant(cast.house.tenant):
        assert Note.objects.get().pinned_at


def test_a_note_of_another_lead_is_not_there(post, cast):
    post("note", body="Hers")
    with use_tenant(cast.house.tenant):
        note = Note.objects.get()
        cast.house.job.assign_to(cast.house.sam, by=cast.house.mona)
    assert post(f"notes/{note.uid}/pin", stay="").status_code == 404
    assert post("note", body="Mine", stay="").status_code == 404
    with use_tenant(cast.house.tenant):
        assert Note.objects.count() == 1
