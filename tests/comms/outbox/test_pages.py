"""The outbox on its page: whose it shows, what can be done from it, what a page costs; and the figures."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comms.channels.interface import Permanent, ProviderReport, Receipt, Unknown
from comms.gate.consent.suppressions import suppress
from comms.models import Message, Template
from comms.outbox import reports
from comms.outbox.figures import figures
from comms.outbox.outbox_list import attention
from crm.kernel import clock
from tests.comms.outbox.conftest import Desk

PAGE = "/suncoast-test/messages/outbox/"
FIGURES = "/suncoast-test/reports/messages/"
HREF = re.compile(r'href="([^"]{1,300})"')


@pytest.fixture
def rita(client: Client, desk: Desk) -> Client:
    client.force_login(desk.cast.house.rita.user)
    return client


def test_everybody_sees_their_own_and_a_manager_everybodys(rita: Client, desk: Desk) -> None:
    desk.write(by=desk.cast.house.rita, subject="Hers", send_at=clock.now() + timedelta(hours=3))
    automatic = desk.write(subject="Nobodys", send_at=clock.now() + timedelta(hours=3))
    page = rita.get(PAGE).content.decode()
    assert ("Hers" in page, "Nobodys" in page) == (True, False)
    assert rita.post(f"{PAGE}{automatic.uid}/cancel/").status_code == 404
    assert rita.get(f"{FIGURES}").status_code == 404
    rita.force_login(desk.cast.house.mona.user)
    page = rita.get(PAGE).content.decode()
    assert "Hers" in page
    assert "Nobodys" in page


@pytest.mark.parametrize(
    ("answer", "verb", "state"),
    [
        (Unknown("silence"), "confirm", "sent"),
        (Unknown("silence"), "retry", "queued"),
        (Permanent("no such mailbox"), "retry", "queued"),
        (None, "cancel", "cancelled"),
        (None, "send", "queued"),
        (Receipt("x"), "cancel", "sent"),
    ],
)
def test_what_is_done_from_a_row(rita: Client, desk: Desk, answer: Any, verb: str, state: str) -> None:
    desk.carrier.answers = [answer] if answer else []
    message = desk.write(by=desk.cast.house.rita, send_at=None if answer else clock.now() + timedelta(days=1))
    desk.run()
    if isinstance(answer, Exception):
        assert str(answer) in rita.get(PAGE).content.decode(), "the reason stands there"
        assert attention(desk.cast.house.rita) == "1"
    response = rita.post(f"{PAGE}{message.uid}/{verb}/", {"next": f"{PAGE}?state=failed"})
    assert response.headers["Location"] == f"{PAGE}?state=failed"
    assert desk.state(message) == state


def test_somebody_to_call_stays_on_the_list_until_they_are_reached(rita: Client, desk: Desk) -> None:
    desk.carrier.answers = [Permanent("no such mailbox")]
    message = desk.write(by=desk.cast.house.rita)
    desk.run()
    page = rita.get(f"{PAGE}?call=1").content.decode()
    assert "tel:+18135550142" in page
    for outcome, there in (("no_answer", True), ("reached", False)):
        rita.post(f"{PAGE}{message.uid}/call/", {"outcome": outcome})
        assert ("tel:+18135550142" in rita.get(f"{PAGE}?call=1").content.decode()) is there
    assert rita.post(f"{PAGE}{message.uid}/call/", {"outcome": "nonsense"}).status_code == 404


def test_a_page_asks_as_often_for_many_rows_as_for_one(rita: Client, desk: Desk) -> None:
    counts = []
    for number in (1, 8):
        for one in range(number):
            desk.write(by=desk.cast.house.rita, text=f"No {one}", send_at=clock.now() + timedelta(days=1))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rita.get(PAGE)
        counts.append(len(asked))
    assert counts[1] <= counts[0]


def test_figures_count_what_people_did_and_put_failures_on_top(rita: Client, desk: Desk) -> None:
    desk.carrier.answers = [
        Receipt("a", cost=79, currency="USD"),
        Receipt("b", cost=22, currency="USD"),
        Receipt("c"),
        Permanent("no"),
    ]
    for channel in (desk.mail, desk.mail, desk.mail, desk.sms):
        desk.write(channel, text=f"To {channel}")
        desk.run()
    for kind, provider_id, machine in [("delivered", "a", False), ("opened", "a", True), ("clicked", "b", False)]:
        reports.record_report(ProviderReport(provider_id, kind, f"{kind}-{provider_id}", is_machine=machine), desk.mail)
    Message.objects.create(
        brand=desk.mail.brand, channel=desk.mail, medium="email", direction="in", state="received",
        address=desk.points["email"].value, at=clock.now() + timedelta(minutes=1),
    )  # fmt: skip
    suppress(desk.points["email"].value, "unsubscribed", source="link", medium="email")
    lines = figures(Message.objects.all(), clock.now() - timedelta(days=1))
    assert [line.filters["medium"] for line in lines] == ["sms", "email"], "failures first"
    mail = lines[1]
    known = {"sent": 3, "delivered": 2, "opened": 1, "clicked": 1, "replied": 3, "failed": 0, "opted_out": 1}
    assert mail.counts | known == mail.counts
    assert (mail.cost, mail.shares["clicked"]) == ("$1.01", "33%")
    rita.force_login(desk.cast.house.ada.user)
    page = rita.get(f"{FIGURES}?days=7").content.decode()
    assert "$1.01" in page


def test_each_figure_opens_its_list_and_goes_into_a_file(rita: Client, desk: Desk) -> None:
    rita.force_login(desk.cast.house.ada.user)
    template = Template.create(by=None, name="Coming", media=["sms"])
    version = template.write("sms", "en", {"text": "We come"}, by=None)
    version.approve(by=None)
    desk.carrier.answers = [Receipt("a"), Receipt("b"), Permanent("no"), Receipt("c")]
    for text, made_of in (("One", version), ("Two", version), ("Three", version), ("Four", None)):
        desk.write(desk.sms, subject=text, template_version=made_of)
        desk.run()
    reports.record_report(ProviderReport("b", "delivered", "e"), desk.sms)
    [line] = figures(Message.objects.all(), clock.now() - timedelta(days=1), "version")
    counted = line.counts | {"sent": 2, "delivered": 1, "failed": 1}
    assert (line.name, line.about, counted) == ("Coming", "Text message, English, version 1", line.counts)
    page = rita.get(f"{FIGURES}?by=version").content.decode()
    for result, texts in (("sent", {"One", "Two"}), ("delivered", {"Two"}), ("failed", {"Three"})):
        [url] = {unescape(found) for found in HREF.findall(page) if f"result={result}" in found}
        listed = rita.get(url).content.decode()
        assert {text for text in ("One", "Two", "Three", "Four") if f"<bdi>{text}</bdi>" in listed} == texts, url
    rows = rita.get(f"{FIGURES}?by=version&format=csv").content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith('Coming,"Text message, English, version 1",2,1,')
