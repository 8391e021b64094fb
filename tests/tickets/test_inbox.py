"""The inbox: its list, what a row says, one conversation, and what it costs."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from comms.gate.consent.consents import record
from comms.gate.consent.suppressions import suppress
from comms.models import Attachment, Channel, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.files import stored_files
from crm.platform.models import Brand, Event, Member, Team
from crm.web.timeline.event_words import describe_event
from tests.cast import Cast, House
from tests.tickets.messages import message
from tickets.inbox.ticket_list import TICKETS
from tickets.models import Entry, Status, Ticket
from tickets.models.ticket_verbs.status_change import enter_status

pytestmark = pytest.mark.django_db


def begin(house: House, subject: str, *, member: Member | None = None, person: Person | None = None) -> Ticket:
    return Ticket.begin(
        brand=Brand.objects.get(), subject=subject, person=person, medium="email", by=None, member=member
    )


def say(ticket: Ticket, direction: str = "in", *, by: Member | None = None, **more: Any) -> Message:
    said = message(direction, author=by, **more)
    Entry.objects.add_message(ticket, said, matched_by="written")
    if direction == "in":
        ticket.receive(said)
    else:
        ticket.reply(said, by=by)
    return said


def get(cast: Cast, member: Member, path: str = "", **headers: str) -> Any:
    client = Client()
    client.force_login(member.user)
    return client.get(f"/{cast.house.tenant.slug}/tickets/{path}", headers=headers)


def shown(response: Any) -> list[str]:
    return re.findall(r'<article class="ticket[^"]*" id="t(\d+)"', response.content.decode())


def test_the_newest_message_can_be_first(cast: Cast, house: House) -> None:
    older, newer, silent = (begin(house, subject, member=house.sam) for subject in ("Older", "Newer", "Silent"))
    for ticket, hours in ((older, 3), (newer, 1)):
        say(ticket, text="It leaks", at=clock.now() - timedelta(hours=hours))
    numbers = [str(one.number) for one in (newer, older, silent)]
    assert shown(get(cast, house.sam, "?sort=newest")) == numbers


def test_the_inbox_begins_with_ones_own_and_each_view_keeps_what_its_name_says(cast: Cast, house: House) -> None:
    mine, _nobodys, _monas, solved, later = (
        begin(house, subject, member=member)
        for subject, member in (
            ("Mine", house.sam),
            ("Nobody’s", None),
            ("Mona’s", house.mona),
            ("Done", house.sam),
            ("Later", house.sam),
        )
    )
    monas_done = begin(house, "Mona’s done", member=house.mona)
    monas_done.save(update_fields=enter_status(monas_done, Status.SOLVED))
    say(mine, text="It leaks again")
    solved.save(update_fields=enter_status(solved, Status.SOLVED))
    Ticket.objects.filter(pk=later.pk).update(snoozed_until=clock.now() + timedelta(days=1))
    keys = {view.key: view.filters for view in TICKETS.views(house.sam)}
    found = {key: {row.subject for row in TICKETS.apply(kept, house.sam)} for key, kept in keys.items()}
    assert found == {
        "mine": {"Mine"},
        "nobody": {"Nobody’s"},
        "all": {"Mine", "Nobody’s", "Mona’s"},
        "wrote": {"Mine"},
        "over": set(),
        "snoozed": {"Later"},
        "mentions": set(),
        "drafts": set(),
        "solved": {"Done", "Mona’s done"},
        "closed": set(),
    }
    assert shown(get(cast, house.sam)) == [str(mine.number)]


def test_a_search_finds_by_number_by_words_and_by_the_person_of_any_status(cast: Cast, house: House) -> None:
    ticket = begin(house, "Gutter", person=house.cora)
    say(ticket, text="A squirrel lives in the chimney")
    ticket.save(update_fields=enter_status(ticket, Status.SOLVED))
    begin(house, "Another")
    for text in (f"#{ticket.number}", "squirrel", "Cora Customer"):
        assert shown(get(cast, house.sam, f"?q={text.replace('#', '%23')}")) == [str(ticket.number)], text
    assert shown(get(cast, house.sam, "?q=hedgehog")) == []
    read = [sql for sql in queries(cast, house.sam, "?q=squirrel") if 'FROM "comms_message"' in sql]
    assert read == [], "tickets are asked for by the ids of messages: a rep may see few of two thousand"


def test_a_rep_sees_no_colleagues_conversation(cast: Cast, house: House) -> None:
    monas = begin(house, "Mona’s", member=house.mona)
    assert shown(get(cast, house.rita, "?who=all")) == []
    assert get(cast, house.rita, f"{monas.number}/").status_code == 404
    assert get(cast, house.rita, f"{monas.number}/thread/").status_code == 404
    assert get(cast, house.mona, f"{monas.number}/").status_code == 200


def test_a_conversation_shows_all_channels_in_order_and_what_a_customer_never_sees_apart(
    cast: Cast, house: House
) -> None:
    ticket = begin(house, "Leak", member=house.sam, person=house.cora)
    now = clock.now()
    say(ticket, text="First <b>words</b>", folded_text="> what you wrote", at=now - timedelta(hours=3))
    say(
        ticket,
        "out",
        by=house.sam,
        medium="sms",
        text="We come at two",
        delivery="delivered",
        at=now - timedelta(hours=2),
    )
    say(ticket, "out", medium="email", subject="A reminder", text="By itself", at=now - timedelta(hours=1))
    Entry.objects.create(ticket=ticket, kind="note", author=house.mona, body="Mind the dog", at=now)
    html = get(cast, house.sam, f"{ticket.number}/").content.decode().split('id="thread-log"')[1]
    assert 'hx-disinherit="hx-swap"' in html, "else to edit a note, or to split off, takes composer and dialog away"
    places = [html.index(words) for words in ("First &lt;b&gt;", "We come at two", "By itself", "Mind the dog")]
    assert places == sorted(places)
    assert "<b>words" not in html
    assert re.search(r'<article class="msg is-note"[^>]*>(?:(?!</article>).)*visible to the team only', html, re.S)
    assert "delivered" in html
    assert "sent automatically" in html
    assert "<span>Sent automatically</span>" not in html, "said once"
    assert '<details class="msg-fold">' in html


def test_nothing_a_stranger_writes_is_taken_for_html_however_it_was_read(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam)
    bad = "<blink>\"'&"
    written = {name: f"{name}{bad}" for name in ("address", "address_name", "subject", "text", "folded_text")}
    copies = {"cc": [["x@y.example", f"copies{bad}"]]}
    proof = {"dmarc": f"fail{bad}", "spf": "fail"}
    mail = say(ticket, **written, participants=copies, authentication=proof)
    _file(mail, f"name{bad}")
    say(ticket, **written, medium="sms")
    say(ticket, **written, medium="call")
    say(ticket, "out", by=house.sam, **written, state="failed", error=f"error{bad}")
    html = get(cast, house.sam, f"{ticket.number}/").content.decode()
    for name in (*written, "copies", "error", "name"):
        assert f"{name}&lt;blink&gt;&quot;&#x27;&amp;" in html, name
    assert "<blink>" not in html
    tokens = r'name="csrfmiddlewaretoken" value="\w+"'
    with CaptureQueriesContext(connection):
        # A log of queries has rows come as text, not in Postgres' binary form.
        again = get(cast, house.sam, f"{ticket.number}/").content.decode()
    kept = [re.search(r'id="thread-log".*?id="thread-foot"', page, re.S) for page in (html, again)]
    first, second = (re.sub(tokens, "", found[0]) for found in kept if found)
    assert first == second


def test_what_a_colleagues_own_mailbox_keeps_is_not_read_here(cast: Cast, house: House) -> None:
    ticket = begin(house, "Private", member=house.sam)
    channel = Channel.objects.create(
        brand=Brand.objects.get(), medium="email", address="mona@roof.example", owner=house.mona, provider="embedded"
    )
    say(ticket, text="For Mona’s eyes", channel=channel)
    html = get(cast, house.sam, f"{ticket.number}/").content.decode()
    assert "own mailbox" not in html, "nobody else learns that it is there"
    assert "For Mona" not in html.split('class="thread-log"')[1]
    assert shown(get(cast, house.sam, "?q=eyes")) == [], "nor are its words guessed by a search"
    assert shown(get(cast, house.mona, "?q=eyes")) == [str(ticket.number)]


def test_the_newest_come_first_and_the_earlier_ones_by_their_place(cast: Cast, house: House) -> None:
    ticket = begin(house, "Long", member=house.sam)
    start = clock.now() - timedelta(days=10)
    for at in range(55):
        said = message("in", text=f"Number {at:02}.", at=start + timedelta(hours=at))
        Entry.objects.add_message(ticket, said, matched_by="written")
    page = get(cast, house.sam, f"{ticket.number}/").content.decode()
    assert ("Number 05." in page, "Number 04." in page, "Number 54." in page) == (True, False, True)
    [place] = re.findall(r"thread/\?before=([\w-]+)", page)
    earlier = get(cast, house.sam, f"{ticket.number}/thread/?before={place}").content.decode()
    assert ("Number 04." in earlier, "Number 00." in earlier, "Number 05." in earlier) == (True, True, False)
    assert "before=" not in earlier


def test_a_page_asks_again_only_for_what_came(cast: Cast, house: House) -> None:
    ticket = begin(house, "Live", member=house.sam)
    say(ticket, text="Before")
    page = get(cast, house.sam, f"{ticket.number}/").content.decode()
    [query] = re.findall(r'thread/(\?since=[^"]*)"', page)
    query = query.replace("&amp;", "&")
    assert get(cast, house.sam, f"{ticket.number}/thread/{query}").status_code == 204
    say(ticket, text="After")
    fresh = get(cast, house.sam, f"{ticket.number}/thread/{query}").content.decode()
    assert "Before" in fresh
    assert "After" in fresh
    assert 'id="thread-head" hx-swap-oob="true"' in fresh


def queries(cast: Cast, member: Member, path: str, **headers: str) -> list[str]:
    get(cast, member, path, **headers)
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert get(cast, member, path, **headers).status_code == 200
    return [one["sql"] for one in made.captured_queries]


def test_neither_page_asks_more_for_more_rows(cast: Cast, house: House) -> None:
    ticket = begin(house, "One", member=house.sam, person=house.cora)
    say(ticket)
    few = (
        len(queries(cast, house.sam, "")),
        len(queries(cast, house.sam, f"{ticket.number}/", **{"HX-Request": "true"})),
    )
    for at in range(12):
        say(begin(house, f"More {at}", member=house.sam, person=house.cora))
        say(ticket, text=f"And {at}")
    many = (
        len(queries(cast, house.sam, "")),
        len(queries(cast, house.sam, f"{ticket.number}/", **{"HX-Request": "true"})),
    )
    assert many == few
    data = [sql for sql in queries(cast, house.sam, f"{ticket.number}/") if _is_data(sql)]
    assert len(data) <= 12, "\n".join(data)
    brand = Brand.objects.get()
    copies = Message.objects.bulk_create(
        Message(brand=brand, medium="email", direction="in", state="received", text=f"Copy {at}.") for at in range(500)
    )
    Entry.objects.bulk_create(Entry(ticket=ticket, kind="message", message=each) for each in copies)
    path = f"{ticket.number}/"
    assert len(queries(cast, house.sam, path, **{"HX-Request": "true"})) == few[1], "at 5 and at 500 messages"
    assert len(set(re.findall(r"Copy \d+\.", get(cast, house.sam, path).content.decode()))) == 50


def _is_data(sql: str) -> bool:
    """Tell a page's own questions from those of every page: session, member, configuration, savepoints."""
    return bool(re.search(r'"(tickets|comms|jobs|people|platform_event)', sql))


