"""WhatsApp template for notices to members, with one variable that holds the sentence."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.pack_entries import OWN, TRANSACTIONAL, PackEntry, TemplatePack, WhatsAppText
from comms.library.variables import TemplateVariable

NOTICE_TEMPLATE = "staff_notice"
NOTICE_TEXT = "notice.text"
VARIABLE = TemplateVariable(
    name=NOTICE_TEXT,
    words=_("What a member is told; only in the notice to members"),
    example=_("1 new notice: A follow-up of mine is due soon. https://…"),
    value=lambda _subject: "",
)
PACK = TemplatePack(
    "staff_notices",
    {
        "en": [
            PackEntry(
                NOTICE_TEMPLATE,
                OWN,
                TRANSACTIONAL,
                "Notice to a member",
                whatsapp=WhatsAppText(
                    "There is news for you: {{ notice.text }} You get this because you chose WhatsApp for your"
                    " reminders."
                ),
            )
        ],
        "nl": [
            PackEntry(
                NOTICE_TEMPLATE,
                OWN,
                TRANSACTIONAL,
                "Melding aan een collega",
                whatsapp=WhatsAppText(
                    "Er is nieuws voor je: {{ notice.text }} Je krijgt dit omdat je WhatsApp hebt gekozen voor je"
                    " herinneringen."
                ),
            )
        ],
    },
)
