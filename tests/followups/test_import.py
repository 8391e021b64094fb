"""Import and export of follow-ups: a verdict for each row, one undo, and the export comes back unchanged."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from crm.jobs.importing.verdicts import count_verdicts
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform import undo
from crm.platform.files import sheet_writer
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import runs
from followups import export
from followups.importing.columns import guess_columns
from followups.importing.models import FollowUpImport
from followups.importing.runs import judge_rows, receive
from followups.models import FollowUp
from followups.models.reminder import Reminder


def file_of(rows: list[dict[str, Any]]) -> io.BytesIO:
    file = io.BytesIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    sheet_writer.write_csv(file, names, [[row.get(name, "") for name in names] for row in rows])
    return file


@pytest.fixture
def imported(house: Any) -> Callable[..., FollowUpImport]:
    """Import rows as the manager: a file from its upload to its result."""

    def run_file(*rows: dict[str, Any], by: Any = None) -> FollowUpImport:
        file = file_of(list(rows))
        with use_tenant(house.tenant):
            run = receive(file, "file.csv", len(file.getvalue()), by=by or house.mona)
            runs.start(run, by=run.by)
            run.refresh_from_db()
            return run

    return run_file


def counts(run: FollowUpImport) -> tuple[int, int, int, int]:
    return run.new_count, run.update_count, run.unchanged_count, run.refused_count


def exported(house: Any, by: Any, write: Any = sheet_writer.write_csv) -> io.BytesIO:
    """Export all open follow-ups as the product does."""
    file = io.BytesIO()
    with use_tenant(house.tenant):
        ids = list(export.list_ids(QueryDict("who=all"), by))
        write(file, export.list_headings(), list(export.read_rows(ids, by)))
    return file


def edited(file: io.BytesIO, **changed: str) -> list[dict[str, Any]]:
    """Return the rows of an exported file, with other cells by heading."""
    text = file.getvalue().decode("utf-8-sig")
    return [row | changed for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("write", [sheet_writer.write_csv, sheet_writer.write_xlsx])
def test_importing_the_export_again_changes_nothing(write: Any, planned: Any, house: Any) -> None:
    planned("=Call, 'at once'", notes="- first\n\n+31 second", limit_at=clock.now() + timedelta(days=3))
    planned("Late", hours=-5, priority=1)
    file = exported(house, house.mona, write)
    with use_tenant(house.tenant):
        run = receive(file, "file", len(file.getvalue()), by=house.mona)
        judged = judge_rows(run, range(run.total))
        assert count_verdicts(judged) == {"unchanged": 2}, judged


def test_an_edit_of_the_export_updates(planned: Any, imported: Any, house: Any) -> None:
    row = planned("Call")
    file = exported(house, house.mona)
    cells = {"Subject": "Visit them", "Type": "Visit", "Due": "2026-12-01 09:30", "Priority": "Urgent", "Notes": "New"}
    assert counts(imported(*edited(file, **cells))) == (0, 1, 0, 0)
    with use_tenant(house.tenant):
        row.refresh_from_db()
        assert (row.subject, row.kind, row.priority, row.notes) == ("Visit them", "visit", 1, "New")
        assert row.due_at.astimezone(ZoneInfo("America/New_York")).isoformat()[:16] == "2026-12-01T09:30"
        row.job.refresh_from_db()
        assert row.job.next_step[:2] == ("visit", "Visit them")


def test_rows_with_an_external_key_are_found_by_it(imported: Any, house: Any) -> None:
    row = {"ID": "TASK-7", "Subject": "Send the samples", "Due": "12/01/2026", "Assigned to": house.rita.name}
    assert counts(imported(row)) == (1, 0, 0, 0)
    assert counts(imported(row)) == (0, 0, 1, 0)
    assert counts(imported(row | {"Subject": "Send other samples"})) == (0, 1, 0, 0)
    with use_tenant(house.tenant):
        only = FollowUp.objects.get()
        assert (only.subject, only.assignee_id, only.is_personal) == ("Send other samples", house.rita.pk, True)


def test_rows_without_a_key_are_added_once(imported: Any) -> None:
    row = {"Subject": "Send the samples", "Due": "2026-12-01 10:00"}
    run = imported(row, row)
    assert counts(run) == (1, 0, 0, 1)
    assert run.refusals == {"3": "It is the same as row 2."}
    assert counts(imported(row)) == (0, 0, 1, 0)


def test_a_new_one_is_the_next_step_of_its_lead(imported: Any, house: Any) -> None:
    with use_tenant(house.tenant):
        number = house.job.number
    imported({"Title": "Measure the roof", "Soort": "Visit", "Leadnummer": number, "Due": "2026-11-27", "Prio": "High"})
    with use_tenant(house.tenant):
        row = FollowUp.objects.get()
        assert (row.job_id, row.assignee_id, row.kind, row.priority) == (house.job.pk, house.rita.pk, "visit", 2)
        house.job.refresh_from_db()
        assert house.job.next_step[:2] == ("visit", "Measure the roof")


REFUSED = {
    "There is no lead “99999”.": {"Lead number": "99999"},
    "There is no active member “Nora Nobody”.": {"Who": "Nora Nobody"},
    "Its due time has passed.": {"Due": "2026-11-24"},
    "Due: It is not written as a date.": {"Due": "soon"},
    "There is no type “Dance”.": {"Type": "Dance"},
    "There is no priority “Whatever”.": {"Priority": "Whatever"},
    "The subject is missing.": {"Subject": ""},
    "It is due later than promised.": {"Due": "2026-12-02", "Promised for": "2026-12-01"},
    "It is done or cancelled. Only open ones are added.": {"Status": "Done"},
    "There is no follow-up with this ID.": {"ID": "01912345-0000-7000-8000-000000000000"},
    "There is no customer with “nobody.here@gmail.com”.": {"Customer email": "nobody.here@gmail.com"},
    "“hello” is no email address or phone number.": {"Customer email": "hello"},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_placed_is_refused_with_its_reason(reason: str, imported: Any, house: Any) -> None:
    run = imported({"Subject": "Call", "Due": "2026-12-01"} | REFUSED[reason])
    assert run.refusals == {"2": reason}
    assert run.refused_rows()[0][-1] == reason
    with use_tenant(house.tenant):
        assert not FollowUp.objects.exists()


def test_an_address_identifies_only_one_customer(imported: Any, house: Any) -> None:
    with use_tenant(house.tenant):
        for name in ("Ann Lee", "Bob Lee"):
            ContactPoint.objects.create(person=Person.objects.create(name=name), kind="email", value="lee@lees.example")
        ann = Person.objects.get(name="Ann Lee")
        ContactPoint.objects.create(person=ann, kind="phone", value="+12125550147")
    run = imported(
        {"Subject": "Call", "Email": "lee@lees.example", "Phone": ""},
        {"Subject": "Call", "Email": "", "Phone": "(212) 555-0147"},
    )
    assert run.refusals == {"2": "Several customers have “lee@lees.example”. Use the lead number."}
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().person_id == ann.pk


def test_a_rep_neither_sees_nor_changes_others(planned: Any, imported: Any, house: Any) -> None:
    row = planned("Secret", job=None, assignee=house.mona, by=house.mona)
    with use_tenant(house.tenant):
        row.refresh_from_db()
    run = imported({"ID": str(row.uid), "Subject": "Changed"}, by=house.rita)
    assert run.refusals == {"2": "There is no follow-up with this ID."}


def test_closed_ones_are_not_changed(planned: Any, imported: Any, house: Any) -> None:
    row = planned("Call")
    file = exported(house, house.mona)
    with use_tenant(house.tenant):
        row.cancel(by=house.rita)
    assert imported(*edited(file, Subject="Other")).refusals == {"2": "It is done or cancelled. Reopen it first."}


def test_a_status_of_the_file_completes_and_cancels(planned: Any, imported: Any, house: Any) -> None:
    row = planned("Call")
    file = exported(house, house.mona)
    assert imported(*edited(file, Status="Done")).refused_count == 1
    assert counts(imported(*edited(file, Status="Done", Outcome="No answer"))) == (0, 1, 0, 0)
    with use_tenant(house.tenant):
        row.refresh_from_db()
        assert (row.status, row.outcome) == ("completed", "no_answer")


def test_one_undo_takes_back_what_was_added_and_changed(planned: Any, imported: Any, house: Any) -> None:
    row = planned("Call")
    with use_tenant(house.tenant):
        before = FollowUp.objects.filter(pk=row.pk).values("subject", "kind", "due_at", "assignee_id", "notes").get()
    [old] = edited(exported(house, house.mona), Subject="Visit", Type="Visit", Due="2026-12-01", Who=house.mona.name)
    new = {"ID": "X1", "Subject": "New"}
    run = imported(old, new)
    assert counts(run) == (1, 1, 0, 0), run.refusals
    with use_tenant(house.tenant):
        undo.undo_change(run.change.uid, by=house.mona)
        assert FollowUp.objects.filter(pk=row.pk).values(*before).get() == before
        assert FollowUp.objects.get(subject="New").status == "cancelled"
    # What was taken back can be imported again.
    assert counts(imported(new)) == (1, 0, 0, 0)


def test_headings_are_recognised_in_english_and_dutch() -> None:
    assert guess_columns(["Lead number", "Lead", "Title", "Deadline", "x"]) == ["lead", "", "subject", "due", ""]
    assert guess_columns(["Onderwerp", "Vervaldatum", "Eigenaar", "Prioriteit"]) == [
        "subject",
        "due",
        "member",
        "priority",
    ]


def test_the_pages_lead_from_the_file_to_its_result(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    file = file_of([{"What": "Call her", "Nickname": "Measure"}, {"What": "", "Nickname": "Old"}])
    upload = SimpleUploadedFile("todo.csv", file.getvalue())
    url = rita.post("followups/import/", {"file": upload}).url.removeprefix(rita.prefix)
    page = rita.get(url)
    assert "1 new" in page
    assert "The subject is missing." in page
    columns = {"column-0": "", "column-1": "subject"}
    rita.post(url, columns | {"start": "1"})
    assert "Import 2 follow-ups" in rita.get(url)
    rita.post(url, columns | {"start": "1"})
    page = rita.get(url)
    assert "2 new" in page
    assert re.search(r"undo/[0-9a-f-]{36}/", page)
    with use_tenant(house.tenant):
        assert set(FollowUp.objects.values_list("subject", flat=True)) == {"Measure", "Old"}
    rita.get(url + "refused/", status=404)
    as_member("mona").get(url, status=404)


def test_refused_rows_come_as_a_file_with_their_reason(imported: Any, as_member: Any, house: Any) -> None:
    run = imported({"Subject": "Call", "Due": "soon"}, {"Subject": "Fine", "Due": ""})
    response = as_member("mona").client.get(f"/{house.tenant.slug}/followups/import/{run.uid}/refused/")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [["Subject", "Due", "Why it was refused"], ["Call", "soon", "Due: It is not written as a date."]]


@pytest.mark.parametrize(("content", "sentence"), [(b"", "empty"), (b"Subject\n", "no rows below the headings")])
def test_an_unreadable_file_says_why(content: bytes, sentence: str, as_member: Any) -> None:
    upload = SimpleUploadedFile("todo.csv", content)
    response = as_member("rita").post("followups/import/", {"file": upload}, status=422)
    assert sentence in response.content.decode()


def test_undo_of_an_import_restores_the_reminders(planned: Any, imported: Any, house: Any) -> None:
    planned("Call")
    before = reminders(house)
    [row] = edited(exported(house, house.mona), Due="2026-12-01")
    run = imported(row)
    assert reminders(house) != before
    with use_tenant(house.tenant):
        undo.undo_change(run.change.uid, by=house.mona)
    assert reminders(house) == before


def reminders(house: Any) -> list[Any]:
    with use_tenant(house.tenant):
        return list(Reminder.objects.waiting().values_list("minutes_before", "channel", "due_at", "planned_at"))


def test_the_preview_says_what_each_row_would_do(planned: Any, as_member: Any, house: Any) -> None:
    planned("Call")
    [row] = edited(exported(house, house.mona), Due="2026-12-01 09:30", Priority="High")
    new = {"ID": "", "Subject": "Send the papers", "Type": "Email", "Due": "2026-12-02", "Who": "Sam Service"}
    file = file_of([row, new])
    upload = SimpleUploadedFile("todo.csv", file.getvalue())
    mona = as_member("mona")
    url = mona.post("followups/import/", {"file": upload}).url
    rows = mona.client.get(url).context["rows"]
    assert [" · ".join(shown.words).replace("\xa0", " ") for shown in rows] == [
        "Due: Wed, Nov 25, 2:00 PM → Tue, Dec 1, 9:30 AM · Priority: Normal → High",
        "Email · Wed, Dec 2, 9:00 AM · Sam Service",
    ]
