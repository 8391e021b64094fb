"""Raw bytes are forgotten after their time; what came of them, and what could not be read, stays."""

from datetime import timedelta

import pytest

from comms.inbound import inbound_storage, retention
from comms.models import Inbound
from crm.kernel import clock
from crm.platform.files.stored_files import FileGone
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


@pytest.mark.parametrize(("state", "days", "is_gone"), [("read", 29, False), ("read", 31, True), ("parked", 31, False)])
def test_raw_bytes_go_after_their_time(cast: Cast, state: str, days: int, is_gone: bool) -> None:
    with use_tenant(cast.house.tenant):
        inbound, _ = inbound_storage.keep(b"raw", kind=Inbound.Kind.MAIL, channel=None, provider="test")
        Inbound.objects.update(state=state)
        with clock.at(clock.now() + timedelta(days=days)):
            retention.forget([])
        inbound.refresh_from_db()
        if is_gone:
            with pytest.raises(FileGone):
                inbound_storage.body_of(inbound)
        else:
            assert inbound_storage.body_of(inbound) == b"raw"
    assert Due.objects.filter(kind=retention.FORGET).count() == 1
