"""What a person chooses about a file: columns, words, dates, duplicates; and that the next file like it knows."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from crm.jobs.models import Job, Note, Priority, Source
from crm.kernel import clock
from crm.platform.models import AccessLog, Brand, StoredFile
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.runs import work as work_runs
from leads.importing import runs
from leads.models import ImportMapping, ImportRow
from tests.cast import Cast
from tests.leads.importing import everything, signed_in, the_run, totals, upload
from tests.libs.tabular.workbooks import workbook

pytestmark = pytest.mark.usefixtures("files")

CORA = "cora@suncoast-test-mail.example"
ODD = "Wer,Kanal,Phase,Chef,Marke,Rang,Betrag,Wann\n" + (
    "Jan Eins,Messe,Beratung,R. Rep,Suncoast,A,1.234,01/02/2026\n"
    "Piet Zwei,Messe,Beratung,,,B,2.345,02/02/2026\n"
    "Kees Drei,Google Ads,verkauft,Niemand,,A,3.456,03/02/2026\n"
)


@pytest.fixture
def mona(cast: Cast) -> Client:
    return signed_in(cast.house.mona)


def act(client: Client, cast: Cast, verb: str, **sent: Any) -> Any:
    run = the_run(cast)
    return client.post(reverse(f"leads:import_{verb}", args=[cast.house.tenant.slug, run.uid]), sent)


def by_title(cast: Cast) -> dict[str, Job]:
    with use_tenant(cast.house.tenant):
        jobs = Job.objects.exclude(pk=cast.house.job.pk).select_related("source", "stage", "member")
        return {job.title: job for job in jobs}


def work(cast: Cast) -> None:
    """A worker's next slice."""
    with use_tenant(cast.house.tenant):
        work_runs(runs.ImportKind(), [the_run(cast).pk])


def columns(**codes: str) -> dict[str, str]:
    return {f"column-{at}": code for at, code in enumerate(codes.values())}


HELD = columns(
    wer="name",
    kanal="source",
    phase="stage",
    chef="rep",
    marke="brand",
    rang="priority",
    betrag="value",
    wann="created",
)


def test_a_file_nobody_understands_waits_for_its_columns(mona: Client, cast: Cast) -> None:
    # Neither their names ("Wer" does) nor their cells tell who is who.
    odd = (
        ODD.replace("Wer", "Dings")
        .replace("Jan Eins", "jan-1")
        .replace("Piet Zwei", "piet-2")
        .replace("Kees Drei", "kees-3")
    )
    page = mona.get(upload(mona, cast, odd).url).content.decode()
    assert the_run(cast).status == "draft"
    assert "Choose the column with the name" in page
    assert "Start the import" not in page
    assert all(sample in page for sample in ("jan-1", "piet-2", "kees-3", "Messe"))
    assert act(mona, cast, "choose", **HELD).status_code == 302
    assert the_run(cast).status == "checked"


