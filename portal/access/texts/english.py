"""The portal's templates in English."""

from comms.library.packs.shape import OWN, SECURITY, TRANSACTIONAL, Entry, Mail

ENTRIES = [
    Entry(
        "portal_code",
        OWN,
        SECURITY,
        "Customer portal code",
        Mail(
            "{{ portal.code }} is your code",
            "It is good for ten minutes",
            "Your code for {{ brand.name }} is **{{ portal.code }}**.",
            "It is good for ten minutes, on the device you asked for it. We never ask you for it by telephone.\n\nYou"
            " did not ask for a code? Then leave it: without it nobody comes in.",
            greeting="Hello,",
        ),
        "{{ portal.code }} is your code for {{ brand.name }}. It is good for ten minutes. We never ask for it.",
    ),
    Entry(
        "portal_invitation",
        OWN,
        TRANSACTIONAL,
        "Invitation to the customer’s page",
        Mail(
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
