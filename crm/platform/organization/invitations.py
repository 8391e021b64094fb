"""Invite a colleague: a mailed link that works once, within a week, for the mailbox's owner alone.

An address that signs in already joins with its own password: no invitation ever sets the password of a user who exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.accounts.outbox import queue_mail
from crm.platform.events import events
from crm.platform.models import Invitation, Member, Role, Team, Tenant, Token, User
from crm.platform.models.tenant import lock_configuration
from crm.platform.tenancy.context import required_tenant_id, use_tenant

PURPOSE = "invitation"
LIFETIME = timedelta(days=7)


class InvalidInvitation(ValueError):
    """The link does not work; `reason` is a word the page has a sentence for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class OpenedInvitation:
    """An invitation whose link was followed, and the user with its address, if any."""

    tenant: Tenant
    invitation: Invitation
    inviter: str
    user: User | None


@transaction.atomic
def invite(*, email: str, name: str, role: str, teams: Sequence[Team] = (), by: Member | None) -> Invitation:
    """Invite somebody to the tenant in use and mail the link. Raises Refused for one already a member or invited."""
    address = email.strip().lower()
    name = " ".join(name.split())[:120]
    lock_configuration()
    existing = Member.objects.filter(user__email=address).first()
    if existing and existing.active:
        raise Refused(_("This address already belongs to a member."))
    if existing:
        raise Refused(_("This address belongs to a deactivated member. Reactivate them in the list."))
    try:
        with transaction.atomic():
            invitation: Invitation = Invitation.objects.create(
                email=address,
                name=name,
                role=Role(role),
                teams=[team.pk for team in teams],
                invited_by=by,
                expires_at=clock.now() + LIFETIME,
            )
    except IntegrityError as error:
        raise Refused(_("This address is already invited. Resend the invitation from the list.")) from error
    invitation.refresh_from_db(fields=["uid"])
    _send_invitation(invitation)
    events.record("invitation.sent", subject=invitation, by=by, data={"role": invitation.role})
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by: Member | None) -> None:
    """Mail a new link for another week; the previous one stops working. Raises Refused once accepted or withdrawn."""
    locked = _lock_invitation(invitation.pk)
    _refuse_if_accepted(locked)
    if locked.withdrawn_at:
        raise Refused(_("That invitation was withdrawn in the meantime."))
    locked.expires_at = clock.now() + LIFETIME
    _send_invitation(locked)
    events.record("invitation.resent", subject=locked, by=by)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Member | None) -> None:
    """Withdraw the invitation: its link stops working. Idempotent. Raises Refused once accepted."""
    locked = _lock_invitation(invitation.pk)
    _refuse_if_accepted(locked)
    if locked.withdrawn_at is None:
        locked.withdrawn_at = clock.now()
        locked.save(update_fields=["withdrawn_at"])
        events.record("invitation.withdrawn", subject=locked, by=by)


def _refuse_if_accepted(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise Refused(_("That invitation was accepted in the meantime."))


def open_invitation(secret: str) -> OpenedInvitation:
    """Return the invitation of a link. LinkIsOver: "unknown", "expired", "accepted", "withdrawn", "suspended"."""
    token = Token.find(PURPOSE, secret)
    if token is None:
        raise InvalidInvitation("unknown")
    with use_tenant(token.tenant_id):
        tenant = Tenant.objects.get(pk=token.tenant_id)
        invitation = Invitation.objects.select_related("invited_by").get(pk=token.subject_id)
    if tenant.suspended_at:
        raise InvalidInvitation("suspended")
    if invitation.state != Invitation.State.OPEN:
        raise InvalidInvitation(invitation.state)
    inviter = ""
    if invitation.invited_by:
        inviter = invitation.invited_by.name
    return OpenedInvitation(tenant, invitation, inviter, _user_of(invitation))


@transaction.atomic
def accept(secret: str, *, user: User | None, name: str = "", password: str | None = None) -> Member:
    """Accept it: as the signed-in user with the invited address, or as a new user with a password.

    LinkIsOver: as `follow`, and "other" (somebody else is signed in), "exists" (sign in first), "inactive".
    """
    opened = open_invitation(secret)
    with use_tenant(opened.tenant):
        invitation = _lock_invitation(opened.invitation.pk)
        if invitation.state != Invitation.State.OPEN:
            raise InvalidInvitation(invitation.state)  # of two clicks at once, the second
        who = user or _new_user(invitation, name, password)
        if who.email != invitation.email:
            raise InvalidInvitation("other")
        member = _add_member(invitation, who, name or who.name or invitation.name)
        invitation.accepted_at = clock.now()
        invitation.member = member
        invitation.save(update_fields=["accepted_at", "member"])
        events.record("invitation.accepted", subject=invitation, by=member, data={"member": member.pk})
    return member


def _new_user(invitation: Invitation, name: str, password: str | None) -> User:
    if _user_of(invitation) is not None:
        raise InvalidInvitation("exists")
    if not password:
        raise ValueError("a new user has a password")
    return User.objects.create_user(invitation.email, password, name=name, language=language_of(invitation))


def _add_member(invitation: Invitation, user: User, name: str) -> Member:
    existing: Member | None = Member.objects.filter(user=user).first()
    if existing is not None:
        if not existing.active:
            raise InvalidInvitation("inactive")
        return existing
    member: Member = Member.objects.create(user=user, name=name[:120], role=invitation.role)
    events.record("member.joined", subject=member, by=member, data={"role": member.role})
    for team in Team.objects.filter(pk__in=invitation.teams, archived_at=None):
        team.add(member, by=invitation.invited_by)
    return member


def language_of(invitation: Invitation) -> str:
    """Return the language to write in: the user's own, or the organization's."""
    user = _user_of(invitation)
    return (user and user.language) or Tenant.objects.values_list("language", flat=True).get(pk=invitation.tenant_id)


def _user_of(invitation: Invitation) -> User | None:
    return User.objects.filter(email=invitation.email).first()


def _lock_invitation(pk: int) -> Invitation:
    lock_configuration()
    invitation: Invitation = Invitation.objects.select_for_update().get(pk=pk)
    return invitation


def _send_invitation(invitation: Invitation) -> None:
    secret = Token.issue(PURPOSE, invitation.pk, LIFETIME)
    context = {
        "invitation": invitation,
        "organization": Tenant.objects.get(pk=required_tenant_id()).name,
        "inviter": invitation.invited_by.name if invitation.invited_by else "",
        "known": _user_of(invitation) is not None,
        "url": f"{settings.SITE_URL}{reverse('invitation', args=[secret])}",
    }
    with translation.override(language_of(invitation)):
        subject = render_to_string("account/email/joining_subject.txt", context)
        body = render_to_string("account/email/joining_message.txt", context)
    invitation.mail = queue_mail(
        to=invitation.email,
        subject=" ".join(subject.split()),
        body=body.strip(),
        tenant_id=required_tenant_id(),
    )
    invitation.save(update_fields=["mail", "expires_at"])