def test_columns_and_words_are_chosen_and_remembered(mona: Client, cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        source, brand, step = Source.objects.create(name="Trade fair"), Brand.objects.get(), house.stage("Quote sent")
    url = upload(mona, cast, ODD).url
    act(mona, cast, "choose", **HELD)
    page = mona.get(url).content.decode()
    assert all(f'name="value-{name}-0"' in page for name in ("source", "stage", "rep", "brand", "priority"))
    assert "2 rows" in page
    words = {
        "value-source-0": source.pk,
        "value-stage-0": step.pk,
        "value-stage-1": "is:won",
        "value-rep-0": house.rita.pk,
        "value-brand-0": brand.pk,
        "value-priority-0": int(Priority.URGENT),
        "value-priority-1": "nonsense",
    }
    act(mona, cast, "choose", **HELD, **words, decimal=".", dates="day")
    mona.post(url)
    jobs = by_title(cast)
    jan, piet, kees = jobs["Jan Eins"], jobs["Piet Zwei"], jobs["Kees Drei"]
    assert (jan.source, jan.stage, jan.member, jan.priority) == (source, step, house.rita, Priority.URGENT)
    assert (jan.value, piet.value) == (123, 234)
    assert jan.came_in_at == datetime(2026, 2, 1, 5, tzinfo=UTC)
    assert (piet.source, piet.priority, kees.source.name) == (source, Priority.NORMAL, "Google Ads")
    with use_tenant(house.tenant):
        assert kees.lead.won_at is not None
        assert not Note.objects.filter(job=jan).exists()
        assert Note.objects.get(job=piet).body == "Priority: B"
        assert ImportMapping.objects.count() == 1
    again = ODD.replace("Eins", "Vier").replace("Zwei", "Sechs").replace("Drei", "Acht")
    mona.post(upload(mona, cast, again).url)
    assert by_title(cast)["Jan Vier"].stage == step
    assert by_title(cast)["Jan Vier"].source == source
    with use_tenant(house.tenant):
        step.archive(into=house.stage("Reached"), by=house.ada)
    mona.post(upload(mona, cast, ODD.replace("Eins", "Elf").replace("Zwei", "Elfen").replace("Drei", "Dreizehn")).url)
    assert by_title(cast)["Jan Elf"].stage.name == "Reached", "nobody is imported into an archived step"


def test_all_that_would_go_into_the_note_is_left_out_at_once(mona: Client, cast: Cast) -> None:
    """A CRM that exports all its properties would fill each note with them."""
    wide = "Name,Email," + ",".join(f"Property {n}" for n in range(6)) + "\nAnn,ann@example.com,1,2,3,4,5,\n"
    url = upload(mona, cast, wide).url
    assert "Leave out the 5 columns kept in the note" in mona.get(url).content.decode()
    act(mona, cast, "choose", **{"column-0": "name", "column-1": "email", "column-2": "title", "leave_rest": "1"})
    assert "kept in the note" not in mona.get(url).content.decode()
    mona.post(url)
    with use_tenant(cast.house.tenant):
        ann = Job.objects.get(title="1")
        assert not Note.objects.filter(job=ann).exists()


def test_a_words_choice_that_is_no_option_is_not_taken(mona: Client, cast: Cast) -> None:
    upload(mona, cast, ODD)
    act(mona, cast, "choose", **HELD)
    act(mona, cast, "choose", **HELD, **{"value-rep-0": 99_999, "value-stage-0": "is:king", "column-9": "name"})
    assert the_run(cast).choices["values"] == {}


def test_another_sheet_and_another_header_row_can_be_chosen(mona: Client, cast: Cast) -> None:
    rows = [["Report of June"], ["Name", "Email"], ["Jan", "jan@example.com"]]
    book = workbook(rows, title="First", Second=[["Name", "Email"], ["Piet", "piet@example.com"], ["Kees", ""]])
    url = upload(mona, cast, book, "leads.xlsx").url
    page = mona.get(url).content.decode()
    assert "<option selected>First</option>" in page
    assert totals(page)["new"] == 1
    act(mona, cast, "choose", sheet="Second")
    assert totals(mona.get(url).content.decode())["new"] == 2
    act(mona, cast, "choose", sheet="Second", header_row="2")
    assert the_run(cast).status == "draft"
    act(mona, cast, "choose", sheet="Second", header_row="2", **{"column-0": "name"})
    mona.post(url)
    assert set(by_title(cast)) == {"Kees"}


def test_an_empty_sheet_is_refused_and_nothing_changes(mona: Client, cast: Cast) -> None:
    book = workbook([["Name", "Email"], ["Jan", "jan@example.com"]], title="First", Second=[])
    url = upload(mona, cast, book, "leads.xlsx").url
    answer = act(mona, cast, "choose", sheet="Second")
    assert (answer.status_code, b"no rows" in answer.content) == (422, True)
    assert (the_run(cast).status, totals(mona.get(url).content.decode())["new"]) == ("checked", 1)


@pytest.mark.parametrize("other", [[], [["Hm"]], [["Name", "Email"]]])
def test_nor_is_anything_lost_by_it(mona: Client, cast: Cast, other: list[list[str]]) -> None:
    book = workbook([["Name", "Email"], ["Jan", "jan@example.com"]], title="First", Second=other)
    url = upload(mona, cast, book, "leads.xlsx").url
    assert act(mona, cast, "choose", sheet="Second").status_code == 422
    mona.post(url)
    assert the_run(cast).status == "done"
    assert set(by_title(cast)) == {"Jan"}


def test_a_file_that_could_not_be_read_as_chosen_never_runs(
    mona: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs.ImportKind, "small", 0)
    book = workbook([["Name", "Email"], ["Jan", "jan@example.com"]], title="First", Second=[["Hm"]])
    url = upload(mona, cast, book, "leads.xlsx").url
    work(cast)
    act(mona, cast, "choose", sheet="Second")
    work(cast)
    assert the_run(cast).status == "failed"
    assert mona.post(url).status_code == 302
    assert the_run(cast).status == "failed"
    page = mona.get(url).content.decode()
    assert "No row with column names was found." in page
    assert "so your change was not saved" in page
    act(mona, cast, "choose", sheet="First")
    for _ in range(2):
        work(cast)
    assert (the_run(cast).status, the_run(cast).new_count) == ("checked", 1), "another can be chosen"


DOUBLES = f"Name,Email,Source\nCora C.,{CORA},Trade fair\nC. Customer,{CORA},Website\nPiet,piet@example.com,\n"


def test_duplicates_stand_beside_what_they_may_be(mona: Client, cast: Cast) -> None:
    page = mona.get(upload(mona, cast, DOUBLES).url).content.decode()
    assert "All 2 rows: same email address" in page
    assert "2207 Bayshore Ct" in page
    assert "As proposed: " in page
    assert "Trade fair" in page
    run = the_run(cast)
    every = mona.get(reverse("leads:import_duplicates", args=[cast.house.tenant.slug, run.uid])).content.decode()
    assert every.count("Action for row") == 2


def test_one_row_is_left_out_and_one_made_new(mona: Client, cast: Cast) -> None:
    before = everything(cast)
    url = upload(mona, cast, DOUBLES).url
    act(mona, cast, "decide", row=2, choice="skip")
    act(mona, cast, "decide", row=3, choice="new")
    act(mona, cast, "decide", row=4, choice="skip")  # nobody's double: nothing to decide
    act(mona, cast, "decide", row=3, choice="burn")
    assert totals(mona.get(url).content.decode()) == {"new": 2, "update": 0, "duplicate": 1, "refused": 0}
    mona.post(url)
    assert set(by_title(cast)) == {"Cora Customer", "Piet"}
    assert by_title(cast)["Cora Customer"].person_id == cast.house.cora.pk, "another lead, not another customer"
    with use_tenant(cast.house.tenant):
        assert ImportRow.objects.get(row=2).reason.endswith("Left out, as you chose.")
    assert everything(cast)["Lead"] == before["Lead"] + 2


def test_all_alike_are_made_new_once_however_often_the_file_comes(mona: Client, cast: Cast) -> None:
    for expected in ({"new": 3, "duplicate": 0}, {"new": 0, "duplicate": 3}):
        url = upload(mona, cast, DOUBLES).url
        act(mona, cast, "decide", same="email", choice="new")
        said = totals(mona.get(url).content.decode())
        assert {name: said[name] for name in expected} == expected
        mona.post(url)
        assert set(by_title(cast)) == {"Cora Customer", "Piet"}
        assert everything(cast)["Lead"] == 4


def test_nothing_is_decided_once_it_has_run(mona: Client, cast: Cast) -> None:
    url = upload(mona, cast, DOUBLES).url
    mona.post(url)
    before = everything(cast)
    assert "meanwhile" not in mona.get(url).content.decode()
    for too_late in (
        lambda: act(mona, cast, "decide", row=2, choice="new"),
        lambda: act(mona, cast, "choose", **{"column-0": "leave"}),
        lambda: mona.post(url),
    ):
        assert too_late().status_code == 302
        assert "This import was changed in the meantime" in mona.get(url).content.decode()
    assert (everything(cast), the_run(cast).status) == (before, "done")


REFUSED = "Name;Email;Note\nJan;jan@example.com;=1+1\n;;=cmd|calc\n;;-5\nPiet;;fine\n;nobody;'=x\n"


def test_refused_rows_come_back_with_a_reason_and_can_be_mended(mona: Client, cast: Cast) -> None:
    mona.post(upload(mona, cast, REFUSED).url)
    run = the_run(cast)
    address = reverse("leads:import_refusals", args=[cast.house.tenant.slug, run.uid])
    answer = mona.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="leads-refused.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["Name", "Email", "Note", "Why it was refused"]
    assert [row[2] for row in rows[1:]] == ["'=cmd|calc", "-5", "'=x"]
    assert all("no name" in row[3] for row in rows[1:])
    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.of(run.refusals).count() == 1
    assert signed_in(cast.house.rita).get(address).status_code == 404
    mona.post(upload(mona, cast, text.replace(";;'=cmd", "Kees;;'=cmd")).url)
    with use_tenant(cast.house.tenant):
        note = Note.objects.get(job__title="Kees").body
    assert note == "=cmd|calc"


def test_refused_rows_of_a_workbook_are_a_workbook_of_texts(mona: Client, cast: Cast) -> None:
    rows = [["Name", "Email", "Note"], ["Jan", "jan@example.com", "x"], ["", "", "=HYPERLINK(A1)"]]
    mona.post(upload(mona, cast, workbook(rows), "leads.xlsx").url)
    run = the_run(cast)
    answer = mona.get(reverse("leads:import_refusals", args=[cast.house.tenant.slug, run.uid]))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    (_header, row) = list(book.active.rows)
    assert (row[2].value, row[2].data_type) == ("=HYPERLINK(A1)", "s")


def test_days_in_steps_become_the_visits_behind_the_bar(mona: Client, cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        names = [house.stage(name).name for name in ("New", "Quote sent")]
    content = f"Name,{names[0]} on,Date {names[1]}\nJan,2026-03-01,2026-03-09\nPiet,2026-03-02,\n"
    mona.post(upload(mona, cast, content).url)
    jan, piet = by_title(cast)["Jan"], by_title(cast)["Piet"]
    with use_tenant(house.tenant):
        visits = [(v.stage.name, v.left_at is None, v.used > 0) for v in jan.visits.order_by("entered_at")]
        assert visits == [("New", False, True), ("Quote sent", True, False)]
        assert jan.past.startswith(f"{house.stage('New').pk}:")
        assert (piet.stage.name, piet.visits.count(), piet.past) == ("New", 1, "")


def test_files_go_after_thirty_days_and_the_page_says_so(mona: Client, cast: Cast) -> None:
    url = upload(mona, cast, DOUBLES).url
    with clock.at(clock.now() + timedelta(days=31)):
        while due.run_due_work():
            pass
        with use_tenant(cast.house.tenant):
            assert not StoredFile.objects.exclude(path="").exists()
        client = signed_in(cast.house.mona)
        client.post(url)
        assert "was deleted" in client.get(url).content.decode()
    assert len(by_title(cast)) == 0


def test_what_was_changed_and_not_looked_at_is_not_started(mona: Client, cast: Cast) -> None:
    url = upload(mona, cast, DOUBLES).url
    page = mona.get(url).content.decode()
    as_shown = {"column-0": "name", "column-1": "email", "dates": "", "decimal": "", "header_row": "1", "start": "1"}
    assert all(f'name="{name}"' in page for name in as_shown)
    answer = act(mona, cast, "choose", **as_shown | {"column-0": "company"})
    assert the_run(cast).status == "checked"
    assert "The mapping was changed." in mona.get(answer.url).content.decode()
    act(mona, cast, "choose", **as_shown | {"column-0": "company"})
    assert the_run(cast).status == "done"


def test_words_nobody_knows_are_told_beside_the_button(mona: Client, cast: Cast) -> None:
    rows = "Jan,Beratung,Messe\nKees,Uit,Messe\nTim,Beratung,\nPiet,New,Messe\n"
    url = upload(mona, cast, f"Name,Stage,Source\n{rows}").url
    page = mona.get(url).content.decode()
    assert '<a href="#words-stage">Step: 2</a>' in page
    assert page.index(">Beratung</label>") < page.index(">Uit</label>"), "the most frequent first"
    assert "#words-source" not in page, "a source is made"
    with use_tenant(cast.house.tenant):
        stage = str(cast.house.stage("New").pk)
    names = re.findall(r'<select[^>]* name="(value-stage-\d)"', page)
    act(mona, cast, "choose", **columns(name="name", stage="stage", source="source"), **dict.fromkeys(names, stage))
    assert "#words-stage" not in mona.get(url).content.decode()


def test_a_decision_taken_back_is_the_proposal_again(mona: Client, cast: Cast) -> None:
    url = upload(mona, cast, DOUBLES).url
    before = totals(mona.get(url).content.decode())
    act(mona, cast, "decide", row=2, choice="new")
    assert totals(mona.get(url).content.decode()) != before
    act(mona, cast, "decide", row=2, choice="")
    assert totals(mona.get(url).content.decode()) == before


def test_a_mended_file_is_understood_as_the_first_and_its_reasons_go(mona: Client, cast: Cast) -> None:
    upload(mona, cast, "Wie\tMail\tOpmerking\n\t\tnobody\n\t\tnobody else\n", "leads.tsv")
    chosen = columns(wie="name", mail="email", opmerking="keep")
    act(mona, cast, "choose", **chosen)
    act(mona, cast, "choose", **chosen, start="1")
    for times in range(2):
        run = the_run(cast)
        answer = mona.get(reverse("leads:import_refusals", args=[cast.house.tenant.slug, run.uid]))
        assert answer["Content-Disposition"] == f'attachment; filename="leads{"-refused" * (times + 1)}.tsv"'
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
        assert text.startswith("Wie\tMail\tOpmerking\tWhy it was refused\r\n")
        mona.post(
            upload(
                mona, cast, text.replace("\t\tnobody\t", "Jan\t\tnobody\t"), f"leads{'-refused' * (times + 1)}.tsv"
            ).url
        )
    with use_tenant(cast.house.tenant):
        assert Note.objects.get(job__title="Jan").body == "Opmerking: nobody"