def test_many_are_solved_at_once_and_brought_back_together(cast: Cast, house: House) -> None:
    tickets = [begin(house, f"Alike {at}", member=house.sam) for at in range(3)]
    client = Client()
    client.force_login(house.sam.user)
    picked = ",".join(str(ticket.number) for ticket in tickets[:2])
    page = client.post(f"/{house.tenant.slug}/tickets/bulk/", {"act": "solve", "picked": picked}, follow=True)
    assert [Ticket.objects.get(pk=ticket.pk).status for ticket in tickets] == ["solved", "solved", "new"]
    [undo] = re.findall(r'action="(/[^"]*/undo/[^"]*|/[^"]*undo[^"]*)"', page.content.decode())[:1]
    client.post(undo)
    assert {Ticket.objects.get(pk=ticket.pk).status for ticket in tickets} == {"new"}


def test_many_are_given_to_a_colleague_or_a_team_for_a_reason_and_brought_back(cast: Cast, house: House) -> None:
    tickets = [begin(house, f"Alike {at}", member=house.sam) for at in range(3)]
    tickets[1].close(by=house.sam)
    team = Team.objects.create(name="Service")
    client, url = Client(), f"/{house.tenant.slug}/tickets/bulk/assign/"
    picked = {"picked": ",".join(str(ticket.number) for ticket in tickets)}
    client.force_login(house.rita.user)
    assert client.post(url, picked).status_code == 404
    client.force_login(house.mona.user)
    asked = client.post(url, picked).content.decode()
    assert "2 conversations are selected" in asked
    assert f'value="{picked["picked"]}"' in asked
    given = picked | {"to": f"member:{house.rita.uid}", "reason": "Sam is away"}
    page = client.post(url, given, follow=True).content.decode()
    assert [Ticket.objects.get(pk=ticket.pk).member for ticket in tickets] == [house.rita, house.sam, house.rita]
    told = Event.objects.of(tickets[0]).latest("pk")
    assert describe_event(told.kind, told.data, told.actor_id)[2] == "assigned it to Rita Rep: Sam is away"
    [undo] = re.findall(r'action="(/[^"]*undo/[^"]*)"', page)[:1]
    client.post(undo)
    assert {Ticket.objects.get(pk=ticket.pk).member for ticket in tickets} == {house.sam}
    client.post(url, picked | {"to": f"team:{team.uid}"})
    assert [Ticket.objects.get(pk=ticket.pk).team for ticket in tickets] == [team, None, team]
    assert client.post(url, picked | {"to": "member:nobody-there"}).status_code == 404


