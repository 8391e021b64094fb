"""The portal's templates in Dutch."""

from comms.library.packs.shape import OWN, SECURITY, TRANSACTIONAL, Entry, Mail

ENTRIES = [
    Entry(
        "portal_code",
        OWN,
        SECURITY,
        "Code voor de klantpagina",
        Mail(
            "{{ portal.code }} is uw code",
            "Hij is tien minuten geldig",
            "Uw code voor {{ brand.name }} is **{{ portal.code }}**.",
            "Hij is tien minuten geldig, op het apparaat waarop u erom vroeg. Wij vragen er nooit telefonisch naar."
            "\n\nNiet om een code gevraagd? Doe dan niets: zonder code komt niemand binnen.",
            greeting="Goedendag,",
        ),
        "{{ portal.code }} is uw code voor {{ brand.name }}. Tien minuten geldig. Wij vragen er nooit naar.",
    ),
    Entry(
        "portal_invitation",
        OWN,
        TRANSACTIONAL,
        "Uitnodiging voor de klantpagina",
        Mail(
            "Volg uw opdracht bij {{ brand.name }}",
            "Hoever we zijn, wat er volgt en wie u iets kunt vragen",
            "U heeft nu een eigen pagina: hoever uw opdracht is, wat er volgt en wanneer, foto’s en papieren.",
            "U hoeft niets te installeren en geen wachtwoord te bedenken. De knop hieronder opent de pagina; voor wat"
            " privé is sturen we u een code.",
            buttons=(("Mijn pagina openen", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: volg uw opdracht hier, zonder wachtwoord: {{ portal.link }}",
    ),
]
