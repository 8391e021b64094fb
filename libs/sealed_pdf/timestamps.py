"""Timestamps of an authority (RFC 3161), fetched with the caller's own HTTP client."""

from collections.abc import Callable

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

CONTENT_TYPE = "application/timestamp-query"


class TimestampRefused(Exception):
    """The authority did not answer with a timestamp."""


class PostTimeStamper(TimeStamper):
    """Timestamps from an authority. `post` sends a request's body as CONTENT_TYPE, and returns that of the answer.

    The caller's `post` decides about time limits and which addresses may be reached.
    """

    def __init__(self, post: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._post = post

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the authority's answer. pyHanko checks its nonce and status."""
        answer = tsp.TimeStampResp.load(self._post(req.dump()))
        try:
            answer["time_stamp_token"]
        except ValueError:
            # A refusal has no timestamp, and asn1crypto demands one.
            raise TimestampRequestError("The timestamp authority sent no timestamp.") from None
        return answer
