"""ContactAttempt: a call of ours that was answered or not, or a message that was replied to or not. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

CALL = "call"
# Two records of one call, by the telephone and by the member, are this close to each other.
SAME_CALL = timedelta(minutes=30)
# A message counts as answered if the customer writes or calls within so long.
REPLY_WITHIN = timedelta(hours=48)


class ContactAttempt(NamedTuple):
    """An attempt to reach a customer: when, by which medium, and whether they answered."""

    at: datetime
    medium: str
    is_answered: bool


class LoggedMessage(NamedTuple):
    """A message or telephoned call: when, by which medium, whether it is theirs, and of a call the seconds spoken."""

    at: datetime
    medium: str
    is_theirs: bool
    seconds: int


def merge_calls(calls: Iterable[ContactAttempt]) -> list[ContactAttempt]:
    """Return the calls in order, with two records of one call as one."""
    merged: list[ContactAttempt] = []
    for call in sorted(calls):
        if merged and call.at - merged[-1].at <= SAME_CALL:
            merged[-1] = merged[-1]._replace(is_answered=merged[-1].is_answered or call.is_answered)
        else:
            merged.append(call)
    return merged


def match_replies(rows: Iterable[LoggedMessage], now: datetime) -> list[ContactAttempt]:
    """Return our messages, each answered if the customer wrote or called within 48 hours.

    Messages without an answer between them count once, as the last one. One that is younger than 48 hours and not
    answered doesn't count yet.
    """
    attempts: list[ContactAttempt] = []
    pending: LoggedMessage | None = None
    for row in sorted(rows):
        if row.is_theirs:
            if pending:
                attempts.append(ContactAttempt(pending.at, pending.medium, row.at - pending.at <= REPLY_WITHIN))
            pending = None
        elif row.medium != CALL:
            if pending and row.at - pending.at > REPLY_WITHIN:
                attempts.append(ContactAttempt(pending.at, pending.medium, False))
            pending = row
    if pending and now - pending.at > REPLY_WITHIN:
        attempts.append(ContactAttempt(pending.at, pending.medium, False))
    return attempts


def build_attempts(
    rows: Iterable[LoggedMessage], recorded: Iterable[ContactAttempt], now: datetime
) -> list[ContactAttempt]:
    """Return all attempts in order, from messages and from the calls that members recorded."""
    logged = list(rows)
    calls = [
        ContactAttempt(row.at, CALL, row.seconds > 0) for row in logged if row.medium == CALL and not row.is_theirs
    ]
    return sorted([*merge_calls([*calls, *recorded]), *match_replies(logged, now)])
