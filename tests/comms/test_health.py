"""What messages, jobs and conversations add to the page of health."""

from datetime import timedelta

from django.test import Client

from comms.health import channels, outbox
from comms.models import Channel, Inbound, KillSwitch, Medium, Message
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.health.findings import HealthState
from crm.web.health.snapshot import HealthSnapshot
from tests.cast import HOUSE, Cast
from tests.queries import data_queries


def test_channels_outbox_parked_things_and_stops_stand_on_the_page(cast: Cast, client: Client) -> None:
    house, now = cast.house, clock.now()
    with use_tenant(house.tenant):
        works, broken = (
            Channel.create(
                by=None, brand=directory().default_brand, medium=Medium.EMAIL, role="support",
                provider="embedded", address=f"{name}@suncoast.example",
            )
            for name in ("works", "broken")
        )  # fmt: skip
        broken.note_state("535 wrong password")
        for channel, direction, state, ago in (
            (works, "in", "received", 5),
            (works, "in", "received", 60),
            (works, "out", "unknown", 7),
            (works, "out", "queued", 9),
            (works, "in", "received", 60 * 24 * 30),
        ):
            at = now - timedelta(minutes=ago)
            Message.objects.create(
                brand_id=channel.brand_id, channel=channel, medium=Medium.EMAIL, direction=direction, state=state,
                address="cora@example.com", at=at, provider_id=f"{direction}{ago}",
            )  # fmt: skip
        Inbound.objects.create(kind="mail", provider="embedded", digest="1", state="parked", received_at=now)
        stop = KillSwitch.switch_on(reason="Storm", by=house.ada, channel=works)

        look = HealthSnapshot()
        first, second = channels.parts(look)
        assert (first.name, first.state, second.name, second.state) == (
            works.address, HealthState.OFF, broken.address, HealthState.DOWN,
        )  # fmt: skip
        assert [at for _words, at in first.times] == [
            now - timedelta(minutes=5), None, now - timedelta(minutes=7),
        ]  # fmt: skip
        down = [one for one in channels.channel_findings(look) if one.state == HealthState.DOWN]
        assert [(channels.name_of(one.about), one.detail) for one in down] == [(broken.address, "535 wrong password")]
        assert [(one.count, one.page) for one in outbox.parked_findings(look)] == [
            (1, "comms:unread"), (1, "outbox:list"), (0, "outbox:list"),
        ]  # fmt: skip
        assert [(one.by, one.since) for one in outbox.switched_findings(look)] == [(house.ada.name, stop.at)]
        with data_queries() as few:
            channels.parts(look)
        for n in range(10):
            Channel.create(
                by=None, brand=directory().default_brand, medium=Medium.EMAIL, role="support",
                provider="embedded", address=f"{n}@suncoast.example",
            )  # fmt: skip
        channels.parts(look)  # which reads the configuration anew
        with data_queries() as many:
            channels.parts(look)
        assert len(many) == len(few)
    client.force_login(house.ada.user)
    page = client.get(f"/{HOUSE}/health/").content.decode()
    for words in (
        "broken@suncoast.example does not work",
        "Storm",
        "?state=unknown",
        "of open leads have complete data",
    ):
        assert words in page
