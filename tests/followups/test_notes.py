"""Notes on a follow-up: who wrote what and when, who may change it, who is told, and where it is read."""

import re
from datetime import timedelta
from typing import Any

import pytest

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from followups.export import list_headings, read_rows
from followups.importing.columns import guess_columns
from followups.models import FollowUp, FollowUpNote, FollowUpOutcome
from followups.models.completion import complete_all
from followups.notes.notices import NOTED, tell_noted


def write(house: Any, follow_up: FollowUp, body: str, *, by: Any) -> FollowUpNote:
    with use_tenant(house.tenant):
        return FollowUp.objects.get(pk=follow_up.pk).note(body, by=by)


def told(house: Any) -> set[str]:
    with use_tenant(house.tenant):
        tell_noted(Event.objects.filter(kind="followup.noted").order_by("pk"))
        return {notice.member.name for notice in Notice.objects.filter(kind=NOTED).select_related("member")}


def test_each_note_has_its_author_and_time(house: Any, planned: Any, as_member: Any) -> None:
    follow_up, mona = planned(), as_member("mona")
    write(house, follow_up, "Ask for Ann", by=house.rita)
    with clock.at(clock.now() + timedelta(hours=1)):
        mona.post(f"followups/{follow_up.uid}/note/", {"note": "Ann is away"})
        page = mona.get(f"followups/{follow_up.uid}/")
    assert page.index("Rita Rep") < page.index("Ask for Ann") < page.index("Ann is away")
    assert re.findall(r"today, (1\d):00\s?AM", page) == ["10", "11"]


def test_a_note_needs_no_present_version(house: Any, planned: Any, as_member: Any) -> None:
    follow_up = planned()
    data = {"version": follow_up.version, "note": "One"}
    as_member("rita").post(f"followups/{follow_up.uid}/note/", data)
    as_member("mona").post(f"followups/{follow_up.uid}/note/", data | {"note": "Two"})
    with use_tenant(house.tenant):
        assert [note.body for note in FollowUpNote.objects.of([follow_up.pk])] == ["One", "Two"]


def test_its_author_edits_it_and_nobody_else(house: Any, planned: Any, as_member: Any) -> None:
    follow_up = planned()
    note = write(house, follow_up, "Ask for Ann", by=house.rita)
    as_member("mona").post(f"followups/notes/{note.uid}/edit/", {"note": "Mine"}, status=404)
    rita = as_member("rita")
    assert "Ask for Ann" in rita.get(f"followups/notes/{note.uid}/edit/")
    rita.post(f"followups/notes/{note.uid}/edit/", {"note": "Ask for Bea"})
    page = rita.get(f"followups/{follow_up.uid}/")
    assert "Ask for Bea" in page
    assert "edited" in page
    with use_tenant(house.tenant), pytest.raises(Refused, match="author"):
        note.edit("Mine", by=house.mona)


def test_an_empty_note_is_refused(house: Any, planned: Any, as_member: Any) -> None:
    follow_up, rita = planned(), as_member("rita")
    assert (
        "Write something first"
        in rita.post(f"followups/{follow_up.uid}/note/", {"note": " \0"}, status=422).content.decode()
    )
    note = write(house, follow_up, "Ask for Ann", by=house.rita)
    rita.post(f"followups/notes/{note.uid}/edit/", {"note": " "}, status=422)
    with use_tenant(house.tenant):
        assert FollowUpNote.objects.get().body == "Ask for Ann"


def test_a_deleted_note_comes_back(house: Any, planned: Any, as_member: Any) -> None:
    follow_up, rita = planned(), as_member("rita")
    note = write(house, follow_up, "Ask for Ann", by=house.rita)
    rita.post(f"followups/notes/{note.uid}/delete/", {})
    assert "Ask for Ann" not in rita.get(f"followups/{follow_up.uid}/")
    rita.post(f"followups/notes/{note.uid}/restore/", {})
    assert "Ask for Ann" in rita.get(f"followups/{follow_up.uid}/")


def test_the_assignee_earlier_authors_and_the_named_are_told(house: Any, planned: Any) -> None:
    follow_up = planned()
    write(house, follow_up, "Ask for Ann", by=house.ada)
    assert told(house) == {house.rita.name}
    write(house, follow_up, "@Sam knows her", by=house.mona)
    assert told(house) == {house.rita.name, house.ada.name, house.sam.name}
    assert told(house) == {house.rita.name, house.ada.name, house.sam.name}


def test_the_result_of_many_is_a_note_on_each(house: Any, planned: Any) -> None:
    rows = [planned(kind="task"), planned(kind="call")]
    with use_tenant(house.tenant):
        locked = FollowUp.lock_all(FollowUp.objects.filter(pk__in=[row.pk for row in rows]))
        complete_all(locked, FollowUpOutcome.SUCCESSFUL, by=house.mona, note="All well")
        notes = FollowUpNote.objects.of([row.pk for row in rows])
        assert {(note.follow_up_id, note.body, note.author_id) for note in notes} == {
            (row.pk, "All well", house.mona.pk) for row in rows
        }
        # The call is a contact with the customer, whose event has the words.
        events = Event.objects.filter(kind="followup.noted").values_list("subject_id", flat=True)
        assert list(events) == [rows[0].pk]


@pytest.mark.parametrize("path", ["leads/{job.number}/", "people/{cora.uid}/", "followups/customer/{cora.uid}/"])
def test_timelines_show_a_note(house: Any, planned: Any, as_member: Any, path: str) -> None:
    write(house, planned(), "Ask for Ann", by=house.rita)
    assert "Ask for Ann" in as_member("rita").get(path.format(job=house.job, cora=house.cora))


@pytest.mark.parametrize("path", ["followups/?q=for+ann", "followups/today/", "followups/job/{number}/"])
def test_where_a_note_is_found(house: Any, planned: Any, as_member: Any, path: str) -> None:
    write(house, planned("Call them"), "Ask for Ann", by=house.rita)
    planned("Another", hours=50)
    page = as_member("rita").get(path.format(number=house.job.number))
    assert "Call them" in page
    assert ("q=" in path) != ("Ask for Ann" in page)


def test_the_export_has_notes_that_an_import_leaves(house: Any, planned: Any) -> None:
    follow_up = planned()
    write(house, follow_up, "Ask for Ann", by=house.rita)
    with use_tenant(house.tenant):
        (row,) = read_rows([follow_up.pk], house.mona)
    assert row[-1] == "2026-11-25 10:00 Rita Rep: Ask for Ann"
    assert guess_columns(list_headings())[-1] == ""
