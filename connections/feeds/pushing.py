"""Send changed records to the address of another system: JSON by POST, with the fields that the mapping names."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import requests
from django.utils.translation import gettext as _

from connections.feeds.feed_session import FeedSession, open_session
from connections.feeds.records import FEED_RECORDS
from connections.models import Connection, FieldRule, LinkedRecord, SyncDirection, SyncItem, connected_kinds
from connections.models.connection import SOON
from connections.sync.sync_round import SyncRound
from connections.system_kinds import ItemRefused
from crm.integrations.providers.rest import error_of
from crm.platform.models import Event

KIND = "feed"
# Answers about one record alone; others are about the address, or may pass.
_REFUSALS = (400, 404, 405, 409, 410, 413, 415, 422)
# Characters of an answer that are shown to a person.
_SHOWN = 200


def followed_kinds() -> frozenset[str]:
    """Return the kinds of events that are followed: none if no such system is connected."""
    if KIND not in connected_kinds():
        return frozenset()
    return frozenset().union(*(record.events for record in FEED_RECORDS.values()))


def follow_events(events: Sequence[Event]) -> None:
    """Queue the records that changed for the connections that send them."""
    changed: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for noun, record in FEED_RECORDS.items():
            if event.kind in record.events:
                pk = event.job_id if noun == "job" else event.subject_id
                changed[noun].add(pk or event.subject_id)
    for connection in Connection.objects.filter(kind=KIND):
        if not connection.options.get("push_url"):
            continue
        nouns = _sent_nouns(connection)
        for noun in nouns & changed.keys():
            SyncItem.queue(connection.pk, noun, sorted(changed[noun]))
        if nouns & changed.keys() and connection.is_working:
            connection.schedule(SOON)


def push_waiting(one: SyncRound) -> None:
    """Send what waits. A record that is refused is a dead letter; the others go on."""
    url = one.connection.options.get("push_url", "")
    if not url:
        return
    with one.tenant():
        rules = list(FieldRule.objects.filter(connection=one.connection, direction=SyncDirection.OUT))
    session = open_session(one.connection)
    for item in one.waiting_items():
        try:
            _push(one, session, url, item, rules)
        except ItemRefused as why:
            one.refuse_item(item, str(why), label=str(item.subject_id))
        else:
            one.finish_item(item)


def _push(one: SyncRound, session: FeedSession, url: str, item: SyncItem, rules: Sequence[FieldRule]) -> None:
    with one.tenant():
        values = _read_values(item, rules)
        link = LinkedRecord.objects.filter(
            connection=one.connection, noun=item.noun, local_key=str(item.subject_id)
        ).first()
    if values is None:
        return
    body = {"record": item.noun, "id": item.subject_id, "data": values}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    if link and link.fingerprint == fingerprint:
        # Nothing that is sent has changed.
        return
    headers = {"Content-Type": "application/json", "Idempotency-Key": fingerprint}
    answer = session.send_request("POST", url, data=text.encode(), headers=headers)
    if answer.status_code in _REFUSALS:
        raise ItemRefused(_refusal_words(answer))
    if not 200 <= answer.status_code < 300:
        raise error_of(answer)
    with one.tenant():
        key = str(item.subject_id)
        LinkedRecord.store(one.connection.pk, item.noun, key, key, fingerprint=fingerprint)


def _read_values(item: SyncItem, rules: Sequence[FieldRule]) -> dict[str, Any] | None:
    """Return what is sent of a record; None if it is gone. Raises ItemRefused for a field that is gone."""
    record = FEED_RECORDS.get(item.noun)
    row = record.find(item.subject_id or 0) if record else None
    if record is None or row is None:
        return None
    fields = record.fields()
    values: dict[str, Any] = {}
    for rule in rules:
        noun, _dot, name = rule.ours.partition(".")
        if noun != item.noun:
            continue
        if name not in fields:
            words = _("The mapping sends “%(theirs)s” from a field that no longer exists. Save the mapping again.")
            raise ItemRefused(words % {"theirs": rule.theirs})
        values[rule.theirs] = fields[name].read(row)
    return values


def _sent_nouns(connection: Connection) -> set[str]:
    rules = FieldRule.objects.filter(connection=connection, direction=SyncDirection.OUT)
    return {ours.partition(".")[0] for ours in rules.values_list("ours", flat=True)}


def _refusal_words(answer: requests.Response) -> str:
    words = " ".join(answer.text[:2000].split())[:_SHOWN]
    if "<" in words:
        # A page of HTML says nothing to a person.
        words = ""
    facts = {"status": answer.status_code, "words": words}
    if words:
        return _("The other system refuses it (%(status)s): %(words)s") % facts
    return _("The other system refuses it (%(status)s).") % facts
