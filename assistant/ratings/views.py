"""Rate a summary or draft, and show the figures of ratings."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from assistant.models import ProposalRating, RatingReason
from assistant.permissions import SET_UP, USE
from assistant.ratings.figures import rating_figures
from assistant.ratings.rating_form import RATED_HELPERS, RatingForm
from assistant.summaries.subjects import visible_subject
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url


@require(USE)
@require_POST
def rate(request: TenantRequest, place: str, key: str) -> HttpResponse:
    """Record that a proposal was useful (a blank reason), or what is wrong with it."""
    record = visible_subject(place, key, request.member)
    helper = request.POST.get("helper", "")
    reason = request.POST.get("reason", "")
    if helper not in RATED_HELPERS or reason not in RatingReason.values:
        raise Http404
    state = request.POST.get("state", "").replace("\0", "")
    by_model = request.POST.get("by_model") == "1"
    ProposalRating.rate(record, helper, reason=reason, state=state, by_model=by_model, member=request.member)
    if not is_fragment(request):
        return redirect(record_url(record, request.tenant.slug))
    form = RatingForm.of(record, helper, state=state, by_model=by_model, member=request.member)
    return render(request, "assistant/ratings/_form.html", {"place": place, "key": key, "rating_form": form})


@require(SET_UP)
def figures(request: TenantRequest) -> HttpResponse:
    """Show how useful summaries and drafts were."""
    name = "assistant/ratings/_figures.html" if is_fragment(request) else "assistant/ratings/figures.html"
    return render(request, name, {"figures": rating_figures()})
