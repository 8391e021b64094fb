"""Default appointment templates in Dutch."""

from comms.library.packs.dutch import CALL, JOIN, MEET, WHEN
from comms.library.packs.pack_entries import APPOINTMENT, TRANSACTIONAL, PackEntry, PackMail, WhatsAppText

WHAT = (("Wat", "{{ appointment.what }}"), *WHEN)
CLOCK = (("Dag", "{{ appointment.date }}"), ("Tijd", "{{ appointment.time }}"))

ENTRIES = [
    PackEntry(
        "appointment_question",
        APPOINTMENT,
        TRANSACTIONAL,
        "Komt deze tijd uit?",
        PackMail(
            "Komt {{ appointment.date }}, {{ appointment.time }} uit?",
            "We houden hem vrij tot {{ appointment.held_until }}",
            "Komt de tijd hieronder uit? We houden hem voor je vrij tot {{ appointment.held_until }}.",
            "Neem hem met één klik, of kies een andere. Zonder antwoord verandert er niets.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: komt {{ appointment.date }} om {{ appointment.time }} uit? We houden hem vrij tot"
        " {{ appointment.held_until }}. Antwoord C om hem te nemen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, komt {{ appointment.date }} om {{ appointment.time }} uit voor onze"
            " afspraak? {{ brand.name }} houdt hem vrij tot {{ appointment.held_until }}.",
            buttons=("Ja, dat komt uit", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "appointment_booked",
        APPOINTMENT,
        TRANSACTIONAL,
        "Afspraak gemaakt",
        PackMail(
            "{{ appointment.what }}: {{ appointment.date }}, {{ appointment.time }}",
            "Wanneer het is, en hoe je het wijzigt",
            "Je afspraak staat.",
            "Je krijgt vooraf een herinnering. Komt de tijd toch niet uit? Kies een andere, of bel ons.",
            WHAT,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: {{ appointment.what }} op {{ appointment.date }} om"
        " {{ appointment.time }}. Antwoord C om te bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, je afspraak met {{ brand.name }} staat:"
            " {{ appointment.what }} op {{ appointment.date }} om {{ appointment.time }}. Komt dat uit?",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "inspection_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Bezoek vooraf gepland",
        PackMail(
            "We komen kijken op {{ appointment.date }}",
            "{{ appointment.time }}, ongeveer een uur",
            "We komen kijken naar wat je wilt laten doen.",
            "Het duurt ongeveer een uur, en er wordt die dag nog niets begonnen. Zorg dat we bij de plek"
            " kunnen, en leg foto’s of papieren klaar als je die hebt.\n\nDaarna krijg je een prijs op"
            " papier. Komt de tijd toch niet uit? Kies een andere, of bel ons.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: we komen kijken op {{ appointment.date }} om {{ appointment.time }},"
        " ongeveer een uur. Antwoord C om te bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, {{ brand.name }} komt kijken op {{ appointment.date }} om"
            " {{ appointment.time }}. Het duurt ongeveer een uur. Komt dat uit?",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "inspection_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan het bezoek vooraf",
        PackMail(
            "Herinnering: we komen kijken op {{ appointment.date }}, {{ appointment.time }}",
            "Ongeveer een uur",
            "Een korte herinnering: we komen kijken.",
            "Zorg dat we bij de plek kunnen. Komt de tijd nog uit? Bevestig hem met één klik, of kies een andere.",
            WHEN,
            (MEET, CALL),
        ),
        "Herinnering van {{ brand.name }}: we komen kijken op {{ appointment.date }} om"
        " {{ appointment.time }}. Antwoord C om te bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering: {{ brand.name }} komt kijken op"
            " {{ appointment.date }} om {{ appointment.time }}. Tot dan!",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "work_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan het werk",
        PackMail(
            "Herinnering: we beginnen op {{ appointment.date }}",
            "{{ appointment.time }}, en wat klaar moet staan",
            "Een korte herinnering: we komen het werk doen.",
            "**Wil je zorgen voor**\n\n- een plek dichtbij voor een bus\n- een vrije weg naar het werk\n-"
            " iemand van 18 of ouder thuis als we komen\n\nKomt de dag niet meer uit? Kies nu een andere,"
            " of bel ons.",
            WHEN,
            (MEET, CALL),
        ),
        "Herinnering van {{ brand.name }}: we komen het werk doen op {{ appointment.date }} om"
        " {{ appointment.time }}. Houd de weg vrij. Antwoord C om te bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering: {{ brand.name }} komt het werk doen op"
            " {{ appointment.date }} om {{ appointment.time }}. Houd de weg vrij. Tot dan!",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "walkthrough_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Oplevering gepland",
        PackMail(
            "We lopen het werk met je na op {{ appointment.date }}",
            "{{ appointment.time }}, drie kwartier",
            "Het werk is klaar, en we lopen het graag met je na.",
            "Het duurt drie kwartier. Schrijf op wat je wilt vragen of anders wilt, dan leggen we het"
            " samen vast.\n\nKomt de tijd toch niet uit? Kies een andere, of bel ons.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: we lopen het werk met je na op {{ appointment.date }} om"
        " {{ appointment.time }}. Antwoord C om te bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, {{ brand.name }} loopt het werk met je na op"
            " {{ appointment.date }} om {{ appointment.time }}. Komt dat uit?",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "call_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Gesprek gepland",
        PackMail(
            "We spreken elkaar op {{ appointment.date }}, {{ appointment.time }}",
            "Er komt niemand langs: houd je telefoon bij de hand",
            "Je gesprek met ons is gepland.",
            "Er komt niemand langs: {% if appointment.meeting_link %}we spreken elkaar via video, met de knop"
            " hieronder{% else %}we bellen je{% endif %}. Leg foto’s en papieren klaar als je die hebt.\n\nKomt de tijd"
            " toch niet uit? Kies een andere.",
            CLOCK,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: {% if appointment.meeting_link %}we spreken elkaar via video{% else %}we bellen je"
        "{% endif %} op {{ appointment.date }} om {{ appointment.time }}. Antwoord C om te bevestigen, R voor een"
        " andere tijd.{% if appointment.meeting_link %} Doe hier mee: {{ appointment.meeting_link }}{% endif %}",
        WhatsAppText(
            "Dag {{ customer.first_name }}, {{ brand.name }} belt je op {{ appointment.date }} om"
            " {{ appointment.time }}. Komt dat uit?",
            buttons=("Ja, dat komt uit", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "call_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan het gesprek",
        PackMail(
            "Herinnering: we spreken elkaar op {{ appointment.date }}, {{ appointment.time }}",
            "Houd je telefoon bij de hand",
            "Een korte herinnering aan ons gesprek.",
            "Komt de tijd nog uit? Bevestig hem met één klik, of kies een andere.",
            CLOCK,
            (MEET, JOIN, CALL),
        ),
        "Herinnering van {{ brand.name }}: {% if appointment.meeting_link %}we spreken elkaar via video{% else %}we"
        " bellen je{% endif %} op {{ appointment.date }} om {{ appointment.time }}. Antwoord C om te bevestigen, R voor"
        " een andere tijd.{% if appointment.meeting_link %} Doe hier mee: {{ appointment.meeting_link }}{% endif %}",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering: {{ brand.name }} belt je op"
            " {{ appointment.date }} om {{ appointment.time }}.",
            buttons=("Ja, dat komt uit", "Ik wil een andere dag"),
        ),
    ),
]
