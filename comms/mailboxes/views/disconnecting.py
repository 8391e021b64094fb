"""Disconnect a mailbox: say first what is removed, and what stays."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from comms.channels.mail_access.token_providers import revocation_url
from comms.mailboxes.removal import private_messages, shared_messages
from comms.mailboxes.views.own_mailboxes import VIEW, find_mailbox, redirect_to_mailboxes
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(VIEW)
def disconnect(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Ask, with the numbers; a POST disconnects the mailbox."""
    connection = find_mailbox(request, uid)
    if request.method == "POST":
        connection.disconnect(removes_shared=bool(request.POST.get("removes_shared")), by=request.member)
        messages.success(request, _("The mailbox is disconnected. What was private is being removed."))
        return redirect_to_mailboxes(request)
    context = {
        "connection": connection,
        "private": private_messages(connection).count(),
        "shared": shared_messages(connection).count(),
        "is_revoked": bool(revocation_url(connection.account)),
    }
    return render(request, "comms/mailboxes/disconnect.html", context)
