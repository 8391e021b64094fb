"""Mail a new tenant's first admin a link to choose a password, or to the sign-in page."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from crm.platform.accounts.outbox import queue_mail
from crm.platform.accounts.password_reset import reset_link
from crm.platform.models import User


def invite(user: User, *, organization: str) -> str:
    """Mail a new colleague a link to choose a password, or to the sign-in page; return the link."""
    known = user.has_usable_password()
    url = f"{settings.SITE_URL}{reverse('account_login')}" if known else reset_link(user)
    context = {"user": user, "organization": organization, "url": url, "known": known}
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    body = render_to_string("account/email/invitation_message.txt", context).strip()
    queue_mail(to=user.email, subject=subject, body=body, user=user)
    return url
