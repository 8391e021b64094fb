"""Macros: in the draft, done when it is sent or at once, taken back whole, and set up in words."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from comms.models import Draft, Message
from crm.jobs.models import Tag
from crm.jobs.models.tag import tags
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change
from followups.models import FollowUp
from followups.next_step import macros as follow_ups
from tests.cast import House
from tests.tickets.test_inbox import begin
from tests.tickets.test_reply import MAIL, asked, sam, told, url, writing
from tickets.inbox.replies import take_back_replies
from tickets.macros.application import due_at
from tickets.macros.words import macro_effects
from tickets.models import Macro, Status, Ticket

__all__ = ["asked", "sam", "writing"]
pytestmark = pytest.mark.django_db
PLANNED = {"follow_up_kind": "call", "follow_up_title": "Ask again", "follow_up_after": 2, "follow_up_unit": "days"}


@pytest.fixture
def macro(writing: House) -> Macro:
    tag = Tag.add("Storm", by=None)
    text = "Hi {{ customer.first_name }}, about {{ property.city }}"
    more = {"status": "solved", "priority": 1, "tag_ids": [tag.pk], "to_user": True, **PLANNED}
    return Macro.add(name="Storm", text=text, by=None, **more)


def test_a_macro_is_done_when_its_text_is_sent_and_all_of_it_is_taken_back(
    sam: Client, writing: House, asked: Ticket, macro: Macro
) -> None:
    macro.edit(by=None, text="Hi {{ customer.first_name }}")
    sam.post(url(writing, asked), MAIL | {"preset": str(macro.uid)})
    asked.refresh_from_db()
    assert (asked.status, asked.priority, [tag.name for tag in asked.tags]) == (Status.SOLVED, 1, ["Storm"])
    applied = told("ticket.macro_applied")
    follow_ups.plan_for_macros(applied)
    follow_ups.plan_for_macros(applied)
    planned = FollowUp.objects.get()
    assert (planned.kind, planned.subject, planned.assignee_id) == ("call", "Ask again", writing.sam.pk)
    assert (planned.person_id, planned.due_at) == (
        writing.cora.pk,
        datetime.fromisoformat(applied[0].data["follow_up"]["at"]),
    )
    Message.objects.get(direction="out").cancel(by=writing.sam)
    take_back_replies(told("message.cancelled"))
    follow_ups.take_back(told("ticket.macro_undone"))
    asked.refresh_from_db()
    planned.refresh_from_db()
    assert (asked.status, asked.priority, asked.tags) == (Status.NEW, 3, [])
    assert planned.status == "cancelled"
    FollowUp.objects.all().delete()
    follow_ups.plan_for_macros(applied)
    assert not FollowUp.objects.exists(), "taken back before anybody planned it"


def test_a_follow_up_that_somebody_touched_stays_and_a_button_goes_before_the_macros_status(
    sam: Client, writing: House, asked: Ticket, macro: Macro
) -> None:
    sam.post(url(writing, asked), MAIL | {"preset": str(macro.uid), "then": "ours"})
    asked.refresh_from_db()
    assert (asked.status, asked.priority) == (Status.OPEN, 1)
    follow_ups.plan_for_macros(told("ticket.macro_applied"))
    FollowUp.objects.get().start(by=writing.sam)
    undo.undo_change(Change.objects.get(kind="ticket.replied").uid, by=writing.sam)
    follow_ups.take_back(told("ticket.macro_undone"))
    assert FollowUp.objects.get().status == "in_progress"


def test_a_choice_puts_the_words_into_the_draft_and_says_what_will_be_done(
    sam: Client, writing: House, asked: Ticket, macro: Macro
) -> None:
    once = Macro.add(name="Mine", to_user=True, by=None)
    page = sam.get(url(writing, asked)).content.decode()
    assert "solves it, tags it “Storm”, priority Urgent, assigns it to you" in page
    assert "follow-up in 2 working days: call “Ask again”" in page
    assert f'name="once" value="{once.uid}"' in page
    look = sam.get(url(writing, asked) + f"?medium=email&preview={macro.uid}").content.decode()
    assert "No value for: City" in look
    assert not Draft.objects.exists()
    typed = MAIL | {"text": "Hello"}
    sam.post(url(writing, asked), typed | {"pick": str(macro.uid)})
    draft = Draft.objects.get()
    assert (draft.text, draft.preset) == ("Hello\n\nHi Cora, about {{ property.city }}", str(macro.uid))
    assert f'name="preset" value="{macro.uid}"' in sam.get(url(writing, asked)).content.decode()
    sam.post(url(writing, asked), MAIL | {"text": "Hello", "preset": str(macro.uid), "act": "drop"})
    assert Draft.objects.get().preset == ""
    asked.refresh_from_db()
    assert asked.status == Status.NEW
    here = f"/{writing.tenant.slug}/tickets/{asked.number}/macro/"
    posted = {"version": asked.form_version, "preset": str(once.uid)}
    assert "Mine" in sam.get(here).content.decode()
    Ticket.objects.filter(pk=asked.pk).update(member=None)
    sam.post(here, posted | {"preset": str(macro.uid)})
    sam.post(here, posted)
    asked.refresh_from_db()
    assert (asked.member_id, asked.status, asked.macro_use != "") == (writing.sam.pk, Status.NEW, True)
    Draft.objects.all().delete()
    typed = MAIL | {"text": "Typed, and not kept yet", "once": str(once.uid), "version": asked.form_version}
    kept = sam.post(url(writing, asked), typed)
    assert (kept.status_code, kept.url, Draft.objects.get().text) == (307, here, typed["text"])
    undo.undo_change(Change.objects.get(kind="ticket.macro_applied").uid, by=writing.sam)
    asked.refresh_from_db()
    assert (asked.member_id, asked.macro_use) == (None, "")
    assert len(told("ticket.macro_undone")) == 1


def test_macros_are_set_up_in_words_and_refused_where_they_are_wrong(house: House, client: Client) -> None:
    page = f"/{house.tenant.slug}/tickets/settings/macros/"
    client.force_login(house.mona.user)
    typed: dict[str, Any] = {"name": "Thanks", "follow_up_unit": "hours"}
    for wrong in ({}, {"text": "Hi {{ nobody.knows }}"}, {"text": "{% if %}"}, {"follow_up_kind": "call"}):
        assert client.post(f"{page}add/", typed | wrong).status_code == 422, wrong
    typed |= {"text": "Hi {{ customer.first_name }}", "assignee": "user", "status": "pending"}
    preview = client.post(f"{page}add/", typed | {"preview": "1"}).content.decode()
    assert "Hi Hector" in preview
    assert "sends the text, sets it to waiting on the customer, assigns it to you" in preview
    assert client.post(f"{page}add/", typed).status_code == 302
    macro = Macro.objects.get()
    assert (macro.to_user, macro.member_id, macro.follow_up_after) == (True, None, None)
    version = client.get(f"{page}{macro.uid}/").context["version"]
    planned = typed | {"version": version, "follow_up_kind": "call", "follow_up_title": "Ring", "follow_up_after": "1"}
    assert client.post(f"{page}{macro.uid}/", planned).status_code == 302
    assert client.post(f"{page}{macro.uid}/", planned).status_code == 409
    macro.refresh_from_db()
    assert macro_effects(macro).endswith("assigns it to you, follow-up in 1 working hour: call “Ring”")
    shown = client.get(page)
    assert "Thanks" in shown.content.decode()
    client.post(f"{page}{macro.uid}/archive/", {"version": shown.context["version"]})
    macro.refresh_from_db()
    assert macro.archived_at is not None
    with clock.at(datetime.fromisoformat("2026-03-06T16:00:00-05:00")):  # a Friday
        ticket = begin(house, "Leak")
        assert due_at(1, "days", ticket.brand_id).isoformat().startswith("2026-03-09")
    client.force_login(house.rita.user)
    assert client.get(page).status_code == 404
    assert tags().live == []
