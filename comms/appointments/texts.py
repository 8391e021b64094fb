"""What a customer is asked with, whether a time suits them; in English and Dutch."""

from comms.library.packs import dutch, english
from comms.library.packs.shape import APPOINTMENT, TRANSACTIONAL, Entry, Mail, TemplatePack, WhatsAppText

ENGLISH = [
    Entry(
        "appointment_question",
        APPOINTMENT,
        TRANSACTIONAL,
        "Does this time suit you?",
        Mail(
            "Does {{ appointment.date }}, {{ appointment.time }} suit you?",
            "We hold it until {{ appointment.held_until }}",
            "Does the time below suit you? We hold it for you until {{ appointment.held_until }}.",
            "Take it with one click, or choose another one. Without an answer nothing changes.",
            english.WHEN,
            (english.MEET, english.CALL),
        ),
        "{{ brand.name }}: does {{ appointment.date }} at {{ appointment.time }} suit you? We hold it until"
        " {{ appointment.held_until }}. Reply C to take it, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, does {{ appointment.date }} at {{ appointment.time }} suit you for our"
            " appointment? {{ brand.name }} holds it until {{ appointment.held_until }}.",
            buttons=("Yes, that works", "I need another day"),
        ),
    ),
]
DUTCH = [
    Entry(
        "appointment_question",
        APPOINTMENT,
        TRANSACTIONAL,
        "Komt deze tijd uit?",
        Mail(
            "Komt {{ appointment.date }}, {{ appointment.time }} uit?",
            "We houden hem vrij tot {{ appointment.held_until }}",
            "Komt de tijd hieronder uit? We houden hem voor je vrij tot {{ appointment.held_until }}.",
            "Neem hem met één klik, of kies een andere. Zonder antwoord verandert er niets.",
            dutch.WHEN,
            (dutch.MEET, dutch.CALL),
        ),
        "{{ brand.name }}: komt {{ appointment.date }} om {{ appointment.time }} uit? We houden hem vrij tot"
        " {{ appointment.held_until }}. Antwoord C om hem te nemen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, komt {{ appointment.date }} om {{ appointment.time }} uit voor onze"
            " afspraak? {{ brand.name }} houdt hem vrij tot {{ appointment.held_until }}.",
            buttons=("Ja, dat komt uit", "Ik wil een andere dag"),
        ),
    ),
]
PACK = TemplatePack("appointments", {"en": ENGLISH, "nl": DUTCH})
