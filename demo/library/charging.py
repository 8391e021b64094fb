"""Templates of Chargeline: what the general packs say otherwise for chargers, in Dutch and in English."""

from comms.library.packs import dutch, english
from comms.library.packs.pack_entries import (
    APPOINTMENT,
    ENGAGEMENT,
    MARKETING,
    ORDER,
    TRANSACTIONAL,
    Category,
    PackEntry,
    PackMail,
    WhatsAppText,
)

DUTCH = [
    PackEntry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Nieuwe bestelling bevestigd",
        PackMail(
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
    PackEntry(
        "quote_notification",
        ORDER,
        TRANSACTIONAL,
        "Offerte is klaar",
        PackMail(
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
    PackEntry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Installatie ingepland",
        PackMail(
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
    PackEntry(
        "inspection_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Schouw gepland",
        PackMail(
            "Je schouw: {{ appointment.date }}, {{ appointment.time }}",
            "Ongeveer een uur, met een blik in de meterkast",
            "We komen kijken waar je laadpunt komt en wat je meterkast aankan.",
            "Het duurt ongeveer een uur; de stroom blijft aan. Maak de meterkast leeg en leg een recente"
            " energierekening klaar."
            "\n\nBinnen twee dagen heb je de prijs. Komt de tijd toch niet uit? Kies een andere, of bel ons.",
            dutch.WHEN,
            (dutch.MEET, dutch.CALL),
        ),
        "{{ brand.name }}: schouw op {{ appointment.date }} om {{ appointment.time }}, ongeveer een uur. Antwoord C"
        " om te"
        " bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, {{ brand.name }} komt kijken naar je meterkast op {{ appointment.date }} om"
            " {{ appointment.time }}. Komt dat uit?",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "inspection_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan de schouw",
        PackMail(
            "Herinnering: schouw op {{ appointment.date }}, {{ appointment.time }}",
            "Ongeveer een uur; de meterkast leeg",
            "Een korte herinnering: we komen kijken naar je meterkast.",
            "Maak de meterkast leeg en leg een recente energierekening klaar. Komt de tijd nog uit? Bevestig hem met"
            " één klik,"
            " of kies een andere.",
            dutch.WHEN,
            (dutch.MEET, dutch.CALL),
        ),
        "Herinnering van {{ brand.name }}: schouw op {{ appointment.date }} om {{ appointment.time }}. Antwoord C om te"
        " bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering: {{ brand.name }} komt kijken naar je meterkast op"
            " {{ appointment.date }} om {{ appointment.time }}. Tot dan!",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "work_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan de installatie",
        PackMail(
            "Herinnering: je installatie is op {{ appointment.date }}",
            "{{ appointment.time }}: meterkast vrij, parkeerplek vrij",
            "Een korte herinnering: de monteur komt je laadpunt plaatsen.",
            "**Wil je zorgen voor**\n\n- een lege meterkast, ook de stofzuiger eruit\n- een vrije plek op de"
            " oprit\n- het"
            " wachtwoord van je wifi bij de hand\n\nDe stroom gaat er ongeveer een uur af.",
            dutch.WHEN,
            (dutch.MEET, dutch.CALL),
        ),
        "Herinnering van {{ brand.name }}: je installatie is op {{ appointment.date }} om {{ appointment.time }}."
        " Meterkast"
        " vrij? Antwoord C om te bevestigen, R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering: {{ brand.name }} plaatst je laadpunt op"
            " {{ appointment.date }} om"
            " {{ appointment.time }}. Is de meterkast dan vrij?",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "completion_thank_you",
        ORDER,
        TRANSACTIONAL,
        "Laadpunt is klaar",
        PackMail(
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
    PackEntry(
        "maintenance_reminder",
        ENGAGEMENT,
        MARKETING,
        "Jaarlijkse controle",
        PackMail(
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
    PackEntry(
        "missed_call",
        Category.OWN,
        TRANSACTIONAL,
        "Gemiste oproep",
        sms="{{ brand.name }}: sorry dat we je oproep misten. We bellen je terug; of sms hier waar het over gaat.",
    ),
]
ENGLISH = [
    PackEntry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "New order confirmed",
        PackMail(
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
    PackEntry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Installation scheduled",
        PackMail(
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
    PackEntry(
        "inspection_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Site survey booked",
        PackMail(
            "Your site survey: {{ appointment.date }}, {{ appointment.time }}",
            "About an hour, with a look at the switchboard",
            "Our engineer comes to see where your charge points go and what your connection can carry.",
            "It takes about an hour; the power stays on. Please give us access to the main switchboard and have a"
            " recent energy"
            " bill at hand.\n\nYou get the price within two days. Does the time not suit you? Choose another one, or"
            " call us.",
            english.WHEN,
            (english.MEET, english.CALL),
        ),
        "{{ brand.name }}: site survey on {{ appointment.date }} at {{ appointment.time }}, about an hour. Reply C"
        " to confirm,"
        " R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, {{ brand.name }} comes for the site survey on {{ appointment.date }} at"
            " {{ appointment.time }}. Does that suit you?",
            buttons=("Yes, see you then", "We need another day"),
        ),
    ),
    PackEntry(
        "inspection_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the site survey",
        PackMail(
            "Reminder: site survey on {{ appointment.date }}, {{ appointment.time }}",
            "About an hour; access to the switchboard",
            "A short reminder of our site survey.",
            "Please give us access to the main switchboard. Does the time still suit you? Confirm it with one click,"
            " or choose"
            " another one.",
            english.WHEN,
            (english.MEET, english.CALL),
        ),
        "Reminder from {{ brand.name }}: site survey on {{ appointment.date }} at {{ appointment.time }}. Reply C to"
        " confirm, R"
        " for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: {{ brand.name }} comes for the site survey on"
            " {{ appointment.date }} at"
            " {{ appointment.time }}. See you then!",
            buttons=("Yes, see you then", "We need another day"),
        ),
    ),
    PackEntry(
        "work_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the installation",
        PackMail(
            "Reminder: your installation is on {{ appointment.date }}",
            "{{ appointment.time }}: switchboard and parking bays",
            "A short reminder: our engineers come to install your charge points.",
            "**Please have ready**\n\n- access to the main switchboard\n- the parking bays cleared and taped off\n-"
            " the network"
            " details for the chargers\n\nThe power is off for about an hour.",
            english.WHEN,
            (english.MEET, english.CALL),
        ),
        "Reminder from {{ brand.name }}: your installation is on {{ appointment.date }} at {{ appointment.time }}."
        " Reply C to"
        " confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: {{ brand.name }} installs your charge points on"
            " {{ appointment.date }} at"
            " {{ appointment.time }}. Will the parking bays be free?",
            buttons=("Yes, see you then", "We need another day"),
        ),
    ),
    PackEntry(
        "missed_call",
        Category.OWN,
        TRANSACTIONAL,
        "Missed call",
        sms="{{ brand.name }}: sorry we missed your call. We call you back; or text us here what it is about.",
    ),
]
