"""The settings page of response times: shown in sentences, foreseen, saved, refused."""

from django.test import Client

from tests.cast import House
from tests.tickets.test_ticket_clocks import begin
from tickets.models import SlaPolicy, Ticket
from tickets.models.sla_policy import create_default_policy

PAGE = "/suncoast-test/tickets/settings/response-times/"


def test_response_times_are_previewed_saved_and_refused(house: House, client: Client) -> None:
    create_default_policy()
    begin()
    client.force_login(house.mona.user)
    page = client.get(PAGE).content.decode()
    assert "First reply: Urgent 1h, High 4h, Normal 24h, Low 48h in calendar time" in page
    typed = {"name": "Texts", "nudge": "3d", "first_reply-2": "30m"}
    typed |= {f"{metric}-counts": "work" for metric in ("first_reply", "next_reply", "update", "resolution")}
    wrong = client.post(f"{PAGE}add/", typed | {"first_reply-2": "soon"})
    assert wrong.status_code == 422
    assert "Write it like" in wrong.content.decode()
    nothing = client.post(f"{PAGE}add/", typed | {"first_reply-2": ""})
    assert (nothing.status_code, SlaPolicy.objects.count()) == (422, 1)
    preview = client.post(f"{PAGE}add/", typed | {"preview": "1"}).content.decode()
    assert "Changes the due date of 1 open conversation." in preview
    assert "1 would be late" not in preview, "it is late as it is"
    assert client.post(f"{PAGE}add/", typed).status_code == 302
    policy = SlaPolicy.objects.get(name="Texts")
    assert [row.name for row in SlaPolicy.objects.order_by("position")] == ["Texts", "All conversations"]
    assert [(row.priority, row.seconds) for row in policy.targets.all()] == [(2, 1800)]
    edit = f"{PAGE}{policy.uid}/"
    version = client.get(edit).context["version"]
    changed = typed | {"version": version, "priorities": ["1", "2"], "channel": "sms"}
    assert client.post(edit, changed).status_code == 302
    policy.refresh_from_db()
    assert (policy.priorities, policy.channel) == ([1, 2], "sms")
    assert client.post(edit, changed).status_code == 409
    shown = client.get(PAGE)
    assert "Text message · Urgent, High" in shown.content.decode()
    moved = client.post(f"{edit}move/", {"direction": "down", "version": shown.context["version"]})
    assert moved.status_code == 302
    assert [row.name for row in SlaPolicy.objects.order_by("position")] == ["All conversations", "Texts"]
    conversation = f"/suncoast-test/tickets/{Ticket.objects.get().number}/"
    assert "Why this due date?" in client.get(conversation).content.decode()
    assert "4h day and night, from Mon, Mar 2" in client.get(f"{conversation}due/").content.decode()
    client.force_login(house.rita.user)
    assert client.get(PAGE).status_code == 404
