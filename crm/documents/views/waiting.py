"""All that is asked of customers and not there yet, or there to be looked at: since when, and until when."""

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.documents.models import DocumentRequest, State
from crm.documents.models.document_request import WAITING
from crm.documents.shown import asked_all
from crm.kernel import clock, durations
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# So many are shown; there are tabs for what is late, and for what is here.
MOST = 200


@require("documents.view")
def requests(request: TenantRequest) -> HttpResponse:
    """List what is asked for, the soonest due first. Five queries, however many there are."""
    member, reader = request.member, Reader.of(request.member, clock.now())
    seen = DocumentRequest.objects.visible_to(member)
    tabs = {
        "waiting": (_("Requested"), Q(state__in=WAITING)),
        "late": (_("Late"), Q(state__in=WAITING, due_on__lt=reader.today)),
        "here": (_("To review"), Q(state=State.RECEIVED)),
    }
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in tabs else "waiting"
    rows = seen.filter(tabs[chosen][1]).select_related("job", "person").prefetch_related("pages__document")
    found = list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[: MOST + 1])
    ages = [durations.short((reader.now - row.created_at).total_seconds()) for row in found]
    context = {
        "tabs": [(key, words, key == chosen) for key, (words, _which) in tabs.items()],
        "rows": list(zip(asked_all(found[:MOST], reader), ages, strict=False)),
        "is_capped": len(found) > MOST,
        "most": MOST,
        "here": request.get_full_path(),
        "may": {"share": allows(member, "documents.share")},
    }
    return render(request, "documents/requests.html", context)
