"""The mail about a new lead says how to reach its customer, and what they wrote."""

from datetime import timedelta

from crm.kernel import clock
from crm.platform.models import StaffMail
from crm.platform.tenancy.context import use_tenant
from crm.web.notices.delivery.mails import mail_due_notices
from crm.web.notices.notify import notify
from leads.models import IntakeDoor, Submission
from leads.response.notices import OFFERED
from tests.cast import Cast
from tests.leads.intake.test_intake import opened, read_all, send


def test_the_mail_holds_phone_message_and_a_call_link_until_somebody_was_in_touch(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        send(
            opened(house, IntakeDoor.DoorKind.JSON), {"name": "Ann", "phone": "(813) 555-0101", "message": "A new roof"}
        )
        read_all()
        job = Submission.objects.get().lead.job
        notify(OFFERED, [house.rita.pk], key="one", about=job)
        mail_due_notices([house.rita.pk])
        body = StaffMail.objects.latest("pk").body
        lines = ("Phone: (813) 555-0101", "Call: tel:+18135550101", "They wrote: A new roof")
        assert [line for line in lines if line not in body] == []
        job.contact("call", "reached", by=house.rita)
        with clock.at(clock.now() + timedelta(hours=1)):
            notify(OFFERED, [house.rita.pk], key="two", about=job)
            mail_due_notices([house.rita.pk])
        assert "Call: tel:" not in StaffMail.objects.latest("pk").body
