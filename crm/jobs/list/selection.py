"""Which leads a form means: numbers that were picked, over pages, or all that a view shows. Resolved for who asks.

The form's fields: `pick`, once for each box; `picked`, numbers with commas; `all`, and then `view`, a query string.
"""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.list.filters import Filters, visible
from crm.jobs.models.queryset import JobQuerySet
from crm.kernel.refusal import Refused
from crm.platform.models import Member

# One act changes no more than so many; by hand no more are picked.
MOST = 10_000
MOST_PICKED = 5_000


def selected(given: QueryDict, member: Member) -> list[int]:
    """The jobs' ids in jump order, of those the member sees. Raises Refused with a sentence."""
    ids = list(_jobs(given, member).in_jump_order().values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise Refused(_("Select some leads first."))
    if len(ids) > MOST:
        raise Refused(
            ngettext(
                "That is more than %(most)s lead. Narrow the view, or take it in parts.",
                "That is more than %(most)s leads. Narrow the view, or take it in parts.",
                MOST,
            )
            % {"most": f"{MOST:,}"}
        )
    return ids


def _jobs(given: QueryDict, member: Member) -> JobQuerySet:
    seen = visible(member)
    if given.get("all"):
        return Filters.read(QueryDict(given.get("view", "").lstrip("?")[:4000]), member).apply(seen, member)
    kept: JobQuerySet = seen.filter(number__in=picked(given))
    return kept


def picked(given: QueryDict) -> list[int]:
    """The numbers that were picked, on whichever page; whether the member sees them is not asked."""
    numbers = {*given.getlist("pick")[:MOST_PICKED], *given.get("picked", "").split(",")[:MOST_PICKED]}
    return sorted(int(text) for text in numbers if _is_number(text))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
