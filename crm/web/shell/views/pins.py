"""The view that pins a page of the navigation for the member, or takes it off again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.platform.models import Member
from crm.web.requests.http import TenantRequest
from crm.web.requests.local_path import next_page
from crm.web.requests.permissions import require
from crm.web.requests.url_cache import address
from crm.web.shell import pins


@require("preferences.edit")
@require_POST
def pin(request: TenantRequest) -> HttpResponse:
    """Pin the page of the URL name `page` (`on` is "1"), or unpin it, and go back to the page it was done on."""
    name = request.POST.get("page", "")
    pages = pins.pinnable(request.member)
    if name not in pages:
        raise Http404
    # The directory's row is shared by every request of this process.
    mine: Member = Member.objects.get(pk=request.member.pk)
    pinned = [one for one in mine.pinned_pages if one in pages]
    if request.POST.get("on") != "1":
        mine.pin_pages([one for one in pinned if one != name])
    elif name not in pinned and len(pinned) >= pins.MOST:
        messages.error(request, _("You have pinned %(count)s pages already: unpin one first.") % {"count": pins.MOST})
    else:
        mine.pin_pages([*(one for one in pinned if one != name), name])
    return redirect(next_page(request) or address(name, request.tenant.slug))
