"""The portal's templates in Dutch."""

from comms.library.packs.shape import OWN, SECURITY, TRANSACTIONAL, Entry, Mail

ENTRIES = [
    Entry(
        "portal_code",
        OWN,
        SECURITY,
        "Code voor de klantpagina",
        Mail(
            "{{ portal.code }} is je code",
            "Hij is tien minuten geldig",
            "Je code voor {{ brand.name }} is **{{ portal.code }}**.",
            "Hij is tien minuten geldig, op het apparaat waarop je erom vroeg. Wij vragen er nooit telefonisch naar."
            "\n\nNiet om een code gevraagd? Doe dan niets: zonder code komt niemand binnen.",
            greeting="Goedendag,",
        ),
        "{{ portal.code }} is je code voor {{ brand.name }}. Tien minuten geldig. Wij vragen er nooit naar.",
    ),
    Entry(
        "portal_invitation",
        OWN,
        TRANSACTIONAL,
        "Uitnodiging voor de klantpagina",
        Mail(
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
