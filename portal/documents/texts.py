"""Message templates that request a document and remind of it, in English and Dutch."""

from comms.library.packs.pack_entries import OWN, TRANSACTIONAL, PackEntry, PackMail

ENGLISH = [
    PackEntry(
        "document_asked",
        OWN,
        TRANSACTIONAL,
        "Asking for a document",
        PackMail(
            "We need something from you: {{ document.title }}",
            "A photo of it is enough",
            "For your work we need: **{{ document.title }}** {{ document.until }}.",
            "{{ document.note }}\n\nA photo with your phone is enough. The button opens your page, where you send it.",
            buttons=(("Send it", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: we need from you: {{ document.title }} {{ document.until }}. Here: {{ portal.link }}",
    ),
    PackEntry(
        "document_reminder",
        OWN,
        TRANSACTIONAL,
        "Reminder of a document",
        PackMail(
            "Still needed: {{ document.title }}",
            "A photo of it is enough",
            "We are still waiting for: **{{ document.title }}** {{ document.until }}.",
            "{{ document.note }}\n\nWithout it your work may have to wait. A photo with your phone is enough.",
            buttons=(("Send it", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: still needed: {{ document.title }} {{ document.until }}. Here: {{ portal.link }}",
    ),
]
DUTCH = [
    PackEntry(
        "document_asked",
        OWN,
        TRANSACTIONAL,
        "Vraag om een document",
        PackMail(
            "We hebben iets van je nodig: {{ document.title }}",
            "Een foto ervan is genoeg",
            "Voor je opdracht hebben we nodig: **{{ document.title }}** {{ document.until }}.",
            "{{ document.note }}\n\nEen foto met je telefoon is genoeg. De knop opent je pagina, waar je het stuurt.",
            buttons=(("Versturen", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: nodig van je: {{ document.title }} {{ document.until }}. Stuur het hier: {{ portal.link }}",
    ),
    PackEntry(
        "document_reminder",
        OWN,
        TRANSACTIONAL,
        "Herinnering aan een document",
        PackMail(
            "Nog nodig: {{ document.title }}",
            "Een foto ervan is genoeg",
            "We wachten nog op: **{{ document.title }}** {{ document.until }}.",
            "{{ document.note }}\n\nZonder dit kan je opdracht moeten wachten. Een foto met je telefoon is genoeg.",
            buttons=(("Versturen", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: nog nodig: {{ document.title }} {{ document.until }}. Stuur het hier: {{ portal.link }}",
    ),
]
