"""When a call is made again, and for how long a webhook that does not work is left alone."""

import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from crm.automation.webhooks.sending import CallResult
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.http.outgoing import OutgoingResponse

# Between the attempts of a call: four times as long each time, and this long at most.
PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
# Between the attempts to find out whether a webhook works again: short, so that what waits is soon sent.
PROBE = timedelta(seconds=10)
LONGEST_PROBE = timedelta(minutes=10)
# The other side may ask for this much patience.
LONGEST_WAIT = timedelta(days=1)
# A share of each pause by which it varies, so that many don't come back at the same instant.
JITTER = 0.1


def pause_after(attempts: int) -> timedelta:
    """Return the pause of a call after so many attempts."""
    return _multiply_pause(PAUSE, LONGEST_PAUSE, attempts) * (1 + random.random() * JITTER)  # noqa: S311 - no secret


def probe_after(failures: int) -> timedelta:
    """Return how long a webhook is left alone after so many failures in a row."""
    return _multiply_pause(PROBE, LONGEST_PROBE, failures)


def _multiply_pause(first: timedelta, longest: timedelta, times: int) -> timedelta:
    return min(first * 4 ** min(times - 1, 12), longest)


def asked_wait(result: CallResult) -> timedelta:
    """Return for how long the other side asks us to wait (Retry-After, in seconds or as a date); 0 if it does not."""
    if not isinstance(result.answer, OutgoingResponse) or result.status not in (429, 503):
        return timedelta(0)
    text = result.answer.headers.get("retry-after", "")
    seconds = read_number(text)
    if seconds is not None:
        return timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
    at = _read_date(text)
    if at is None:
        return timedelta(0)
    return min(max(at - clock.now(), timedelta(0)), LONGEST_WAIT)


def _read_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return at
