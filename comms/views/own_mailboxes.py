"""A member's own mailboxes, and what others see of them, as only the owner decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from comms.models import Channel
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


def has_mailbox(member: Member) -> bool:
    """True if a mailbox is the member's own."""
    return bool(Channel.objects.in_use().filter(owner=member).exists())


@require("comms.view")
def own_mailboxes(request: TenantRequest) -> HttpResponse:
    """Show the member's mailboxes, and set what others see of one."""
    mine = Channel.objects.in_use().filter(owner=request.member).order_by("address")
    if request.method == "POST":
        uid = request.POST.get("mailbox", "")
        channel = get_object_or_404(mine, pk__in=[row.pk for row in mine if str(row.uid) == uid])
        try:
            channel.share(request.POST.get("sharing", ""), by=request.member)
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, _("Saved."))
        return redirect("comms:own_mailboxes", request.tenant.slug)
    return render(request, "comms/own_mailboxes.html", {"mailboxes": mine, "levels": Channel.Sharing.choices})
