"""The names of media and purposes inside kept sentences, marked for translation."""

from django.utils.translation import gettext_noop as _

MEDIA = {
    "email": _("Email"),
    "sms": _("Text message"),
    "whatsapp": _("WhatsApp"),
    "call": _("Call"),
    "portal": _("Portal"),
}
PURPOSES = {
    "transactional": _("Transactional"),
    "service": _("Service"),
    "marketing": _("Marketing"),
    "security": _("Security"),
}
# Why nothing is sent, by Suppression.Reason, as a decision says it.
SUPPRESSIONS = {
    "stop": _("They asked us to stop"),
    "unsubscribed": _("They unsubscribed"),
    "complaint": _("They reported a message as spam"),
    "hard_bounce": _("The address does not exist"),
    "deceased": _("They have died"),
    "blocked": _("We do not write to them"),
    "unclear": _("They may have asked us to stop: a person is to read it"),
}
