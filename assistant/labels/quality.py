"""The page that says how good the labels are, by what members said of them."""

from django.http import HttpResponse
from django.shortcuts import render

from assistant.labels.figures import ENOUGH, NEEDED, label_qualities, proposer_qualities, trained_qualities
from assistant.labels.training import FLOOR
from assistant.permissions import USE
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require


@require(USE)
def quality(request: TenantRequest) -> HttpResponse:
    """Show precision and recall of each reviewed label, and what was learnt from the corrections."""
    context = {
        "qualities": label_qualities(),
        "proposers": proposer_qualities(),
        "trained": trained_qualities(),
        "is_part": is_fragment(request),
        "enough": ENOUGH,
        "needed": round(100 * NEEDED),
        "floor": FLOOR,
    }
    name = "assistant/labels/_quality.html" if is_fragment(request) else "assistant/labels/quality.html"
    return render(request, name, context)
