"""The log of a sequence in test mode: each noted step, the newest first."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.web.lists.paging import Order, read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.sequences.editor.step_counts import enrolments_url
from followups.sequences.editor.trial_log import noted_steps, trial_lines, trial_of
from followups.sequences.models import EnrolmentStep
from followups.sequences.views.frame import VIEW, get_sequence, page_context


@require(VIEW)
def trial_log(request: TenantRequest, uid: UUID) -> HttpResponse:
    """List the steps noted in the tests of a sequence, of the leads the member sees."""
    sequence = get_sequence(uid)
    page = read_page(noted_steps(sequence, request.member), request.GET, Order(EnrolmentStep, "id", down=True))
    slug = request.tenant.slug
    context = {
        "sequence": sequence,
        "trial": trial_of(sequence),
        "page": page,
        "lines": trial_lines(page.rows, Reader.of(request.member, clock.now()), slug),
        "people_url": enrolments_url(slug, sequence=sequence.uid, test=1),
        "first_url": "?",
        **page_context(request),
    }
    return render(request, "followups/sequences/trial_log.html", context)