def test_the_palette_and_the_leads_page_find_the_conversation(cast: Cast, house: House) -> None:
    ticket = begin(house, "Chimney", member=house.rita, person=house.cora)
    Ticket.objects.filter(pk=ticket.pk).update(job=house.job)
    say(ticket, text="It drips on the stove")
    client = Client()
    client.force_login(house.rita.user)
    slug = house.tenant.slug
    assert "Chimney" in client.get(f"/{slug}/palette/?q=Cora", headers={"HX-Request": "true"}).content.decode()
    panel = client.get(f"/{slug}/tickets/job/{house.job.number}/", headers={"HX-Request": "true"}).content.decode()
    assert "It drips on the stove" in panel
    assert f'hx-get="/{slug}/tickets/{ticket.number}/reply/"' in panel
    older = begin(house, "Gutter", member=house.rita, person=house.cora)
    Ticket.objects.filter(pk=older.pk).update(job=house.job)
    job_url = f"/{slug}/tickets/job/{house.job.number}/"
    lines = client.get(f"{job_url}?lines&open={ticket.number}").content.decode()
    assert ("Gutter" in lines, "Chimney" in lines, 'id="composer"' in lines) == (True, False, False)
    assert 'hx-disinherit="hx-swap"' in lines, "else to choose one takes the place of all away"
    other = client.get(f"{job_url}?open={older.number}").content.decode()
    assert (f"/{older.number}/reply/" in other, "It drips on the stove" in other) == (True, False)
    place = re.search(rf"(/{slug}/tickets/{ticket.number}/thread/\?since=[^&]*)&", panel)
    assert place
    fresh = client.get(f"{place[1]}&on_job").content.decode()
    assert 'id="thread-head" hx-swap-oob="true"' in fresh
    assert "data-act" not in fresh
    lead = client.get(f"/{slug}/leads/{house.job.number}/").content.decode()
    assert f"/{slug}/tickets/job/{house.job.number}/" in lead


