"""The reminder of what was agreed, in English."""

from comms.library.packs.english import CALL, JOIN, WHEN
from comms.library.packs.pack_entries import APPOINTMENT, TRANSACTIONAL, PackEntry, PackMail, WhatsAppText

ENTRIES = [
    PackEntry(
        "follow_up_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of what was agreed",
        PackMail(
            "Reminder: {{ appointment.what }}, {{ appointment.date }}, {{ appointment.time }}",
            "What we agreed, and when",
            "A short reminder of what we agreed.",
            "Does that no longer suit you? Answer this email or call us, and we find another time.",
            (("What", "{{ appointment.what }}"), *WHEN),
            (JOIN, CALL),
        ),
        "Reminder from {{ brand.name }}: {{ appointment.what }} on {{ appointment.date }} at {{ appointment.time }}."
        "{% if appointment.meeting_link %} Join here: {{ appointment.meeting_link }}{% endif %}",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder from {{ brand.name }}: {{ appointment.what }} on"
            " {{ appointment.date }} at {{ appointment.time }}. Answer here if that no longer suits you.",
        ),
    ),
]
