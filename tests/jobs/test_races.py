"""Two people at once, in two real transactions: of two edits one wins, and no lead goes to a record that is gone."""

import time
import uuid
from collections.abc import Callable
from threading import Event
from typing import Any

from django.db import connection
from django.test import Client

from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.people.merging import merge as merging
from crm.people.models import ContactPoint, Person
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.models import SavedView
from leads.new_lead import NewLead, open_lead
from tests.cast import House, load_cast
from tests.together import together


def test_of_two_who_edit_a_view_one_is_told(transactional_db: None) -> None:
    house = load_cast().house
    for round_ in range(3):
        with use_tenant(house.tenant):
            view = SavedView.save_view("leads", f"Mine {round_}", "level=over", "", by=house.mona)

        def edit(name: str, view: SavedView = view) -> Callable[[], int]:
            client = Client()
            client.force_login(house.mona.user)
            url = f"/{house.tenant.slug}/leads/views/{view.uid}/"
            return lambda: client.post(url, {"name": name, "shared": "nobody", "seen": view.version}).status_code

        assert sorted(together(edit(f"One {round_}"), edit(f"Other {round_}"))) == [302, 409]


def merge_meanwhile(house: House, other: Person, act: Callable[[], object]) -> None:
    """Merge Cora's other record away; the act begins before that is done, and waits for it."""
    merged = Event()

    def merge() -> None:
        with use_tenant(house.tenant):
            merging.merge(house.cora, other, by=house.mona)
            merged.set()
            wait_for_somebody_who_waits()

    def act_meanwhile() -> None:
        merged.wait(timeout=60)
        act()

    together(merge, act_meanwhile)


def wait_for_somebody_who_waits() -> None:
    """Wait until another connection waits for a lock."""
    waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # Else a transaction sees what it saw first.
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(f"select exists ({waiting})")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def test_a_lead_opened_while_its_customer_is_merged_is_the_kept_ones(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        other = Person.objects.create(name="Cora V.")
        new = NewLead(uuid.uuid4(), "Gutters", directory().default_brand, pipeline_setup().default_pipeline)

    def open_it() -> None:
        with use_tenant(house.tenant):
            open_lead(new, by=house.rita, person=other)

    merge_meanwhile(house, other, open_it)
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Gutters").person_id == house.cora.pk


def test_so_is_one_that_is_imported(transactional_db: None, bring: Any) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        other = Person.objects.create(name="Cora V.")
        ContactPoint.objects.create(person=other, kind="email", value="cora.v@example.com")
    rows = "Name,Email,Phone,Title\nCora V.,cora.v@example.com,813 555 0188,Gutters\n"
    merge_meanwhile(house, other, lambda: bring(rows))
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Gutters").person_id == house.cora.pk
        assert not ContactPoint.objects.filter(person=other).exists()
        assert ContactPoint.objects.get(value="+18135550188").person_id == house.cora.pk


def test_who_corrects_a_lead_that_is_being_changed_twice_waits_and_ends_nothing(transactional_db: None) -> None:
    house = load_cast().house
    client = Client()
    client.force_login(house.mona.user)
    url = f"/{house.tenant.slug}/jobs/{house.job.number}/correct/"
    version = client.get(f"{url}?part=name").context["version"]

    def change() -> int:
        """As undoing an import does; of a row that is written twice the database looks at the customer again."""
        with use_tenant(house.tenant):
            job = Job.objects.select_for_update().get(pk=house.job.pk)
            job.place = "Tampa"
            job.save(update_fields=["place"])
            time.sleep(0.8)
            job.assign_to(house.mona, by=house.ada)
        return 0

    def correct() -> int:
        time.sleep(0.3)
        return client.post(url, {"part": "name", "version": version, "name": "Cora Vance"}).status_code

    assert together(change, correct) == [0, 302]
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        assert job.person is not None
        assert (job.place, job.member_id, job.person.name) == ("Tampa", house.mona.pk, "Cora Vance")
