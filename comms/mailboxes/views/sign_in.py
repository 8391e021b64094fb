"""Sign-in to a mailbox at Google or Microsoft: begin it, and connect the mailbox when the member returns."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comms.channels.mail_access.access_tokens import token_secrets
from comms.channels.mail_access.token_providers import mail_provider, mail_settings
from comms.mailboxes.views.own_mailboxes import TOKEN_ACCOUNTS, VIEW, redirect_to_mailboxes
from comms.models import MailboxConnection, MailboxState, mailbox_policy
from crm.integrations.oauth_sign_in import OAuthSignIn, ReturnedSignIn
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

SIGN_IN = OAuthSignIn(
    key="mailbox_sign_in", return_url="mailbox_provider_return", finish_url="comms:finish_mailbox_sign_in"
)


@require(VIEW)
@require_safe
def begin_sign_in(request: TenantRequest) -> HttpResponse:
    """Send the member to the provider, to connect a mailbox or to sign in to one again."""
    connection = _find_connection(request.member, request.GET.get("mailbox", ""))
    account = request.GET.get("account", "")
    address = ""
    if connection:
        account = connection.account
        address = connection.address
    provider = None
    if account in TOKEN_ACCOUNTS:
        provider = mail_provider(account, address=address)
    if problem := mailbox_policy().refusal(address):
        messages.error(request, problem)
        return redirect_to_mailboxes(request)
    if provider is None:
        messages.error(request, _("Choose a provider that is set up."))
        return redirect_to_mailboxes(request)
    uid = ""
    if connection:
        uid = str(connection.uid)
    return SIGN_IN.begin(request, provider, {"account": account, "mailbox": uid})


@require_safe
def provider_return(request: HttpRequest) -> HttpResponse:
    """Pass what the provider sent on to the tenant in which the sign-in began."""
    return SIGN_IN.pass_on(request)


@require(VIEW)
@require_safe
def finish_sign_in(request: TenantRequest) -> HttpResponse:
    """Connect the mailbox of a sign-in that this browser began."""
    try:
        _connect_mailbox(request.member, SIGN_IN.finish(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The sign-in is being checked. It takes a moment."))
    return redirect_to_mailboxes(request)


def _connect_mailbox(member: Member, sign_in: ReturnedSignIn) -> None:
    account = sign_in.details["account"]
    settings = mail_settings(account)
    secrets = token_secrets(sign_in.code_values)
    uid = sign_in.details["mailbox"]
    if problem := mailbox_policy().refusal(""):
        raise Refused(problem)
    if not uid:
        MailboxConnection.connect(member, account, settings, secrets)
        return
    connection = _find_connection(member, uid)
    if connection is None:
        raise Refused(_("The mailbox was disconnected meanwhile. Connect it again."))
    connection.sign_in_again(settings, secrets)


def _find_connection(member: Member, uid: str) -> MailboxConnection | None:
    try:
        key = UUID(uid)
    except ValueError:
        return None
    rows = MailboxConnection.objects.of(member).exclude(state=MailboxState.REMOVING)
    connection: MailboxConnection | None = rows.filter(uid=key).first()
    return connection
