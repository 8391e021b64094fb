"""Selected rows of a list: ticked rows across pages, or all rows of a view, limited to those the member may see.

The form's fields: `pick`, once for each box; `picked`, with commas; `all`, and then `view`, a query string. A box
carries the row's number (`List.picked_by`), or its id.
"""

from typing import Any

from django.http import QueryDict

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.web.lists.definition import List

# One act changes no more than so many; by hand no more are picked.
MOST = 10_000
MOST_PICKED = 5_000


def selected_ids(preset: List, given: QueryDict, member: Member) -> list[int]:
    """Return the selected ids in list order, limited to those the member may see. Raises Refused."""
    if given.get("all"):
        filters = preset.read_text(given.get("view", ""), member)
        rows = preset.apply(filters, member)
    else:
        filters = preset.filters()
        rows = preset.visible(member).filter(**{f"{preset.picked_by}__in": picked_numbers(given)})
    ids: list[Any] = list(preset.order(filters).of(rows).values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise Refused(str(preset.words.nothing_selected))
    if len(ids) > MOST:
        raise Refused(preset.words.too_many_selected(MOST))
    return ids


def picked_numbers(given: QueryDict) -> list[int]:
    """Return the ticked row numbers of all pages. Visibility is not checked."""
    numbers = {*given.getlist("pick")[:MOST_PICKED], *given.get("picked", "").split(",")[:MOST_PICKED]}
    return sorted({number for number in map(read_number, numbers) if number is not None})
