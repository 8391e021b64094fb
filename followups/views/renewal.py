"""The new date in the forms that complete a follow-up."""

from typing import Any

from crm.kernel.days import parse_typed_day
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.automation.renewal import find_renewal, renew_date
from followups.models import FollowUp


def renewal_context(request: TenantRequest, follow_up: FollowUp, reader: Reader) -> dict[str, Any]:
    """Return the context of templates/followups/_renewal.html; empty if the follow-up has no date to renew."""
    renewal = None
    if follow_up.is_open:
        renewal = find_renewal(follow_up, request.member)
    if renewal is None:
        return {}
    words = {
        "label": renewal.label,
        "day": reader.date(renewal.day),
        "typed": request.POST.get("renewal", ""),
    }
    return {"renewal": words}


def read_renewal(request: TenantRequest, follow_up: FollowUp, reader: Reader) -> str:
    """Set the new date of a form on a completed follow-up; return a sentence, "" if none was entered.

    Raises Refused for a date that is no date, or not after the present one.
    """
    day = parse_typed_day(request.POST.get("renewal", ""))
    if day is None:
        return ""
    return renew_date(follow_up, day, reader, by=request.member)
