"""A large act on many leads: a worker does it in slices, says how far it is, survives a crash, can be stopped."""

import re
from datetime import timedelta

import html5lib
import pytest

from crm.jobs.bulk.runs import BulkKind
from crm.jobs.models import BulkRun
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Event, Member, Role
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due, runs
from tests.jobs.test_bulk import house, mona
from tests.leads.test_list import fill
from tests.markup import flat

__all__ = ["house", "mona"]


@pytest.fixture
def many(house, monkeypatch):
    """Slices of ten, and some more leads than that."""
    monkeypatch.setattr(BulkKind, "size", 10)
    monkeypatch.setattr(BulkKind, "small", 10)
    fill(house, 35)
    return house


def begin(mona):
    url = mona.choose("move", view="?level=open", all="1")
    answer = mona.apply(url, "phase:3")
    assert answer["HX-Redirect"].startswith(url)
    return url


def run_of(house):
    with use_tenant(house.tenant):
        return BulkRun.objects.latest("pk")


def tick(house):
    with clock.at(clock.now() + timedelta(seconds=1)):
        run_due()


def run_due():
    due.run_due_work()


def test_a_large_one_is_a_workers_and_its_page_says_how_far(many, mona):
    url = begin(mona)
    page = mona.ask(url, htmx=False).content.decode()
    assert 'value="0"' in page
    assert 'data-topics="bulk" data-watched hx-trigger="every 5s"' in flat(page), (
        "told, or asking where nothing is heard"
    )
    total = run_of(many).total
    assert f"0 of {total} leads." in page
    tick(many)
    assert run_of(many).done == 10
    fragment = mona.ask(url).content.decode()
    assert flat(fragment).startswith('<section class="side-block" id="progress"')
    assert f"10 of {total} leads." in fragment
    for _ in range(4):
        tick(many)
    run = run_of(many)
    assert (run.status, run.done) == ("done", total)
    page = mona.ask(url, htmx=False).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert f"{run.changed_count} leads moved to “Quote”." in page
    undo = re.search(r'action="([^"]*undo[^"]*)"', page)[1]
    told = mona.ask(undo, {}).content.decode()
    assert f"Undone for {run.changed_count} leads." in told, "one way back for all the slices"


def test_a_worker_killed_in_a_slice_does_no_lead_twice(many, mona, monkeypatch):
    begin(mona)
    tick(many)
    advance = BulkRun.save_progress

    def dies(*args):
        advance(*args)
        raise MemoryError

    monkeypatch.setattr(BulkRun, "save_progress", dies)
    with pytest.raises(MemoryError), use_tenant(many.tenant):
        runs.work(BulkKind(), [run_of(many).pk])
    assert run_of(many).done == 10
    monkeypatch.setattr(BulkRun, "save_progress", advance)
    for _ in range(5):
        with use_tenant(many.tenant):
            runs.work(BulkKind(), [run_of(many).pk])
    with use_tenant(many.tenant):
        moved = Event.objects.filter(kind="job.moved", actor=many.mona)
        run = run_of(many)
        assert run.status == "done"
        assert moved.count() == moved.values("job_id").distinct().count() == run.changed_count


def test_a_running_one_is_stopped_and_what_is_done_is_taken_back(many, mona):
    url = begin(mona)
    tick(many)
    assert mona.ask(f"{url}cancel/", {}, htmx=False).status_code == 302
    tick(many)
    run = run_of(many)
    assert (run.status, run.done) == ("cancelled", 10)
    page = mona.ask(url, htmx=False).content.decode()
    assert f"Stopped after 10 of {run.total}." in page
    assert re.search(r'action="[^"]*undo', page)


def test_what_is_taken_back_under_way_goes_no_further(many, mona):
    begin(mona)
    tick(many)
    run = run_of(many)
    with use_tenant(many.tenant):
        undo.undo_change(run.change.uid, by=many.mona)
    tick(many)
    run = run_of(many)
    assert (run.status, run.done) == ("cancelled", 10)
    with use_tenant(many.tenant):
        moved = Event.objects.filter(kind="job.moved", actor=many.mona).count()
        assert moved == Event.objects.filter(kind="job.undone").count() == run.changed_count


def test_who_may_no_longer_has_the_rest_stopped(many, mona):
    begin(mona)
    tick(many)
    with use_tenant(many.tenant):
        member = Member.objects.get(pk=many.mona.pk)
        member.role = Role.SERVICE
        member.save()
    tick(many)
    assert (run_of(many).status, run_of(many).done) == ("cancelled", 10)
