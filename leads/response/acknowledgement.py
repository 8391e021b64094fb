"""Tell the customer when to expect a reply: the time allowed for the first contact, in working hours.

The words are those of a template, "lead_received", which a trigger sends; its variable says the true time of the lead.
"""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.library.dates import long_day
from comms.library.packs.pack_entries import OWN, TRANSACTIONAL, PackEntry, PackMail, TemplatePack
from comms.library.variables import TemplateSubject, TemplateVariable
from crm.kernel import formats
from crm.platform.features import Feature
from leads.models import FirstContact


def reply_by(subject: TemplateSubject) -> str:
    """Return "today by 10:15 AM", or "on Monday, May 4 by 9:15 AM"; blank if it has passed or contact was made."""
    if subject.job is None:
        return ""
    row = FirstContact.objects.filter(pk=subject.job.pk, contacted_at=None, due_at__gt=subject.now).first()
    if row is None:
        return ""
    day = row.due_at.astimezone(subject.zone).date()
    time = formats.clock_time(row.due_at, subject.zone, subject.brand.country, subject.language)
    with translation.override(subject.language):
        if day == subject.now.astimezone(subject.zone).date():
            return _("today by %(time)s") % {"time": time}
        names = {"day": long_day(day, subject.language, subject.brand.country), "time": time}
        return _("on %(day)s by %(time)s") % names


ENGLISH = [
    PackEntry(
        "lead_received",
        OWN,
        TRANSACTIONAL,
        "Your request is with us",
        PackMail(
            "Your request is with us",
            "When you hear from us",
            "Thank you for asking {{ brand.name }}. Your request has arrived, and a person reads it.",
            'We call or write to you {{ lead.reply_by | default: "within one working day" }}. Something to add?'
            " Answer this email.",
        ),
        "{{ brand.name }}: your request has arrived. We call or write to you"
        ' {{ lead.reply_by | default: "within one working day" }}.',
    ),
]
DUTCH = [
    PackEntry(
        "lead_received",
        OWN,
        TRANSACTIONAL,
        "Uw aanvraag is binnen",
        PackMail(
            "Uw aanvraag is binnen",
            "Wanneer u van ons hoort",
            "Bedankt voor uw aanvraag bij {{ brand.name }}. Die is binnen, en een medewerker leest hem.",
            'Wij bellen of schrijven u {{ lead.reply_by | default: "binnen één werkdag" }}. Wilt u iets toevoegen?'
            " Beantwoord deze e-mail.",
        ),
        "{{ brand.name }}: uw aanvraag is binnen. Wij bellen of schrijven u"
        ' {{ lead.reply_by | default: "binnen één werkdag" }}.',
    ),
]
FEATURES: list[Feature] = [
    TemplatePack("response", {"en": ENGLISH, "nl": DUTCH}),
    TemplateVariable(
        name="lead.reply_by",
        words=gettext_lazy("When somebody is in touch with a new lead"),
        example=gettext_lazy("today by 10:15 AM"),
        value=reply_by,
    ),
]
