"""Notes on tickets: who reads one, who is named, what is kept of it, and that no customer ever gets one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from comms.models import Channel, Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Member, StaffMail, Team
from crm.platform.tenancy import row_level_security
from crm.web.models import Notice
from followups.conversation_note import follow_notes
from followups.models import FollowUp
from tests.cast import Cast, House
from tests.tickets.test_inbox import begin, get, say, shown
from tickets.merging.split import split
from tickets.models import Entry, Mention, NoteVersion, Ticket
from tickets.notes.mentions import tell_mentioned

pytestmark = pytest.mark.django_db

SECRET = "zebra-kept-inside"


@pytest.fixture
def ticket(house: House) -> Ticket:
    return begin(house, "Leak", member=house.sam, person=house.cora)


def noted() -> list[Event]:
    kinds = ("ticket.noted", "ticket.note_edited", "ticket.note_deleted", "ticket.note_restored")
    return list(Event.objects.filter(kind__in=kinds).order_by("pk"))


def post(house: House, member: Member, path: str, data: dict[str, Any] | None = None) -> Any:
    client = Client()
    client.force_login(member.user)
    return client.post(f"/{house.tenant.slug}/tickets/{path}", data or {})


def test_each_audience_reads_its_notes_and_nobody_else_does(cast: Cast, house: House, ticket: Ticket) -> None:
    team = Team.create("Roofers", by=None)
    team.add(house.mona, by=None)
    Entry.write(ticket, "For all of us", by=house.sam)
    Entry.write(ticket, "For the roofers", by=house.sam, audience="team", team=team)
    Entry.write(ticket, "For @Ada alone", by=house.sam, audience="named")
    read = {
        member.name.split()[0]: {note.body for note in Entry.objects.of(ticket).readable_by(member)}
        for member in (house.sam, house.mona, house.ada)
    }
    assert read == {
        "Sam": {"For all of us", "For the roofers", "For @Ada alone"},
        "Mona": {"For all of us", "For the roofers"},
        "Ada": {"For all of us", "For @Ada alone"},
    }
    page = get(cast, house.mona, f"{ticket.number}/").content.decode()
    assert ("For the roofers" in page, "For @Ada alone" in page) == (True, False)
    assert "visible to team Roofers only" in page
    secret = Entry.objects.get(audience="named")
    for path in (f"notes/{secret.uid}/versions/", f"notes/{secret.uid}/edit/"):
        assert get(cast, house.mona, path).status_code == 404
    assert post(house, house.mona, f"notes/{secret.uid}/pin/").status_code == 404
    split_page = get(cast, house.mona, f"{ticket.number}/split/").content.decode()
    assert ("For the roofers" in split_page, "For @Ada alone" in split_page) == (True, False)


def test_a_note_is_for_somebody(house: House, ticket: Ticket) -> None:
    for refused in (
        {"body": " "},
        {"body": "Hush", "audience": "named"},
        {"body": "Hush, @Sam", "audience": "named"},
        {"body": "Hush", "audience": "team"},
        {"body": "Late", "due_at": clock.now() - timedelta(days=1)},
    ):
        with pytest.raises(Refused):
            Entry.write(ticket, by=house.sam, **refused)
    assert not Entry.objects.filter(kind="note").exists()


def test_who_is_named_is_told_once_finds_it_and_has_read_it_by_opening_it(
    cast: Cast, house: House, ticket: Ticket
) -> None:
    written = post(house, house.sam, f"{ticket.number}/note/", {"body": "Ask @Mona", "named": str(house.ada.uid)})
    assert written.status_code == 302
    note = Entry.objects.get(kind="note")
    assert note.body == "Ask @Mona @Ada Admin"
    # Rita is a rep, and this is not hers to see.
    Entry.write(ticket, "And @Rita", by=house.sam)
    for _again in range(2):
        tell_mentioned(noted())
    told = Notice.objects.filter(kind="ticket.mention").order_by("member__name")
    assert [each.member.name for each in told] == ["Ada Admin", "Mona Manager"]
    assert shown(get(cast, house.mona, "?mentions=1")) == [str(ticket.number)]
    assert shown(get(cast, house.mona, "?mentions=unread")) == [str(ticket.number)]
    counts = get(cast, house.mona, "counts/").content.decode()
    assert re.search(r'id="unread-mentions"[^>]*>\s*1\s*<', counts)
    get(cast, house.mona, f"{ticket.number}/")
    assert shown(get(cast, house.mona, "?mentions=unread")) == []
    assert shown(get(cast, house.mona, "?mentions=1")) == [str(ticket.number)]
    assert set(Mention.objects.filter(read_at=None).values_list("member__name", flat=True)) == {"Ada Admin"}


def test_ones_own_note_is_edited_and_deleted_and_what_it_said_is_kept(cast: Cast, house: House, ticket: Ticket) -> None:
    note = Entry.write(ticket, "Mind the dog, @Mona", by=house.sam, pinned=True)
    path = f"notes/{note.uid}"
    assert get(cast, house.mona, f"{path}/edit/").status_code == 404
    post(house, house.mona, f"{path}/delete/")
    with pytest.raises(Refused):
        note.edit("Mine now", audience="all", team=None, by=house.mona)
    post(house, house.sam, f"{path}/edit/", {"body": "Mind the cat, @Ada", "audience": "all"})
    assert {each.member.name for each in Mention.objects.all()} == {"Ada Admin"}
    assert "Mind the dog" in get(cast, house.ada, f"{path}/versions/").content.decode()
    assert "Mind the cat" in get(cast, house.ada, f"{ticket.number}/").content.decode().split('id="thread-log"')[0]
    post(house, house.sam, f"{path}/delete/")
    assert "Mind the cat" not in get(cast, house.ada, f"{ticket.number}/").content.decode()
    assert shown(get(cast, house.ada, "?mentions=1")) == []
    assert (Entry.objects.get(pk=note.pk).body, NoteVersion.objects.count()) == ("Mind the cat, @Ada", 1)
    post(house, house.sam, f"{path}/restore/")
    assert "Mind the cat" in get(cast, house.ada, f"{ticket.number}/").content.decode()


def test_a_day_makes_a_follow_up_of_who_is_named_and_says_no_secret(house: House, ticket: Ticket) -> None:
    day = clock.now() + timedelta(days=3)
    Entry.write(ticket, "Call the adjuster, @Mona", by=house.sam, due_at=day)
    Entry.write(ticket, f"{SECRET} @Mona @Ada", by=house.sam, due_at=day, audience="named")
    for _again in range(2):
        follow_notes(noted())
    first, second = FollowUp.objects.filter(created_by=house.sam).order_by("pk")
    assert (first.assignee, first.due_at, first.person) == (house.mona, day, house.cora)
    assert first.subject == f"Conversation #{ticket.number}: Call the adjuster, @Mona"
    assert (second.assignee, SECRET in second.subject) == (house.sam, False)


def test_a_deleted_note_takes_its_open_follow_up_away_and_undo_restores_both(house: House, ticket: Ticket) -> None:
    def states() -> list[str]:
        for _again in range(2):
            follow_notes(noted())
        return list(FollowUp.objects.filter(created_by=house.sam).order_by("pk").values_list("status", flat=True))

    day = clock.now() + timedelta(days=3)
    note = Entry.write(ticket, "Call the adjuster", by=house.sam, due_at=day)
    done = Entry.write(ticket, "Send the photos", by=house.sam, due_at=day)
    assert states() == ["pending", "pending"]
    FollowUp.objects.get(origin=f"note {done.pk}").complete("successful", by=house.sam)
    for each in (note, done):
        each.remove(by=house.sam)
    assert states() == ["cancelled", "completed"]
    note.restore(by=house.sam)
    assert states() == ["pending", "completed"]
    FollowUp.objects.get(origin=f"note {note.pk}").cancel(by=house.mona)
    note.remove(by=house.sam)
    note.restore(by=house.sam)
    assert states() == ["cancelled", "completed"], "a colleague did not want it"
    quick = Entry.write(ticket, "Never mind", by=house.sam, due_at=day)
    quick.remove(by=house.sam)
    assert len(states()) == 2


def test_no_outgoing_path_carries_a_note(house: House, ticket: Ticket, settings: Any) -> None:
    """Whatever leaves is a row of comms or of mail: after all that a ticket can send, none of them has the words."""
    settings.DEMO = True
    address = "support@suncoast.example"
    Channel.create(by=None, brand=house.job.brand, medium="email", role="support", provider="embedded", address=address)
    asked = say(ticket, text="It leaks", person=house.cora)
    Entry.write(ticket, SECRET, by=house.sam, pinned=True, due_at=clock.now() + timedelta(days=2))
    ticket.participants.create(address="spouse@home.example", name="Jo", role="spouse", confirmed_at=clock.now())
    answers: tuple[dict[str, Any], ...] = (
        {"medium": "email", "subject": "Re: Leak", "text": "We come", "cc": "spouse@home.example", "then": "ours"},
        {"medium": "email", "subject": "Re: Leak", "text": "We come at two", "then": "snooze"},
        {"medium": "email", "subject": "Later", "text": "Not sent yet", "act": "draft"},
    )
    for form in answers:
        post(house, house.sam, f"{ticket.number}/reply/", form)
    assert Message.objects.filter(direction="out").count() == 2
    split(ticket, [Entry.objects.get(message=asked)], by=house.sam, subject="Another")
    follow_notes(noted())
    tell_mentioned(noted())
    carrying = [model for model in (*row_level_security.tenant_models(), StaffMail) if _holds(model, SECRET)]
    assert {model._meta.label for model in carrying} == {"tickets.Entry", "followups.FollowUp"}


def _holds(model: Any, words: str) -> bool:
    """Whether a text of a tenant's table, or of mail to members, has the words."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'select exists (select from "{table}" as row where row::text like %s)', [f"%{words}%"])
        return bool(cursor.fetchone()[0])
