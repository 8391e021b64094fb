"""A crew on its way, late, or there: said from the field, shown to the office, and told to the customer once."""

import pytest

from comms.models import Channel, Message
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.models import Brand, Team
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from service.models import Arrival, Project
from service.projects.project_list import local_day
from tests.cast import House
from tests.followups.conftest import Browser


def test_each_word_is_told_once(house: House, job: Job) -> None:
    brand, here = Brand.objects.get(), house.tenant
    for medium, address in (("email", "hello@suncoast.example"), ("sms", "+18135550100")):
        Channel.create(by=None, brand=brand, medium=medium, role="support", provider="embedded", address=address)
    project = Project.start(job, None, by=house.sam, starts_on=local_day())
    project.give_to(Team.create("Crew A", by=None), by=house.sam)
    sam, place = Browser(house, house.sam), f"service/projects/{project.uid}/"

    def say(state: str, minutes: str = "30") -> None:
        form = {"state": state, "minutes": minutes, "next": f"/{here.slug}/{place}field/"}
        sam.post(f"{place}coming/", form)
        with use_tenant(here):
            dispatch_events()

    for state in ("driving", "driving", "late", "late", "here"):
        say(state)
    with use_tenant(here):
        told = Message.objects.filter(direction="out").order_by("pk")
        # By text, as they have a number; that they are there nobody needs to be told.
        words = [(row.medium, row.address, "on our way" in row.text, "30 minutes late" in row.text) for row in told]
        number = "+18135550142"
        assert words == [("sms", number, True, False), ("sms", number, False, True)]
        assert (Arrival.objects.get().state, Arrival.objects.get().minutes) == ("here", 0)
    assert "on site" in sam.get(place)
    say("late", "45")
    for page in (place, f"{place}field/", "service/"):
        assert "45 min late" in sam.get(page), page
    assert "Crew is 45 min late" in sam.get("service/board/")
    Browser(house, house.rita).post(f"{place}coming/", {"state": "here"}, status=404)
    with use_tenant(here):
        for minutes in (0, 7):
            with pytest.raises(Refused):
                Arrival.say(project, "late", local_day(), minutes=minutes, by=house.sam)
        project.refresh_from_db()
        project.hold("Rain", None, by=house.sam)
        with pytest.raises(Refused):
            Arrival.say(project, "driving", local_day(), by=house.sam)
