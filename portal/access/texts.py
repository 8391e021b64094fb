"""Message templates of portal access: the code and the invitation."""

from comms.library.packs.pack_entries import OWN, SECURITY, TRANSACTIONAL, PackEntry, PackMail

ENGLISH = [
    PackEntry(
        "portal_code",
        OWN,
        SECURITY,
        "Customer portal code",
        PackMail(
            "{{ portal.code }} is your code",
            "It is good for ten minutes",
            "Your code for {{ brand.name }} is **{{ portal.code }}**.",
            "It is good for ten minutes, on the device you asked for it. We never ask you for it by telephone.\n\nYou"
            " did not ask for a code? Then leave it: without it nobody comes in.",
            greeting="Hello,",
        ),
        "{{ portal.code }} is your code for {{ brand.name }}. It is good for ten minutes. We never ask for it.",
    ),
    PackEntry(
        "portal_invitation",
        OWN,
        TRANSACTIONAL,
        "Invitation to the customer’s page",
        PackMail(
            "Follow your work with {{ brand.name }}",
            "How far we are, what comes next, and who to ask",
            "You have a page of your own now: how far your work is, what comes next and when, photos and papers.",
            "There is nothing to install and no password to think of. The button below opens it; for what is"
            " private we send you a code.",
            buttons=(("Open my page", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: follow your work here, no password needed: {{ portal.link }}",
    ),
]
DUTCH = [
    PackEntry(
        "portal_code",
        OWN,
        SECURITY,
        "Code voor de klantpagina",
        PackMail(
            "{{ portal.code }} is je code",
            "Hij is tien minuten geldig",
            "Je code voor {{ brand.name }} is **{{ portal.code }}**.",
            "Hij is tien minuten geldig, op het apparaat waarop je erom vroeg. Wij vragen er nooit telefonisch naar."
            "\n\nNiet om een code gevraagd? Doe dan niets: zonder code komt niemand binnen.",
            greeting="Goedendag,",
        ),
        "{{ portal.code }} is je code voor {{ brand.name }}. Tien minuten geldig. Wij vragen er nooit naar.",
    ),
    PackEntry(
        "portal_invitation",
        OWN,
        TRANSACTIONAL,
        "Uitnodiging voor de klantpagina",
        PackMail(
            "Volg je opdracht bij {{ brand.name }}",
            "Hoever we zijn, wat er volgt en wie je iets kunt vragen",
            "Je hebt nu een eigen pagina: hoever je opdracht is, wat er volgt en wanneer, foto’s en papieren.",
            "Je hoeft niets te installeren en geen wachtwoord te bedenken. De knop hieronder opent de pagina; voor wat"
            " privé is sturen we je een code.",
            buttons=(("Mijn pagina openen", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: volg je opdracht hier, zonder wachtwoord: {{ portal.link }}",
    ),
]
