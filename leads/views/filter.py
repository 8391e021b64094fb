"""The filter builder: a page of its own without scripts, a fragment in the list's panel with them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from crm.jobs.list.builder import Builder
from crm.jobs.list.counts import capped_counts
from crm.jobs.list.filters import Filters, visible
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require


@require("leads.view")
def choose(request: TenantRequest) -> HttpResponse:
    """The rows of a view, or those sent, after one act on them (`do`): show, save, count, row, add, any, remove."""
    form, member = request.GET, request.member
    act, _colon, place = form.get("do", "").partition(":")
    if not act:
        return _answer(request, Builder.of(Filters.read(form, member), member))
    builder = Builder.read(form, member)
    at = -1
    if act in ("show", "save") and builder.judge():
        saving = reverse("leads:save_view", args=[request.tenant.slug])
        return redirect((saving if act == "save" else _back(request)) + builder.filters().query())
    if act == "count":
        return render(request, "leads/filter.html#count", {"found": _found(request, builder)})
    if act == "row":
        return _row(request, builder, place)
    if act == "any":
        builder.add_block()
    elif act == "add":
        builder.add(place)
    elif act == "remove" and place.isdigit():
        builder.remove(int(place))
        at = min(int(place), len(builder.rows) - 1)
    return _answer(request, builder, act=act, at=len(builder.rows) - 1 if act in ("add", "any") else at)


def _answer(request: TenantRequest, builder: Builder, *, act: str = "", at: int = -1) -> HttpResponse:
    """The whole form. The keyboard is in row `at`, or the first of a panel just opened, or where rows are added."""
    fragment = is_fragment(request)
    context = {
        "builder": builder,
        "layout": _layout(request),
        "back": _back(request),
        "found": _found(request, builder),
        "focus": 0 if fragment and not act else at,
    }
    template = "leads/filter.html#form" if fragment else "leads/filter.html"
    return render(request, template, context, status=422 if act in ("show", "save") else 200)


def _layout(request: TenantRequest) -> str:
    return "board" if request.GET.get("layout") == "board" else "list"


def _back(request: TenantRequest) -> str:
    """The list, or the board where the filters are a board's."""
    return reverse(f"leads:{_layout(request)}", args=[request.tenant.slug])


def _row(request: TenantRequest, builder: Builder, place: str) -> HttpResponse:
    """One row whose field or test was just chosen, and the count."""
    if not (place.isdigit() and int(place) < len(builder.rows)):
        raise Http404
    context = {"control": builder.control(int(place)), "found": _found(request, builder), "focus": -1}
    return render(request, "leads/_filter_row.html", context | {"counted": True})


def _found(request: TenantRequest, builder: Builder) -> str:
    """How many leads the rows keep, capped."""
    kept = builder.filters().apply(visible(request.member), request.member)
    return capped_counts({"found": kept})["found"]
