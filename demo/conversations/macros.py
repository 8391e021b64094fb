"""The macros of the demo's organizations."""

from collections.abc import Mapping
from typing import Any

from tickets.models import Macro

ENGLISH: list[dict[str, Any]] = [
    {
        "name": "Storm: we come and look",
        "text": "Hi {{ customer.first_name }},\n\nthank you for telling us. Somebody of ours comes to look at it "
        "within two working days and covers what is open. "
        "Please stay off the roof until then.\n\n{{ sender.first_name }}",
        "tags": ("Storm",),
        "priority": 2,
        "follow_up": ("visit", "Look at the storm damage", 2, "days"),
    },
    {
        "name": "Invoice: we check it",
        "text": "Hi {{ customer.first_name }},\n\nI have asked our office to go through your invoice. You hear from me "
        "by tomorrow.\n\n{{ sender.first_name }}",
        "tags": ("Invoice",),
        "status": "open",
        "follow_up": ("task", "Answer the question about the invoice", 1, "days"),
    },
    {
        "name": "All done, thank you",
        "text": "Thank you, {{ customer.first_name }}! We are glad that it is settled. "
        "If anything comes up, just write here.",
        "status": "solved",
    },
    {"name": "Waiting for the adjuster", "tags": ("Insurance",), "status": "pending"},
    {"name": "Mine, and urgent", "to_user": True, "priority": 1},
]
DUTCH: list[dict[str, Any]] = [
    {
        "name": "Storing: monteur belt",
        "text": "Beste {{ customer.first_name }},\n\ndank voor de melding. Onze monteur belt u vandaag nog om de "
        "storing met u door te lopen. Laat de laadpaal tot die tijd uit.\n\n{{ sender.first_name }}",
        "tags": ("Storing",),
        "priority": 2,
        "follow_up": ("call", "Storing doorlopen", 4, "hours"),
    },
    {
        "name": "Factuur: wij zoeken het uit",
        "text": "Beste {{ customer.first_name }},\n\nik laat de factuur nakijken en kom er morgen bij u op terug.\n\n"
        "{{ sender.first_name }}",
        "tags": ("Factuur",),
        "status": "open",
        "follow_up": ("task", "Vraag over de factuur beantwoorden", 1, "days"),
    },
    {
        "name": "Opgelost, dank u wel",
        "text": "Dank u wel, {{ customer.first_name }}! Fijn dat het is opgelost. "
        "Is er nog iets, schrijf ons dan gerust hier.",
        "status": "solved",
    },
    {"name": "Wacht op de netbeheerder", "tags": ("Netverzwaring",), "status": "pending"},
    {"name": "Voor mij, met spoed", "to_user": True, "priority": 1},
]
MACROS: Mapping[str, list[dict[str, Any]]] = {"suncoast": ENGLISH, "chargeline": DUTCH}


def create_macros(organization: str, tags: Mapping[str, int]) -> None:
    """Create the macros of an organization, in its own tags. As old as the organization: without events."""
    for said in MACROS[organization]:
        fields = {name: value for name, value in said.items() if name not in ("tags", "follow_up")}
        if wish := said.get("follow_up"):
            names = ("follow_up_kind", "follow_up_title", "follow_up_after", "follow_up_unit")
            fields |= dict(zip(names, wish, strict=True))
        Macro.objects.create(tag_ids=[tags[name] for name in said.get("tags", ())], **fields)
