"""Default Dutch texts of updates."""

from comms.library.packs.pack_entries import (
    APPOINTMENT,
    ORDER,
    SERVICE,
    TRANSACTIONAL,
    PackEntry,
    PackMail,
    WhatsAppText,
)

PAGE = ("Naar je pagina", '{{ portal.link | default: "" }}')
CALL = ("Bel ons", "tel:{{ brand.phone_link }}")
PLACE = ("Adres", '{{ property.address | default: "" }}')
_REST = (
    "**Wat nu volgt**\n\n{% for line in update.next %}- {{ line }}\n{% endfor %}"
    "{% if update.needed %}\n**Wat wij nodig hebben**\n\n{% for line in update.needed %}- {{ line }}\n{% endfor %}"
    "{% endif %}"
)

ENTRIES = [
    PackEntry(
        "customer_update",
        ORDER,
        TRANSACTIONAL,
        "Bericht: hoe het met je werk gaat",
        PackMail(
            "Hoe het met je werk gaat, {{ today.date }}",
            "{{ update.short }}",
            "Zo staat het met je werk.",
            "{% for line in update.happened %}{{ line }}\n\n{% endfor %}" + _REST,
            (PLACE,),
            (PAGE,),
        ),
        '{{ brand.name }}: {{ update.short }} {{ portal.link | default: "" }}',
        WhatsAppText(
            "Hallo {{ customer.first_name }}, zo gaat het met je werk: {{ update.short }} Vraag? Antwoord hier."
        ),
    ),
    PackEntry(
        "take_off_failed",
        ORDER,
        TRANSACTIONAL,
        "Het werk kon niet beginnen: reden en nieuwe dag",
        PackMail(
            "We konden niet beginnen zoals gepland",
            "{{ update.short }}",
            "Het spijt ons: je werk kon niet beginnen zoals we hadden gepland.",
            "{% for line in update.happened %}{{ line }}\n\n{% endfor %}" + _REST,
            (PLACE,),
            (PAGE, CALL),
        ),
        '{{ brand.name }}: het spijt ons, we konden niet beginnen. {{ update.short }} {{ portal.link | default: "" }}',
        WhatsAppText(
            "Hallo {{ customer.first_name }}, het spijt ons: we konden niet beginnen zoals gepland. {{ update.short }}"
            " Komt de nieuwe dag je uit?"
        ),
    ),
    PackEntry(
        "step_reached",
        ORDER,
        TRANSACTIONAL,
        "Je werk is een stap verder",
        PackMail(
            "{{ update.status }}",
            "{{ update.status_text }}",
            "Er is nieuws over je werk: **{{ update.status }}**",
            "{{ update.status_text }}",
            (PLACE,),
            (PAGE,),
        ),
        '{{ brand.name }}: {{ update.status }}. {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "milestone_reached",
        ORDER,
        TRANSACTIONAL,
        "Een mijlpaal is klaar",
        PackMail(
            "{{ update.milestone }}",
            "En wat er hierna gebeurt",
            "We zijn weer een stap verder: **{{ update.milestone }}**.",
            "Op je pagina vind je de foto’s en wat er hierna gebeurt.",
            (PLACE,),
            (PAGE,),
        ),
        '{{ brand.name }}: {{ update.milestone }}. {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "milestone_tomorrow",
        APPOINTMENT,
        TRANSACTIONAL,
        "Een mijlpaal staat voor morgen gepland",
        PackMail(
            "Morgen: {{ update.next_milestone }}",
            "Wat we nu doen",
            "Dit staat gepland voor {{ update.next_milestone_day }}: **{{ update.next_milestone }}**.",
            "Regen of een vertraging kan het nog verschuiven; dan hoor je het meteen van ons.",
            (PLACE,),
            (PAGE,),
        ),
        "{{ brand.name }}: gepland voor {{ update.next_milestone_day }}: {{ update.next_milestone }}."
        ' {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "preparation_notice",
        APPOINTMENT,
        TRANSACTIONAL,
        "Voordat we komen: wat klaar moet staan",
        PackMail(
            "Wat klaar moet zijn voor {{ appointment.date }}",
            "{{ appointment.what }} om {{ appointment.time }}",
            "We komen op {{ appointment.date }} om {{ appointment.time }}: {{ appointment.what }}.",
            "**Zorg alsjeblieft voor**\n\n- een plek dichtbij voor een bus\n- een vrije weg naar het werk\n"
            "- huisdieren binnen, en iemand van 18 of ouder thuis als we komen",
            (PLACE,),
            (PAGE, CALL),
        ),
        "{{ brand.name }}: {{ appointment.what }} op {{ appointment.date }} om {{ appointment.time }}. Houd de weg vrij"
        ' en huisdieren binnen. {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "delivery_notice",
        APPOINTMENT,
        TRANSACTIONAL,
        "Het materiaal wordt geleverd",
        PackMail(
            "Je materiaal komt op {{ appointment.date }}",
            "{{ appointment.time }}, en waar het komt te staan",
            "Het materiaal voor je werk wordt geleverd op {{ appointment.date }} om {{ appointment.time }}.",
            "Je hoeft niet thuis te zijn. Houd alsjeblieft een plek dicht bij het werk vrij, en zeg ons vooraf waar het"
            " niet mag staan.",
            (PLACE,),
            (PAGE, CALL),
        ),
        "{{ brand.name }}: je materiaal komt op {{ appointment.date }} om {{ appointment.time }}. Houd een plek vrij."
        ' {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "milestone_survey",
        ORDER,
        SERVICE,
        "Hoe gaat het? Een vraag onderweg",
        PackMail(
            "Hoe gaat het tot nu toe?",
            "Eén cijfer, een halve minuut",
            "Een deel van je werk is klaar, en voordat we verdergaan willen we weten hoe het voor jou was.",
            "Eén cijfer is genoeg; een zin helpt ons meer. Ieder antwoord wordt door een mens gelezen.",
            (),
            (("Zeg hoe het gaat", "{{ survey.link }}"),),
        ),
        "{{ brand.name }}: een deel van je werk is klaar. Hoe was het? Eén cijfer is genoeg: {{ survey.link }}",
    ),
]
