"""Whether a version is within what a member may offer by themselves: discount by role, margin by brand."""

from typing import Any

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from quotes.models.quote_terms import limit_of, terms_of
from quotes.models.quote_version import VersionContent
from quotes.sums import MILLION, LineSums


def discount_share(sums: LineSums) -> int:
    """Return the discount as a share of the price before it, in parts per million, rounded up."""
    if sums.gross <= 0:
        return 0
    return -(-sums.discount * MILLION // sums.gross)


def approval_reasons(content: VersionContent, member: Member, brand_id: int) -> dict[str, Any]:
    """Return why a member needs an approval to send a version; empty if they don't.

    The largest discount and the smallest margin of its options count. The margin floor binds those who may not approve.
    """
    options: list[int | None] = [option.pk for option in content.options] or [None]
    sums = [content.sums(option) for option in options]
    discount = max(discount_share(one) for one in sums)
    reasons: dict[str, Any] = {}
    if discount > limit_of(member.role):
        reasons |= {"discount": discount, "limit": limit_of(member.role)}
    margin = min(one.margin_ppm for one in sums)
    floor = terms_of(brand_id).margin_floor_ppm
    if margin < floor and not allows(member, "quotes.approve"):
        reasons |= {"margin": margin, "floor": floor}
    return reasons
