"""Two people at once, in two real transactions: of two edits one wins, and no lead goes to a record that is gone."""

import time
import uuid
from collections.abc import Callable

from django.test import Client

from crm.jobs.line import line
from crm.jobs.models import Job
from crm.people import merging
from crm.people.models import Person
from crm.platform.configuration import directory
from crm.platform.tenancy import use_tenant
from leads.models import SavedView
from leads.opening import NewLead, open_lead
from tests.cast import load_cast
from tests.together import together


def test_of_two_who_edit_a_view_one_is_told(transactional_db: None) -> None:
    house = load_cast().house
    for round_ in range(3):
        with use_tenant(house.tenant):
            view = SavedView.save_view(f"Mine {round_}", "level=over", "", by=house.mona)

        def edit(name: str, view: SavedView = view) -> Callable[[], int]:
            client = Client()
            client.force_login(house.mona.user)
            url = f"/{house.tenant.slug}/leads/views/{view.uid}/"
            return lambda: client.post(url, {"name": name, "shared": "nobody", "seen": view.version}).status_code

        assert sorted(together(edit(f"One {round_}"), edit(f"Other {round_}"))) == [302, 409]


def test_a_lead_opened_while_its_customer_is_merged_is_the_kept_ones(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        other = Person.objects.create(name="Cora V.")
        new = NewLead(uuid.uuid4(), "Gutters", directory().default_brand, line().default_pipeline)

    def merge() -> int:
        with use_tenant(house.tenant):
            kept: int = merging.merge(house.cora, other, by=house.mona).kept_id
            time.sleep(0.4)
            return kept

    def open_meanwhile() -> int:
        time.sleep(0.2)
        with use_tenant(house.tenant):
            return open_lead(new, by=house.rita, person=other).pk

    kept, opened = together(merge, open_meanwhile)
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=opened).person_id == kept == house.cora.pk
