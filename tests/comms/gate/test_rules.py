"""Each rule of the gate by a table of cases. Pure: no database."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from comms.gate.candidate import HELP, OPT_OUT, SendCandidate, UsedTemplate
from comms.gate.facts import GateFacts, SendingLimits, SentBefore
from comms.gate.hours import SendingHours
from comms.gate.rules import caps, channel, consent, duplicates, purpose, quiet_hours, stops, text
from comms.models import Channel, Consent, KillSwitch, Suppression
from crm.kernel.zones import PossibleZone, Zones

NOW = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TAMPA = Zones([PossibleZone("America/New_York", "US", "FL")])


@pytest.fixture(autouse=True)
def organization(monkeypatch: pytest.MonkeyPatch) -> None:
    here = SimpleNamespace(zone="America/New_York", members={}, tenant=SimpleNamespace(country="US"))
    for module in (stops, consent, channel, duplicates):
        monkeypatch.setattr(module, "directory", lambda: here)


def sms(**changes: Any) -> SendCandidate:
    by = Channel(pk=1, medium="sms", provider="twilio", address="+18135550100", registration="approved")
    return replace(
        SendCandidate("sms", "+18135550142", brand_id=1, channel=by, author_id=7, person_id=5, job_id=3), **changes
    )


def template(what: str = "service", **more: Any) -> UsedTemplate:
    return UsedTemplate(11, "Visit confirmed", what, **more)


def known(**facts: Any) -> GateFacts:
    return GateFacts(NOW, **facts)


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({}, "", ""),
        ({"template": template("marketing"), "author_id": None}, "", ""),
        ({"author_id": None}, "drop", "no_template"),
        ({"author_id": None, "fixed_text": HELP}, "", ""),
        ({"declared_purpose": "marketing"}, "needs_human", "no_template"),
        ({"declared_purpose": "security"}, "needs_human", "no_template"),
        ({"declared_purpose": "transactional"}, "", ""),
    ],
)
def test_purpose(changes: dict[str, Any], outcome: str, reason: str) -> None:
    said = purpose.check(sms(**changes), known())
    assert (said.outcome, said.reason) == (outcome, reason)


def test_purpose_is_the_templates_and_not_the_callers() -> None:
    assert sms(template=template("marketing"), declared_purpose="transactional").purpose == "marketing"


@pytest.mark.parametrize(
    ("suppression", "changes", "outcome"),
    [
        ({"reason": "stop", "medium": "sms", "brand_id": 1}, {}, "drop"),
        ({"reason": "stop", "medium": "sms", "brand_id": 1}, {"template": template("security")}, "drop"),
        # A code they asked for after their STOP goes out; one from before, or anything else asked for since, does not.
        ({"reason": "stop", "medium": "sms"}, {"template": template("security"), "asked_at": LATER}, ""),
        ({"reason": "stop", "medium": "sms"}, {"template": template("security"), "asked_at": NOW}, "drop"),
        ({"reason": "stop", "medium": "sms"}, {"template": template("transactional"), "asked_at": LATER}, "drop"),
        ({"reason": "stop", "medium": "sms"}, {"declared_purpose": "security", "asked_at": LATER}, "drop"),
        ({"reason": "blocked"}, {"template": template("security"), "asked_at": LATER}, "drop"),
        ({"reason": "stop", "medium": "sms", "brand_id": 2}, {}, ""),
        ({"reason": "stop", "medium": "whatsapp", "brand_id": 1}, {}, ""),
        ({"reason": "stop", "medium": ""}, {}, "drop"),
        ({"reason": "hard_bounce", "medium": "sms"}, {"template": template("transactional")}, "drop"),
        ({"reason": "deceased"}, {"template": template("security")}, "drop"),
        ({"reason": "unsubscribed", "covers": "marketing"}, {}, ""),
        ({"reason": "unsubscribed", "covers": "marketing"}, {"template": template("marketing")}, "drop"),
        ({"reason": "unsubscribed", "covers": "optional"}, {}, "drop"),
        ({"reason": "unsubscribed", "covers": "optional"}, {"template": template("transactional")}, ""),
        ({"reason": "unclear", "covers": "marketing"}, {"template": template("marketing")}, "needs_human"),
        ({"reason": "unclear", "covers": "marketing"}, {}, ""),
        # The confirmation of a STOP passes that STOP and nothing else.
        ({"reason": "stop", "medium": "sms", "brand_id": 1}, {"fixed_text": OPT_OUT, "author_id": None}, ""),
        ({"reason": "blocked"}, {"fixed_text": OPT_OUT, "author_id": None}, "drop"),
        ({"reason": "stop", "medium": "sms"}, {"fixed_text": HELP, "author_id": None}, "drop"),
    ],
)
def test_suppressions(suppression: dict[str, Any], changes: dict[str, Any], outcome: str) -> None:
    facts = known(suppressions=[Suppression(**{"at": NOW} | suppression)])
    assert stops.check(sms(**changes), facts).outcome == outcome


def test_nothing_is_sent_from_a_practice_organization() -> None:
    assert stops.check(sms(), known(is_practice=True)).outcome == "drop"


@pytest.mark.parametrize(
    ("reason", "changes", "wrote_at", "outcome"),
    [
        ("unsubscribed", {}, LATER, ""),
        ("unsubscribed", {}, NOW - timedelta(days=1), "drop"),
        ("unsubscribed", {"author_id": None}, LATER, "drop"),
        ("unsubscribed", {"template": template()}, LATER, "drop"),
        ("unsubscribed", {"template": template(), "is_answer": True}, LATER, ""),
        ("unsubscribed", {"template": template("marketing"), "is_answer": True}, LATER, "drop"),
        ("stop", {}, LATER, "drop"),
        ("complaint", {}, LATER, "drop"),
    ],
)
def test_a_persons_answer_to_who_wrote_after_they_unsubscribed(
    reason: str, changes: dict[str, Any], wrote_at: datetime, outcome: str
) -> None:
    facts = known(suppressions=[Suppression(reason=reason, at=NOW)], wrote_at=wrote_at)
    assert stops.check(sms(**changes), facts).outcome == outcome


def test_confirmation_of_stop_goes_out_once() -> None:
    before = SentBefore(NOW, "sms", "transactional", None, None, OPT_OUT, to_address=True)
    facts = known(suppressions=[Suppression(reason="stop", medium="sms", at=NOW)], sent=[before])
    assert stops.check(sms(fixed_text=OPT_OUT, author_id=None), facts).outcome == "drop"


@pytest.mark.parametrize(
    ("switch", "changes", "outcome"),
    [
        ({}, {}, "defer"),
        ({"brand_id": 1}, {}, "defer"),
        ({"brand_id": 2}, {}, ""),
        ({"channel_id": 1}, {}, "defer"),
        ({"channel_id": 2}, {}, ""),
        ({"person_id": 5}, {}, "drop"),
        ({"person_id": 6}, {}, ""),
        ({"person_id": 6}, {"person_id": None}, ""),
        ({"purpose": "marketing"}, {}, ""),
        ({"purpose": "marketing"}, {"template": template("marketing")}, "defer"),
        ({"ended_at": NOW}, {}, ""),
        ({"until": NOW}, {}, ""),
        ({"until": NOW + timedelta(hours=1)}, {}, "defer"),
        # Codes to sign in with go, unless their channel is stopped.
        ({}, {"template": template("security")}, ""),
        ({"person_id": 5}, {"template": template("security")}, ""),
        ({"channel_id": 1}, {"template": template("security")}, "defer"),
    ],
)
def test_kill_switches(switch: dict[str, Any], changes: dict[str, Any], outcome: str) -> None:
    said = stops.check(sms(**changes), known(switches=[KillSwitch(at=NOW, reason="wrong prices", **switch)]))
    assert said.outcome == outcome
    assert said.until == switch.get("until") or not outcome


YES, NO = Consent(given=True, at=NOW, wording_version="SMS-3"), Consent(given=False, at=NOW, wording_version="SMS-3")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("what", "facts", "reason"),
    [
        ("marketing", {}, "no_consent"),
        ("marketing", {"has_open_job": True}, "no_consent"),
        ("marketing", {"consent": YES}, ""),
        ("marketing", {"consent": NO}, "consent_withdrawn"),
        ("service", {}, "no_relationship"),
        ("service", {"has_open_job": True}, ""),
        ("service", {"has_open_job": True, "consent": NO}, "consent_withdrawn"),
        ("service", {"consent": YES}, ""),
        ("service", {"job_ended_at": NOW - 540 * DAY}, ""),
        ("service", {"job_ended_at": NOW - 550 * DAY}, "no_relationship"),
        ("service", {"wrote_at": NOW - 90 * DAY}, ""),
        ("service", {"wrote_at": NOW - 95 * DAY}, "no_relationship"),
        ("transactional", {}, ""),
        ("transactional", {"consent": NO}, "consent_withdrawn"),
        ("security", {"consent": NO}, ""),
    ],
)
def test_consent(what: str, facts: dict[str, Any], reason: str) -> None:
    said = consent.check(sms(template=template(what)), known(zones=TAMPA, **facts))
    assert (said.outcome, said.reason) == ("drop" if reason else "", reason)


def test_consent_names_the_law_of_the_recipients_country() -> None:
    dutch = known(zones=Zones([PossibleZone("Europe/Amsterdam", "NL")]))
    assert "Dutch" in str(consent.check(sms(template=template("marketing")), dutch).words)


def by(medium: str, **fields: Any) -> Channel:
    return Channel(**{"pk": 1, "medium": medium, "provider": "twilio", "address": "+18135550100"} | fields)


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({}, "", ""),
        ({"channel": None}, "needs_human", "no_sender"),
        ({"channel": by("sms", archived_at=NOW)}, "needs_human", "no_sender"),
        ({"channel": by("sms", registration="pending")}, "needs_human", "not_registered"),
        ({"channel": by("sms")}, "needs_human", "not_registered"),
        ({"channel": by("sms", provider="embedded")}, "", ""),
        # The Dutch are not asked for an American registration, nor are Americans' numbers the only ones.
        ({"channel": by("sms", address="+31612345678"), "address": "+31612345670"}, "", ""),
        ({"channel": by("sms"), "address": "+31612345670"}, "", ""),
        ({"address": "+31201234567"}, "drop", "not_a_mobile"),
        ({"address": "+18005550142"}, "drop", "not_a_mobile"),
        ({"address": "nonsense"}, "drop", "not_a_mobile"),
        ({"medium": "email", "address": "nonsense"}, "drop", "no_address"),
        ({"medium": "email", "address": "cora@example.com"}, "", ""),
        ({"medium": "call", "address": "+31201234567"}, "", ""),
    ],
)
def test_channel(changes: dict[str, Any], outcome: str, reason: str) -> None:
    said = channel.check(sms(**changes), known())
    assert (said.outcome, said.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("wrote", "changes", "outcome", "reason"),
    [
        (timedelta(hours=23, minutes=59), {}, "", ""),
        (timedelta(hours=24), {}, "needs_human", "window_shut"),
        (None, {}, "needs_human", "window_shut"),
        (None, {"author_id": None, "fixed_text": HELP}, "drop", "window_shut"),
        (None, {"template": template(is_approved=True), "author_id": None}, "", ""),
        (None, {"template": template(), "author_id": None}, "drop", "template_not_approved"),
        (None, {"template": template()}, "needs_human", "template_not_approved"),
        (timedelta(hours=1), {"template": template(), "author_id": None}, "", ""),
        (timedelta(hours=1), {"channel": by("whatsapp", registration="rejected")}, "needs_human", "not_registered"),
    ],
)
def test_whatsapp(wrote: timedelta | None, changes: dict[str, Any], outcome: str, reason: str) -> None:
    facts = known(wrote_here_at=NOW - wrote if wrote else None)
    said = channel.check(sms(medium="whatsapp", **{"channel": by("whatsapp")} | changes), facts)
    assert (said.outcome, said.reason) == (outcome, reason)


def before(
    hours: float = 1, medium: str = "sms", what: str = "service", job: int | None = 3, of: int | None = 11
) -> SentBefore:
    return SentBefore(NOW - timedelta(hours=hours), medium, what, of, job, "", to_address=True)


@pytest.mark.parametrize(
    ("sent", "changes", "outcome"),
    [
        ([before(23.9)], {}, "drop"),
        ([before(24)], {}, ""),
        ([before(1, job=4)], {}, ""),
        ([before(1, of=12)], {}, ""),
        ([before(1, medium="email")], {}, ""),
        ([before(1)], {"template": template("security")}, ""),
        ([before(1)], {"template": None}, ""),
    ],
)
def test_duplicates(sent: list[SentBefore], changes: dict[str, Any], outcome: str) -> None:
    assert duplicates.check(sms(**{"template": template()} | changes), known(sent=sent)).outcome == outcome


TWO = [before(30), before(40)]


@pytest.mark.parametrize(
    ("changes", "facts", "outcome"),
    [
        ({}, {"sent": TWO}, "drop"),
        ({}, {"sent": TWO[:1]}, ""),
        ({}, {"sent": [*TWO[:1], before(3, "email"), before(3, what="transactional"), before(3, of=None)]}, ""),
        ({}, {"sent": TWO, "is_urgent": True}, ""),
        ({"template": template("transactional")}, {"sent": TWO}, ""),
        # The switch of docs/rules.md#k4.
        (
            {"template": template("transactional")},
            {"sent": TWO, "limits": SendingLimits(transactional_counts=True)},
            "drop",
        ),
        ({"template": template("security")}, {"sent": TWO, "limits": SendingLimits(transactional_counts=True)}, ""),
        ({"template": None}, {"sent": TWO}, ""),
        ({"medium": "whatsapp"}, {"sent": TWO * 9}, ""),
        ({"medium": "whatsapp"}, {"sent": [before(3, "whatsapp")], "own_limit": 1}, "drop"),
        ({}, {"sent": TWO[:1], "own_limit": 1}, "drop"),
        ({}, {"sent": TWO, "own_limit": 9}, "drop"),
        ({"medium": "email"}, {"sent": [before(30, "email")] * 2}, ""),
        ({"medium": "email"}, {"sent": [before(30, "email")] * 3}, "drop"),
    ],
)
def test_caps(changes: dict[str, Any], facts: dict[str, Any], outcome: str) -> None:
    assert caps.check(sms(**{"template": template()} | changes), known(**facts)).outcome == outcome


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-05-{clock}-04:00").astimezone(UTC)


EIGHT_TO_TEN = SendingHours("whatsapp", time(8), time(22), TAMPA)


@pytest.mark.parametrize(
    ("now", "changes", "outcome", "until"),
    [
        ("12T20:14", {}, "", None),
        ("12T22:00", {}, "defer", "13T08:00"),
        ("13T07:59", {}, "defer", "13T08:00"),
        # Urgency opens no quiet hour (docs/rules.md#k2); a code somebody waits for does.
        ("12T23:00", {"template": template("security")}, "", None),
        ("12T23:00", {"fixed_text": OPT_OUT}, "", None),
        # Of use until nine; nothing is pushed past the event (docs/rules.md#k3).
        ("13T07:00", {"useful_until": "13T09:00"}, "defer", "13T08:00"),
        ("12T22:30", {"useful_until": "13T07:30"}, "drop", None),
        ("12T12:00", {"useful_until": "12T12:00"}, "drop", None),
        ("12T21:59", {"useful_until": "13T09:00", "send_at": "13T07:00"}, "", None),
    ],
)
def test_quiet_hours(now: str, changes: dict[str, Any], outcome: str, until: str | None) -> None:
    given = {name: at(value) if isinstance(value, str) and "T" in value else value for name, value in changes.items()}
    facts = GateFacts(at(now), hours=EIGHT_TO_TEN, zone_source="property", is_urgent=True)
    said = quiet_hours.check(sms(**given), facts)
    assert (said.outcome, said.until) == (outcome, at(until) if until else None)


def test_quiet_hours_of_email_are_none() -> None:
    assert quiet_hours.check(sms(medium="email"), known()).passed


def test_quiet_hours_without_a_common_hour_ask_a_person() -> None:
    nowhere = SendingHours(
        "call", time(9), time(17), Zones([PossibleZone("Europe/Amsterdam"), PossibleZone("Pacific/Honolulu")])
    )
    assert quiet_hours.check(sms(), known(hours=nowhere, zone_source="number")).outcome == "needs_human"


@pytest.mark.parametrize(
    ("changes", "reason"), [({}, ""), ({"missing": ("report.link",)}, "missing"), ({"has_text": False}, "empty")]
)
def test_text(changes: dict[str, Any], reason: str) -> None:
    said = text.check(sms(**changes), known())
    assert (said.outcome, said.reason) == ("needs_human" if reason else "", reason)
    assert "report.link" in str(said.words) or reason != "missing"
