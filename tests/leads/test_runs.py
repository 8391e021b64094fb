"""What every long run keeps to: who may, twice is once, how it ends, and when it goes."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.jobs.bulk.runs import prepare
from crm.jobs.models import BulkRun
from crm.kernel import clock
from crm.platform.models import Due, Event, Member
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due, runs
from crm.web.models import ExportRun
from leads.importing.runs import READING, ImportKind
from leads.models import ImportRun, Lead
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, upload

CSV = "Name,Email\n" + "".join(f"Lead {n},lead{n}@example.com\n" for n in range(12))


@pytest.fixture
def slices(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows at a time; the cast's own clocks, one of which may come due meanwhile, are none of it."""
    Due.objects.all().delete()
    monkeypatch.setattr("leads.importing.writing.batches.BATCH", 4)
    monkeypatch.setattr("leads.importing.writing.undo.BATCH", 4)
    monkeypatch.setattr(ImportKind, "size", 4)
    monkeypatch.setattr(ImportKind, "small", 0)


def work_off() -> None:
    while due.run_due_work():
        pass


def let_go(member: Member, *, active: bool) -> None:
    with use_tenant(member.tenant_id):
        Member.objects.filter(pk=member.pk).update(active=active)


def begun(cast: Cast) -> Any:
    """An import of Mona's, one slice of which is written."""
    mona = signed_in(cast.house.mona)
    url = upload(mona, cast, CSV).url
    work_off()
    mona.post(url)
    due.run_due_work()
    return url


def test_an_import_stops_when_its_member_may_no_longer_and_goes_on_as_another(cast: Cast, slices: None) -> None:
    url = begun(cast)
    let_go(cast.house.mona, active=False)
    work_off()
    run = the_run(cast)
    assert (run.status, run.done, "no longer has permission" in run.problem) == ("failed", 4, True)
    ada = signed_in(cast.house.ada)
    assert "no longer has permission" in ada.get(url).content.decode()
    ada.post(url)
    work_off()
    run = the_run(cast)
    assert (run.status, run.done, run.by_id, run.problem) == ("done", 12, cast.house.ada.pk, "")
    with use_tenant(cast.house.tenant):
        ends = Event.objects.filter(kind__in=("import.failed", "import.finished")).order_by("pk")
        assert list(ends.values_list("kind", "actor")) == [
            ("import.failed", None),
            ("import.finished", cast.house.ada.pk),
        ]


