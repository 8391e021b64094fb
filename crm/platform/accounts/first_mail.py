"""Mail a new tenant's first admin a link to choose a password, or to the sign-in page."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from crm.platform.models import User
from crm.platform.work.outbox import queue_mail


def reset_link(user: User) -> str:
    """Make a password reset link for a user; good for three days (PASSWORD_RESET_TIMEOUT), and once."""
    return reset_url(user_pk_to_url_str(user), default_token_generator.make_token(user))


def invite(user: User, *, organization: str) -> str:
    """Mail a new colleague a link to choose a password, or to the sign-in page; return the link."""
    known = user.has_usable_password()
    url = f"{settings.SITE_URL}{reverse('account_login')}" if known else reset_link(user)
    context = {"user": user, "organization": organization, "url": url, "known": known}
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    body = render_to_string("account/email/invitation_message.txt", context).strip()
    queue_mail(to=user.email, subject=subject, body=body, user=user)
    return url


def reset_url(uid: str, token: str) -> str:
    """Return the URL of the password reset page, under SITE_URL whatever host was asked."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{settings.SITE_URL}{path}"
