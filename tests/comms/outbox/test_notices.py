"""Members are told of messages that do not arrive: who wrote it and whose customer it was for, nobody else."""

from comms.channels.interface import Permanent
from comms.outbox.send_results import record_drop
from crm.platform.events.events import dispatch_events
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from tests.comms.outbox.conftest import Desk


def test_who_is_told_of_a_message_that_fails(desk: Desk) -> None:
    house = desk.cast.house
    desk.carrier.answers = [Permanent("No such mailbox")]
    desk.write(by=house.mona)
    desk.run()
    record_drop(desk.write(), "By a rule")
    dispatch_events()
    with use_tenant(house.tenant):
        told = Notice.objects.order_by("member_id").values_list("member_id", "data__event")
        assert set(told) == {(house.rita.pk, "message.failed"), (house.mona.pk, "message.failed")}
