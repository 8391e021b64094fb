"""Templates of Chargeline: what the general packs say otherwise for chargers, in Dutch and in English."""

from comms.library.packs import dutch, english
from comms.library.packs.shape import (
    ENGAGEMENT,
    MARKETING,
    ORDER,
    TRANSACTIONAL,
    Category,
    Entry,
    Mail,
    WhatsAppText,
)

DUTCH = [
    Entry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Nieuwe bestelling bevestigd",
        Mail(
            "Je laadpunt is besteld: opdracht {{ job.number }}",
            "Levering, meterkast en de dag van de installatie",
            "Bedankt voor je bestelling. Je laadpunt is gereserveerd en de monteur wordt ingepland.",
            "**Wat er nu gebeurt**\n\n1. Wij kijken je foto’s van de meterkast na. Ontbreekt er een, dan hoor je dat"
            " vandaag nog.\n2. Is een zwaardere aansluiting nodig, dan vragen wij die voor je aan bij de netbeheerder."
            "\n3. Wij bellen je voor een dag. De installatie duurt een halve dag; de stroom gaat er een uur af.",
            (dutch.NUMBER, dutch.PLACE, dutch.PRICE),
            (dutch.CALL,),
        ),
    ),
    Entry(
        "quote_notification",
        ORDER,
        TRANSACTIONAL,
        "Offerte is klaar",
        Mail(
            "Je offerte voor een laadpunt staat klaar",
            "Lader, meterkast en installatie in één prijs",
            "Je offerte staat klaar: de lader, de groep in de meterkast, de kabel en de installatie in één prijs.",
            "Loadbalancing zit erbij, zodat de hoofdzekering heel blijft als de oven ook aanstaat.\n\nKomt je auto pas"
            " later? Dan houden wij de prijs drie maanden vast. Akkoord? Een antwoord op deze e-mail is genoeg.",
            (dutch.NUMBER, dutch.PLACE, dutch.PRICE),
            (dutch.CALL,),
        ),
        "{{ brand.name }}: je offerte voor het laadpunt staat in je mail. Vragen? Antwoord hier of bel"
        " {{ brand.phone }}.",
    ),
    Entry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Installatie ingepland",
        Mail(
            "Je installatie is op {{ appointment.date }}",
            "{{ appointment.time }}: meterkast vrij, parkeerplek vrij",
            "De monteur komt je laadpunt plaatsen.",
            "**Wil je zorgen voor**\n\n- een lege meterkast, ook de stofzuiger eruit\n- een vrije plek op de oprit\n"
            "- het wachtwoord van je wifi bij de hand\n\nDe stroom gaat er ongeveer een uur af. Andere dag nodig? Laat"
            " het ons de dag ervoor voor twaalf uur weten.",
            dutch.WHEN,
            (dutch.CALL,),
        ),
        "{{ brand.name }}: je installatie is gepland op {{ appointment.date }} om {{ appointment.time }}. Wijzigen?"
        " Bel {{ brand.phone }}",
        WhatsAppText(
            "Dag {{ customer.first_name }}, je installatie door {{ brand.name }} is op {{ appointment.date }} om"
            " {{ appointment.time }}. Is de meterkast dan vrij?",
            footer="De stroom gaat er een uur af",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    Entry(
        "completion_thank_you",
        ORDER,
        TRANSACTIONAL,
        "Laadpunt is klaar",
        Mail(
            "Je laadpunt werkt, goede reis",
            "Garantie, storing en de app",
            "Je laadpunt hangt en is doorgemeten. Het meetrapport zit in je dossier.",
            "Brandt het lampje rood? Zet de groep in de meterkast een minuut uit en weer aan. Helpt dat niet, bel dan"
            " onze storingsdienst, dag en nacht.\n\nMet het nummer hieronder vinden wij je garantie terug: vijf jaar op"
            " ons werk, drie jaar op de lader.",
            (dutch.NUMBER, dutch.PLACE),
            (dutch.CALL,),
        ),
    ),
    Entry(
        "maintenance_reminder",
        ENGAGEMENT,
        MARKETING,
        "Jaarlijkse controle",
        Mail(
            "Je laadpunt is een jaar oud",
            "Nameten kost een half uur",
            "Een jaar geleden hebben wij je laadpunt geplaatst. Klemmen zetten zich; wij draaien ze na en meten de"
            " aarde opnieuw.",
            "Dat kost een half uur en houdt je garantie op orde. Antwoord met twee dagen die je schikken.",
            (dutch.PLACE,),
            (dutch.CALL,),
        ),
        "{{ brand.name }}: je laadpunt is een jaar oud. Zullen we het nameten? Antwoord JA en wij bellen je. STOP om"
        " deze sms'jes te stoppen.",
    ),
    Entry(
        "missed_call",
        Category.OWN,
        TRANSACTIONAL,
        "Gemiste oproep",
        sms="{{ brand.name }}: sorry dat we je oproep misten. We bellen je terug; of sms hier waar het over gaat.",
    ),
]
ENGLISH = [
    Entry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "New order confirmed",
        Mail(
            "Your charge points are ordered: {{ job.number }}",
            "Grid capacity, hardware, and the day of the installation",
            "Thank you for your order. Your hardware is reserved and your project has its engineer.",
            "**What happens next**\n\n1. We check the capacity of your connection with the grid operator.\n2. Drawings"
            " and groundwork come to you for approval before anybody digs.\n3. We agree on installation days that keep"
            " your car park open.",
            (english.NUMBER, english.PLACE, english.PRICE),
            (english.CALL,),
        ),
    ),
    Entry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Installation scheduled",
        Mail(
            "Your installation is on {{ appointment.date }}",
            "{{ appointment.time }}: switchboard and parking bays",
            "Our engineers come to install your charge points.",
            "**Please have ready**\n\n- access to the main switchboard\n- the parking bays cleared and taped off\n- the"
            " network details for the chargers\n\nThe power is off for about an hour. Another day? Tell us before noon"
            " on the day before.",
            english.WHEN,
            (english.CALL,),
        ),
        "{{ brand.name }}: your installation is planned for {{ appointment.date }} at {{ appointment.time }}. Changes?"
        " Call {{ brand.phone }}",
        WhatsAppText(
            "Hi {{ customer.first_name }}, your installation by {{ brand.name }} is on {{ appointment.date }} at"
            " {{ appointment.time }}. Will the parking bays be free?",
            footer="The power is off for about an hour",
            buttons=("Yes, see you then", "We need another day"),
        ),
    ),
    Entry(
        "missed_call",
        Category.OWN,
        TRANSACTIONAL,
        "Missed call",
        sms="{{ brand.name }}: sorry we missed your call. We call you back; or text us here what it is about.",
    ),
]