def test_the_panel_tells_preferences_and_files_as_far_as_one_may_read_them(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam, person=house.cora)
    number = house.cora.contact_points.get(kind="phone").value
    for medium in ("whatsapp", "sms", "whatsapp", "sms", "whatsapp"):
        say(ticket, medium=medium, person=house.cora, address=number)
    _file(say(ticket, person=house.cora), "roof.pdf")
    mailbox = {"medium": "email", "role": "personal", "provider": "imap", "address": "rita@own.example"}
    own = Channel.objects.create(brand=ticket.brand, owner=house.rita, **mailbox)
    _file(say(ticket, channel=own), "private.pdf")
    record(number, brand=ticket.brand, medium="sms", purpose="marketing", given=True, wording="Yes", source="call")
    suppress(number, "stop", source="message", medium="whatsapp")
    Person.objects.filter(pk=house.cora.pk).update(language="nl")
    page = _text(get(cast, house.sam, f"{ticket.number}/side/"))
    for said in (
        "Usual channel WhatsApp, Text message",
        "Nederlands",
        "Offers: Yes",
        "They asked us to stop",
        "roof.pdf",
    ):
        assert said in page, said
    assert "private.pdf" not in page
    part = get(cast, house.rita, f"{ticket.number}/side/", **{"HX-Request": "true"})
    assert part.status_code == 404, "not hers to see"
    assert f"/tickets/{ticket.number}/side/" in get(cast, house.sam, f"{ticket.number}/").content.decode()
    many = [_file(say(ticket), f"photo{at:02}.jpg") for at in range(13)]
    shown_files = _text(get(cast, house.sam, f"{ticket.number}/side/", **{"HX-Request": "true"}))
    assert many[-1].name in shown_files
    assert "2 more files" in shown_files
    assert "roof.pdf" not in shown_files


def test_the_panel_links_no_page_that_answers_404(cast: Cast, house: House) -> None:
    """Rita has the conversation; the customer's leads are Sam's."""
    ticket = begin(house, "Leak", member=house.rita, person=house.cora)
    link = f"/messages/decisions/person/{house.cora.uid}/"
    assert link in get(cast, house.rita, f"{ticket.number}/side/").content.decode()
    Job.objects.filter(person=house.cora).update(member=house.sam)
    assert link not in get(cast, house.rita, f"{ticket.number}/side/").content.decode()


def _text(page: Any) -> str:
    return " ".join(strip_tags(page.content.decode()).split())


def _file(of: Message, name: str) -> Attachment:
    file = stored_files.store_file(io.BytesIO(b"roof"), name, purpose="message", by=None, days=None)
    made: Attachment = Attachment.objects.create(message=of, file=file, name=name, media_type="text/plain", size=4)
    return made
