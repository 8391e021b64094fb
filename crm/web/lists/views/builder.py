"""View of the filter builder: a full page without scripts, a fragment in the list's panel with scripts."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from crm.kernel.whole_numbers import read_number
from crm.web.lists.conditions.builder import Builder
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List
from crm.web.lists.page import urls
from crm.web.requests.http import TenantRequest, is_fragment


def choose(request: TenantRequest, *, preset: List) -> HttpResponse:
    """Handle the builder's form after one action (`do`): show, save, count, row, add, any, remove."""
    form = request.GET
    member = request.member
    first = preset.first_field
    act, _colon, place = form.get("do", "").partition(":")
    if not act:
        return _answer(request, preset, Builder.of(preset.read(form, member), member, first=first))
    position = preset.read_position(form)
    builder = Builder.read(form, member, filterset=preset.filterset, first=first, position=position)
    at = -1
    row = read_number(place)
    if act in ("show", "save") and builder.judge():
        if act == "save":
            kept_layout = ""
            if preset.layouts:
                kept_layout = f"&layout={_layout(request, preset)}"
            return redirect(preset.url("save_view", request.tenant.slug) + builder.filters().query() + kept_layout)
        return redirect(_back(request, preset) + builder.filters().query())
    if act == "count":
        return render(request, "lists/filter.html#count", {"found": _match_count_words(request, preset, builder)})
    if act == "row":
        return _row(request, preset, builder, row)
    if act == "any":
        builder.add_block()
    elif act == "add":
        builder.add(place)
    elif act == "remove" and row is not None:
        builder.remove(row)
        at = min(row, len(builder.rows) - 1)
    if act in ("add", "any"):
        at = len(builder.rows) - 1
    return _answer(request, preset, builder, act=act, at=at)


def _answer(request: TenantRequest, preset: List, builder: Builder, *, act: str = "", at: int = -1) -> HttpResponse:
    """Render the form. The focus is in row `at`, the added row, or the first row of a newly opened panel."""
    fragment = is_fragment(request)
    context = {
        "preset": preset,
        "builder": builder,
        "layout": _layout(request, preset),
        "back": _back(request, preset) + _position_query(builder),
        "found": _match_count_words(request, preset, builder),
        "focus": 0 if fragment and not act else at,
        **urls(request, preset),
    }
    template = "lists/filter.html"
    if fragment:
        template = "lists/filter.html#form"
    return render(request, template, context, status=422 if act in ("show", "save") else 200)


def _layout(request: TenantRequest, preset: List) -> str:
    return preset.layout_key(request.GET.get("layout", ""))


def _back(request: TenantRequest, preset: List) -> str:
    """Return the URL to return to: the list, or another layout with the same filters."""
    return preset.url(_layout(request, preset), request.tenant.slug)


def _position_query(builder: Builder) -> str:
    """Return the query string of no filters where the layout stands; "" where it stands nowhere in particular."""
    if not builder.carried.position:
        return ""
    return Filters(builder.filterset, position=builder.carried.position).query()


def _row(request: TenantRequest, preset: List, builder: Builder, at: int | None) -> HttpResponse:
    """Render one row after its field or test was changed, and the count."""
    if at is None or at >= len(builder.rows):
        raise Http404
    context = {"control": builder.control(at), "found": _match_count_words(request, preset, builder), "focus": -1}
    return render(request, "lists/_filter_row.html", context | {"counted": True} | urls(request, preset))


def _match_count_words(request: TenantRequest, preset: List, builder: Builder) -> str:
    """Return the number of matching rows as text, capped."""
    kept = preset.apply(builder.filters(), request.member)
    return preset.words.counted(capped_counts({"found": kept})["found"])
