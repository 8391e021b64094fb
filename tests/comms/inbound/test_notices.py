"""Members are told that their customer wrote, and those who set up channels, once, of what could not be read."""

from comms.models import Channel, Message
from crm.platform.events.events import dispatch_events
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.models import Notice
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened, deliver
from tests.comms.inbound.mails import SUPPORT
from tests.comms.inbound.test_reading import TEXT, mail


def test_who_wrote_and_what_could_not_be_read(cast: Cast, opened: Opened) -> None:
    house, number = cast.house, opened("+18135550100", "sms")
    for told in (TEXT, b"{broken", b"{broken too"):
        deliver(number, told)
        due.run_due_work()
        dispatch_events()
    with use_tenant(house.tenant):
        kinds = dict(Notice.objects.values_list("member_id", "kind"))
        assert kinds == {house.rita.pk: "message.written", house.ada.pk: "inbound.parked"}
        written = Notice.objects.get(kind="message.written")
        assert (written.subject_kind, written.subject_id) == ("jobs.job", house.job.pk)
        assert Notice.objects.count() == 2


def test_of_a_private_mailbox_its_owner_alone_is_told(cast: Cast, opened: Opened) -> None:
    house = cast.house
    mailbox = opened(SUPPORT, role="own", owner=house.mona)
    for sharing in (Channel.Sharing.PRIVATE, Channel.Sharing.SUBJECT):
        with use_tenant(house.tenant):
            Channel.objects.get(pk=mailbox.pk).share(sharing, by=house.mona)
            Notice.objects.all().delete()
        deliver(mailbox, mail(**{"Message-ID": f"<{sharing}@example.com>"}))
        due.run_due_work()
        dispatch_events()
        with use_tenant(house.tenant):
            job = None if sharing == Channel.Sharing.PRIVATE else house.job
            assert Message.objects.latest("pk").job == job, "private mail is on no lead"
            told = {house.mona.pk} if sharing == Channel.Sharing.PRIVATE else {house.mona.pk, house.rita.pk}
            assert set(Notice.objects.values_list("member_id", flat=True)) == told
