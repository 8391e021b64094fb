"""A full disk under the files: what arrives waits until there is room, and counts as not tried."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from comms.inbound import inbound_storage
from comms.models import Inbound, Message
from crm.kernel import clock
from crm.platform.database.claims import ATTEMPTS
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened, deliver
from tests.comms.inbound.mails import SUPPORT
from tests.small_disk import SIZE, disk, files_in, room

__all__ = ["disk", "room"]
RAW = (
    "From: Cora <cora@home.example>\r\nTo: {to}\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n"
    "Content-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF-1.4 {plan}"
)


def test_a_mail_waits_until_there_is_room_for_its_files(
    cast: Cast, opened: Opened, disk: Path, room: Callable[[], None]
) -> None:
    (disk / "others").write_bytes(b"x" * (SIZE - 8192))
    deliver(opened(SUPPORT), {"mail": RAW.format(to=SUPPORT, plan="x" * 20_000), "to": [SUPPORT]})
    for hour in range(ATTEMPTS + 2):
        with clock.at(clock.now() + timedelta(hours=hour)):
            due.run_due_work()
    assert Due.objects.filter(kind=inbound_storage.READ).values_list("attempts", flat=True).get() == 0
    assert len(files_in(disk)) == 1
    room()
    with clock.at(clock.now() + timedelta(hours=ATTEMPTS + 2)):
        due.run_due_work()
    with use_tenant(cast.house.tenant):
        assert Inbound.objects.get().state == Inbound.State.READ
        assert Message.objects.get().attachments.count() == 1
