"""Files, frames and the page of a message follow its ticket: who may read the conversation may read all of it."""

import pytest
from django.http import QueryDict
from django.test import Client

from comms.models import Message
from comms.search.messages import search
from crm.platform.models import Brand, Role, Team
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, member
from tests.comms.media.conftest import Given, attached, mail, photo
from tickets.inbox.ticket_list import TICKETS
from tickets.models import Entry, Ticket

__all__ = ["attached", "mail"]
pytestmark = pytest.mark.django_db


def test_who_is_given_a_conversation_on_a_colleagues_job_reads_its_files_and_mail(
    client: Client, cast: Cast, mail: Message, attached: Given
) -> None:
    file, slug = attached(photo(), "roof.jpg"), cast.house.tenant.slug
    pages = (
        f"/{slug}/messages/{mail.uid}/",
        f"/{slug}/messages/{mail.uid}/html/",
        f"/{slug}/messages/attachments/{file.uid}/",
        f"/{slug}/messages/attachments/{file.uid}/preview/",
    )
    with use_tenant(cast.house.tenant):
        Message.objects.filter(pk=mail.pk).update(search_text="the roof leaks")
        rob = member("Rob Rep", Role.REP, slug)
        ticket = Ticket.begin(brand=Brand.objects.get(), subject="Leak", job=cast.house.job, by=None)
        Entry.objects.add_message(ticket, mail, matched_by="written")
    client.force_login(rob.user)
    for holder, status in ((None, 404), (rob, 200), (cast.house.mona, 404)):
        with use_tenant(cast.house.tenant):
            ticket.assign_to(holder, by=cast.house.mona)
            found = [hit.message for hit in search("leaks", by=rob)]
        assert [client.get(page).status_code for page in pages] == [status] * 4
        assert found == [mail] * (status == 200)
    # Given to their team it is theirs to answer, whoever has the lead; of another team's they see nothing.
    with use_tenant(cast.house.tenant):
        own, another = (Team.create(name, by=cast.house.ada) for name in ("Repairs", "Sales"))
        own.add(rob, by=cast.house.ada)
    for team, seen in ((another, False), (own, True), (None, False)):
        with use_tenant(cast.house.tenant):
            ticket.give_to_team(team, by=cast.house.mona)
            found = [hit.message for hit in search("leaks", by=rob)]
            listed = TICKETS.apply(TICKETS.read(QueryDict("who=all"), rob), rob)
            assert [list(listed), found] == [[ticket] * seen, [mail] * seen]
        conversation = client.get(f"/{slug}/tickets/{ticket.number}/")
        statuses = [conversation.status_code, *(client.get(page).status_code for page in pages)]
        assert statuses == [200 if seen else 404] * 5
        assert client.get(f"/{slug}/leads/{cast.house.job.number}/").status_code == 404
        if seen:
            assert "/next-step/" not in conversation.content.decode(), "of a lead they don’t see"
    client.force_login(cast.otto.user)
    assert [client.get(page).status_code for page in pages] == [404] * 4
