"""The template that tells somebody that a job was shared with them, in English and Dutch."""

from comms.library.packs.pack_entries import OWN, TRANSACTIONAL, PackEntry, PackMail

ENGLISH = [
    PackEntry(
        "portal_shared",
        OWN,
        TRANSACTIONAL,
        "A customer shares their job",
        PackMail(
            "{{ portal.sharer }} shares their job at {{ brand.name }} with you",
            "How far the work is and what comes next",
            "{{ portal.sharer }} would like you to see how the work is going.",
            "The button below opens the page. You need no password; for what is private we send you a code.\n\nYou do"
            " not know {{ portal.sharer }}? Then leave this message.",
            buttons=(("Open the page", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: {{ portal.sharer }} shares their job with you. See how it is going: {{ portal.link }}",
    ),
]
DUTCH = [
    PackEntry(
        "portal_shared",
        OWN,
        TRANSACTIONAL,
        "Een klant deelt de opdracht",
        PackMail(
            "{{ portal.sharer }} deelt een opdracht bij {{ brand.name }} met je",
            "Hoever het werk is en wat er volgt",
            "{{ portal.sharer }} wil je laten zien hoe het werk ervoor staat.",
            "De knop hieronder opent de pagina. Je hebt geen wachtwoord nodig; voor wat privé is sturen we je een"
            " code.\n\nKen je {{ portal.sharer }} niet? Dan hoef je niets te doen.",
            buttons=(("Pagina openen", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: {{ portal.sharer }} deelt een opdracht met je. Bekijk hoe het ervoor staat:"
        " {{ portal.link }}",
    ),
]
