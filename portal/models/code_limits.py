"""CodeLimits: limits of codes sent and tried per origin, so that one person can't lock out another.

A browser that came in before is counted by itself. Unknown ones are counted by their network, and together.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

HOUR = timedelta(hours=1)
# Wrong tries of a person's codes from one origin: whoever asks for one code after another does not get on by it.
TRIES_AN_HOUR = 10
TRIES_A_DAY = 20
# From all origins that are no known device together; each counts with at most TRIES_A_DAY.
TRIES_A_DAY_IN_ALL = 100
# Sent to an address for one origin: so many in a quarter of an hour, and so many a day.
SENT_AT_ONCE = 3
AT_ONCE = timedelta(minutes=15)
SENT_A_DAY = 10
# For all origins that are no known device together.
SENT_AN_HOUR_IN_ALL = 10
SENT_A_DAY_IN_ALL = 40


class CountedCode(Protocol):
    """The columns of a PortalCode that the limits count."""

    asked_at: datetime
    origin: str
    is_known_device: bool
    digest: str
    tries: int


class CodeLimits:
    """Codes of one day for a person or address, and the limits left at an instant."""

    def __init__(self, codes: Iterable[CountedCode], now: datetime) -> None:
        self.codes = list(codes)
        self.now = now

    def is_sent_enough(self, asked: CountedCode) -> bool:
        """Return whether the code `asked` is not sent, because the limit for its address is reached."""
        own = [code for code in self._of(asked.origin) if code.digest]
        if len(own) >= SENT_A_DAY or len(self._since(AT_ONCE, own)) >= SENT_AT_ONCE:
            return True
        return not asked.is_known_device and self.is_sent_enough_to_strangers

    @property
    def is_sent_enough_to_strangers(self) -> bool:
        """True if codes are no longer sent to unknown browsers."""
        strangers = [code for code in self.codes if code.digest and not code.is_known_device]
        is_full = len(strangers) >= SENT_A_DAY_IN_ALL
        return is_full or len(self._since(HOUR, strangers)) >= SENT_AN_HOUR_IN_ALL

    def is_tried_enough(self, tried: CountedCode) -> bool:
        """True if `tried` is refused because other codes of its person were tried without success too often."""
        if self.is_origin_shut(tried.origin):
            return True
        return not tried.is_known_device and self.is_tried_enough_by_strangers

    def is_origin_shut(self, origin: str) -> bool:
        """Return whether too many wrong codes were entered from one browser or network."""
        own = self._of(origin)
        return _count_tries(own) > TRIES_A_DAY or _count_tries(self._since(HOUR, own)) > TRIES_AN_HOUR

    @property
    def is_tried_enough_by_strangers(self) -> bool:
        """True if codes from unknown browsers are no longer accepted."""
        origins = {code.origin for code in self.codes if not code.is_known_device}
        return sum(min(_count_tries(self._of(origin)), TRIES_A_DAY) for origin in origins) > TRIES_A_DAY_IN_ALL

    @property
    def has_shut_origin(self) -> bool:
        """True if a browser or network must wait after too many wrong codes."""
        return any(self.is_origin_shut(code.origin) for code in self.codes)

    def _of(self, origin: str) -> list[CountedCode]:
        return [code for code in self.codes if code.origin == origin]

    def _since(self, span: timedelta, codes: list[CountedCode]) -> list[CountedCode]:
        return [code for code in codes if code.asked_at > self.now - span]


def _count_tries(codes: list[CountedCode]) -> int:
    return sum(code.tries for code in codes)
