"""A customer lets somebody see their job: invited, seeing what was chosen, and no more once it is ended."""

import pytest
from django.test import Client

from comms.models import Message
from crm.jobs.models import JobParty
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from crm.web.models import Notice
from portal.access.entrance import brand_for
from portal.access.viewer import Level, PortalViewer
from portal.models import JobShare, PortalAccess
from tests.cast import House
from tests.portal.conftest import Coming

ADA = {"name": "Ava Adjuster", "reach": "ava@insurer.example", "role": "adjuster", "sees": "work"}


def path(house: House, end: str = "") -> str:
    return f"/my/{house.tenant.slug}/jobs/{house.job.number}/sharing/{end}"


def seen_by(person: Person, house: House) -> set[str]:
    """The sections of the job somebody sees."""
    access = PortalAccess.objects.get(person=person)
    viewer = PortalViewer(person, brand_for(person.pk), Level.SESSION, access)
    return {name for name in ("messages", "documents", "money") if viewer.may(house.job, name)}


def test_whom_it_is_shared_with_is_invited_and_sees_what_was_chosen(
    writing_house: House, portal_client: Coming
) -> None:
    house = writing_house
    client = portal_client(house.cora)
    page = client.post(path(house), ADA, follow=True).content.decode()
    assert "Ava Adjuster" in page
    share = JobShare.objects.get()
    sent = Message.objects.get(person=share.person)
    assert f"{house.cora.name} would like you to see" in sent.text
    assert seen_by(share.person, house) == {"messages", "documents"}
    share.sees_money = True
    share.save(update_fields=["sees_money"])
    assert "money" in seen_by(share.person, house)
    dispatch_events()
    assert Notice.objects.filter(kind="portal.shared", member=house.rita).exists()
    client.post(path(house, f"{share.uid}/end/"))
    assert not JobParty.objects.filter(person=share.person).exists()
    assert portal_client(share.person).get(f"/my/{house.tenant.slug}/jobs/{house.job.number}/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"role": "customer"}, "Choose who they are"),
        ({"reach": "nonsense"}, "Enter an email address"),
        ({"name": ""}, "Enter a name"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_in_words(
    writing_house: House, portal_client: Coming, changed: dict[str, str], words: str
) -> None:
    answer = portal_client(writing_house.cora).post(path(writing_house), ADA | changed)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not JobShare.objects.exists()


def test_no_more_than_a_few_are_invited_in_a_day(writing_house: House, portal_client: Coming) -> None:
    client = portal_client(writing_house.cora)
    answers = [
        client.post(path(writing_house), ADA | {"name": f"Ava N{at}", "reach": f"ava{at}@insurer.example"})
        for at in range(6)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [422]


def test_who_sees_it_by_a_share_shares_it_with_nobody_and_staff_end_it(
    writing_house: House, portal_client: Coming
) -> None:
    house = writing_house
    portal_client(house.cora).post(path(house), ADA)
    share = JobShare.objects.get()
    assert portal_client(share.person).get(path(house)).status_code == 404
    staff = Client()
    staff.force_login(house.ada.user)
    page = f"/{house.tenant.slug}/portal/jobs/{house.job.number}/"
    party = JobParty.objects.get(person=share.person)
    shown = staff.get(page)
    assert "shared by" in shown.content.decode()
    staff.post(f"{page}leave/", {"party": party.pk})
    with use_tenant(house.tenant):
        assert not JobShare.objects.live().exists()