def test_a_slice_ends_when_its_time_is_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows it has done, in a request as with a worker: nobody waits for a file made to take long."""
    monkeypatch.setattr("leads.importing.writing.batches.BATCH_SECONDS", 0)
    monkeypatch.setattr(ImportKind, "seconds", 0)
    mona = signed_in(cast.house.mona)
    url = upload(mona, cast, CSV).url
    assert (the_run(cast).status, the_run(cast).done) == ("checking", 1)
    due.run_due_work()
    assert (the_run(cast).status, the_run(cast).done) == ("checking", 2)
    work_off()
    mona.post(url)
    work_off()
    run = the_run(cast)
    assert (run.status, run.done, run.new_count) == ("done", 12, 12)


def test_a_batch_ends_where_its_rows_are_large(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.importing.writing.batches.BATCH_BYTES", 100)
    monkeypatch.setattr(ImportKind, "size", 1)
    monkeypatch.setattr(ImportKind, "small", 0)
    upload(signed_in(cast.house.mona), cast, CSV)
    due.run_due_work()
    assert 0 < the_run(cast).done < 12
    work_off()
    assert (the_run(cast).status, the_run(cast).new_count) == ("checked", 12)


def test_one_file_is_read_at_a_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, owner_connection: psycopg.Connection
) -> None:
    monkeypatch.setattr("leads.importing.runs.READ_AT_ONCE", 10)
    upload(signed_in(cast.house.mona), cast, CSV)
    with owner_connection.transaction():
        owner_connection.execute("select pg_advisory_xact_lock(%s)", [READING])
        due.run_due_work()
        assert the_run(cast).status == "reading"
    work_off()
    assert (the_run(cast).status, the_run(cast).new_count) == ("checked", 12)


def test_an_undo_that_was_stopped_is_done_again_and_the_import_does_not_go_on(cast: Cast, slices: None) -> None:
    url = begun(cast)
    work_off()
    mona, ada = signed_in(cast.house.mona), signed_in(cast.house.ada)
    back = reverse("leads:import_undo", args=[cast.house.tenant.slug, the_run(cast).uid])
    mona.post(back)
    due.run_due_work()
    let_go(cast.house.mona, active=False)
    work_off()
    assert (the_run(cast).status, the_run(cast).undone_count) == ("failed", 4)
    page = ada.get(url).content.decode()
    assert "Continue" not in page
    ada.post(url)
    assert the_run(cast).status == "failed", "half of it is taken back"
    assert back in page
    ada.post(back)
    work_off()
    assert (the_run(cast).status, the_run(cast).undone_count) == ("undone", 12)
    with use_tenant(cast.house.tenant):
        assert Lead.objects.count() == 1


def test_one_that_nobody_started_goes_after_its_day(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        prepare("move", [cast.house.job.pk], by=cast.house.mona)
        working = prepare("move", [cast.house.job.pk], by=cast.house.mona)
        BulkRun.objects.filter(pk=working.pk).update(status="running")
    for days, left in ((1, {working.pk}), (2, set())):
        with clock.at(clock.now() + timedelta(days=days, minutes=1)):
            work_off()
            with use_tenant(cast.house.tenant):
                assert set(BulkRun.objects.values_list("pk", flat=True)) == left
                BulkRun.objects.filter(pk=working.pk).update(status="cancelled", finished_at=clock.now())


def test_verbs_are_done_once(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        run = prepare("prioritize", [cast.house.job.pk], by=cast.house.mona)
        stale = BulkRun.objects.get(pk=run.pk)
        assert not runs.undo(run, by=cast.house.mona)
        assert not runs.cancel(run, by=cast.house.mona), "there is nothing to stop yet"
        assert runs.start(run, by=cast.house.mona, target="1")
        assert (run.status, run.changed_count, run.ids) == ("done", 1, [])
        assert not runs.start(stale, by=cast.house.mona, target="2")
        assert (stale.status, stale.target) == ("done", "1"), "who comes late sees how it stands"
        assert not runs.cancel(run, by=cast.house.mona)


@pytest.mark.parametrize("model", [BulkRun, ExportRun, ImportRun])
def test_what_is_over_says_when(cast: Cast, model: Any) -> None:
    (rule,) = [rule for rule in model._meta.constraints if rule.name.endswith("is_finished_when_over")]
    columns: dict[str, Any] = {BulkRun: {"pipelines": []}, ExportRun: {}, ImportRun: {"file_id": 1}}[model]
    run = model(by=cast.house.mona, status="done", **columns)
    with use_tenant(cast.house.tenant), pytest.raises(IntegrityError, match=rule.name), transaction.atomic():
        run.save()


def test_a_run_that_failed_too_often_says_so(cast: Cast, slices: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is parked then: nobody waits for it in vain, and who may lets it run again."""
    url = begun(cast)
    run, house = the_run(cast), cast.house
    with use_tenant(house.tenant):
        Due.objects.filter(kind="leads.import", subject_id=run.pk).update(run_at=None, attempts=5)
    page = signed_in(house.ada).get(url).content.decode()
    assert "Stopped by a fault" in page
    assert reverse("parked", args=[house.tenant.slug]) in page
    assert "<progress" not in page
    mona = signed_in(house.mona)
    page = mona.get(url).content.decode()
    assert "Stopped by a fault" in page
    assert "An admin can let it run again" in page
    mona.post(reverse("leads:import_cancel", args=[house.tenant.slug, run.uid]))
    with use_tenant(house.tenant):
        assert not Due.objects.filter(kind="leads.import", subject_id=run.pk).exists()
    page = mona.get(url).content.decode()
    assert "Stopped by a fault" not in page
    assert "Cancelled" in page


def test_open_pages_hear_that_a_run_is_parked(cast: Cast, slices: None, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(cast)
    told: list[str] = []

    def fails(*_args: Any) -> None:
        raise ValueError

    monkeypatch.setattr(ImportKind, "do_slice", fails)
    monkeypatch.setitem(due._when_parked, "leads.import", lambda: told.append("parked"))
    with use_tenant(cast.house.tenant):
        Due.objects.filter(kind="leads.import").update(attempts=4)
    work_off()
    assert told == ["parked"]
