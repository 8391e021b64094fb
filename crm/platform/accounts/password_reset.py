"""Password reset links. The response and its timing do not reveal whether an address has an account.

The request only queues the typed address; the worker looks up the user, and writes the mail or deletes it.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from crm.platform.models import StaffMail, User


def reset_link(user: User) -> str:
    """Build a password reset link for a user; it works once, within three days (PASSWORD_RESET_TIMEOUT)."""
    return reset_url(user_pk_to_url_str(user), default_token_generator.make_token(user))


def reset_url(uid: str, token: str) -> str:
    """Return the URL of the password reset page, under SITE_URL whatever host was asked."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{settings.SITE_URL}{path}"


def write_reset_mail(mail: StaffMail) -> bool:
    """Write the body of a queued reset mail, in the language its subject names; False if no user has the address."""
    user = User.objects.filter(email__iexact=mail.to, is_active=True).first()
    if user is None:
        return False
    mail.user = user
    # Never to what was typed, which may only look like it.
    mail.to = user.email
    with override(mail.subject or settings.LANGUAGE_CODE):
        context = {"user": user, "password_reset_url": reset_link(user)}
        mail.subject = render_to_string("account/email/password_reset_key_subject.txt", context).strip()
        mail.body = render_to_string("account/email/password_reset_key_message.txt", context).strip()
    mail.save(update_fields=["user", "to", "subject", "body"])
    return True
