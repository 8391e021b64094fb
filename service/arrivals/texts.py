"""Message templates for a crew on its way or late, in English and Dutch."""

from comms.library.packs.pack_entries import APPOINTMENT, TRANSACTIONAL, PackEntry, PackMail

ENGLISH = [
    PackEntry(
        "crew_on_the_way",
        APPOINTMENT,
        TRANSACTIONAL,
        "The crew is on its way",
        PackMail(
            "We are on our way to you",
            "The crew has left",
            "we are on our way to you: {{ crew.name }} has just left.",
            "You need not do anything. Answer this mail if something is in the way.",
        ),
        "{{ brand.name }}: we are on our way to you ({{ crew.name }}).",
    ),
    PackEntry(
        "crew_late",
        APPOINTMENT,
        TRANSACTIONAL,
        "The crew is late",
        PackMail(
            "We are running about {{ crew.minutes }} minutes late",
            "The crew comes a little later today",
            "{{ crew.name }} is running about **{{ crew.minutes }} minutes** late today. We are sorry.",
            "Answer this mail if that does not suit you.",
        ),
        "{{ brand.name }}: we are running about {{ crew.minutes }} minutes late today. Sorry! ({{ crew.name }})",
    ),
]
DUTCH = [
    PackEntry(
        "crew_on_the_way",
        APPOINTMENT,
        TRANSACTIONAL,
        "De ploeg is onderweg",
        PackMail(
            "We zijn onderweg naar je",
            "De ploeg is vertrokken",
            "we zijn onderweg naar je: {{ crew.name }} is net vertrokken.",
            "Je hoeft niets te doen. Antwoord op deze mail als er iets in de weg staat.",
        ),
        "{{ brand.name }}: we zijn onderweg naar je ({{ crew.name }}).",
    ),
    PackEntry(
        "crew_late",
        APPOINTMENT,
        TRANSACTIONAL,
        "De ploeg is later",
        PackMail(
            "We zijn ongeveer {{ crew.minutes }} minuten later",
            "De ploeg komt vandaag iets later",
            "{{ crew.name }} komt vandaag ongeveer **{{ crew.minutes }} minuten** later. Het spijt ons.",
            "Antwoord op deze mail als dat niet uitkomt.",
        ),
        "{{ brand.name }}: we zijn vandaag ongeveer {{ crew.minutes }} minuten later. Het spijt ons! ({{ crew.name }})",
    ),
]
