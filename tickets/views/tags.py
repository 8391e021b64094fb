"""Tag a ticket: a list to tick, by "#" or without scripts."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.jobs.models.tag import tags
from crm.jobs.tags.features import MANAGE
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest
from tickets.models import Ticket
from tickets.views.ticket_action import action, said, sheet


def _ask_tags(request: TenantRequest, ticket: Ticket) -> HttpResponse:
    has, live = ticket.tags, tags().live
    choices = [(tag, tag in has) for tag in [*live, *(tag for tag in has if tag not in live)]]
    return sheet(request, ticket, "tags", {"choices": choices, "may_set_up": allows(request.member, MANAGE)})


@action("ticket.tagged", ask=_ask_tags)
def tag(request: TenantRequest, ticket: Ticket) -> str:
    """Put on the tags that were ticked since the form was shown, and take off the others; or show the form."""
    by_uid = {str(one.uid): one for one in tags().all.values()}
    wanted, had = ({uid for uid in request.POST.getlist(name)[:500] if uid in by_uid} for name in ("tag", "had"))
    added, taken = ([by_uid[uid] for uid in sorted(uids)] for uids in (wanted - had, had - wanted))
    ticket.tag(added, taken, by=request.member)
    if not ticket.tags:
        return _("%(title)s: tags removed.") % {"title": said(ticket)}
    return _("%(title)s: tagged %(tags)s.") % {
        "title": said(ticket),
        "tags": ", ".join(one.name for one in ticket.tags),
    }
