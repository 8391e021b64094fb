"""Authentication results of a received email: SPF, DKIM and DMARC (RFC 8601)."""

import re

from libs.inbound_mail.message import Mail

_LONGEST = 4_000
_RESULT = re.compile(r"\b(dmarc|dkim|spf)\s{0,3}=\s{0,3}([a-z]{2,12})", re.IGNORECASE)
# In comments, as servers write them: "(p=reject dis=none)".
_COMMENT = re.compile(r"\([^()]{0,400}\)")
_BAD = frozenset({"fail", "softfail", "permerror"})


def authentication_results(mail: Mail) -> dict[str, str]:
    """Return the topmost results by method: {"dmarc": "fail", "spf": "pass"}; of repeated ones the better.

    Only the topmost is our own server's; a sender may have written any below it. Nothing where there is none: many
    servers note nothing.
    """
    header = _COMMENT.sub(" ", mail.headers.get("Authentication-Results")[:_LONGEST]).lower()
    results: dict[str, str] = {}
    for method, result in _RESULT.findall(header):
        if results.get(method) != "pass":
            results[method] = result
    return results


def is_doubtful(found: dict[str, str]) -> bool:
    """True if the sender may be forged: DMARC failed, or nothing else authenticates them.

    A forwarded mail fails SPF and keeps its signature, which is proof enough.
    """
    if found.get("dmarc") in {"pass", "fail"}:
        return found["dmarc"] == "fail"
    return found.get("spf") in _BAD and found.get("dkim") != "pass"
