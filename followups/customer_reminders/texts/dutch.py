"""The reminder of what was agreed, in Dutch."""

from comms.library.packs.dutch import CALL, JOIN, WHEN
from comms.library.packs.pack_entries import APPOINTMENT, TRANSACTIONAL, PackEntry, PackMail, WhatsAppText

ENTRIES = [
    PackEntry(
        "follow_up_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan wat is afgesproken",
        PackMail(
            "Herinnering: {{ appointment.what }}, {{ appointment.date }}, {{ appointment.time }}",
            "Wat we hebben afgesproken, en wanneer",
            "Een korte herinnering aan wat we hebben afgesproken.",
            "Komt het niet meer uit? Beantwoord deze e-mail of bel ons, dan zoeken we een andere tijd.",
            (("Wat", "{{ appointment.what }}"), *WHEN),
            (JOIN, CALL),
        ),
        "Herinnering van {{ brand.name }}: {{ appointment.what }} op {{ appointment.date }} om {{ appointment.time }}."
        "{% if appointment.meeting_link %} Doe hier mee: {{ appointment.meeting_link }}{% endif %}",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering van {{ brand.name }}: {{ appointment.what }} op"
            " {{ appointment.date }} om {{ appointment.time }}. Antwoord hier als het niet meer uitkomt.",
        ),
    ),
]
