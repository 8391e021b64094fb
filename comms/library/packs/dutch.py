"""The initial Dutch templates, with the keys of the English ones."""

from comms.library.packs.pack_entries import (
    APPOINTMENT,
    ENGAGEMENT,
    MARKETING,
    ORDER,
    OWN,
    PARTNER,
    SERVICE,
    TRANSACTIONAL,
    PackEntry,
    PackMail,
    WhatsAppText,
)

GREETING = 'Beste {{ customer.name | default: "klant" }},'
CALL = ("Bel ons", "tel:{{ brand.phone_link }}")
MEET = ("Bevestig, of kies een andere tijd", '{{ appointment.link | default: "" }}')
JOIN = ("Doe mee via video", '{{ appointment.meeting_link | default: "" }}')
NUMBER = ("Je nummer", "{{ job.number }}")
PLACE = ("Adres", '{{ property.address | default: "" }}')
PRICE = ("Totaal", '{{ job.value | default: "" }}')
WHEN = (("Dag", "{{ appointment.date }}"), ("Tijd", "{{ appointment.time }}"), PLACE)

ENTRIES = [
    PackEntry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Nieuwe opdracht bevestigd",
        PackMail(
            "Je opdracht {{ job.number }} is bij ons in goede handen",
            "Wat er nu gebeurt, en bij wie je terechtkunt",
            "Bedankt voor je opdracht. Wij hebben alles wat we nodig hebben om te beginnen.",
            "**Wat er nu gebeurt**\n\n1. Wij bestellen wat er voor je klus nodig is.\n2. Wij bellen je om een dag af"
            " te spreken die je schikt.\n3. De dag ervoor krijg je een herinnering.\n\nKlopt er hieronder iets niet?"
            " Beantwoord deze e-mail, dan passen we het aan.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
    ),
    PackEntry(
        "quote_notification",
        ORDER,
        TRANSACTIONAL,
        "Offerte is klaar",
        PackMail(
            "Je offerte van {{ brand.name }} staat klaar",
            "Wat erin staat, en hoe je akkoord gaat",
            "Je offerte staat klaar. Alles wat we hebben besproken staat erin, zonder kleine lettertjes.",
            "Neem er rustig de tijd voor. Is een regel niet duidelijk, of wil je het werk liever in twee keer laten"
            " doen? Beantwoord deze e-mail, dan loop ik het met je door.\n\nWil je verder? Een eenvoudig “akkoord” als"
            " antwoord is genoeg. Daarna reserveren wij je plek.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
        "{{ brand.name }}: je offerte staat in je mail. Vragen? Antwoord hier of bel {{ brand.phone }}.",
    ),
    PackEntry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Werk is ingepland",
        PackMail(
            "Wij komen op {{ appointment.date }}",
            "{{ appointment.time }}, en wat je kunt klaarzetten",
            "Je afspraak staat vast.",
            "**Wil je zorgen voor**\n\n- een parkeerplek voor een bus dichtbij\n- een vrije weg naar de plek van het"
            " werk\n- iemand van 18 jaar of ouder thuis als wij aankomen\n\nKomt de dag toch niet uit? Laat het ons"
            " de dag ervoor voor twaalf uur weten, dan zoeken we een andere.",
            WHEN,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: wij komen op {{ appointment.date }} om {{ appointment.time }}. Andere dag nodig? Bel"
        " {{ brand.phone }}.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, je afspraak met {{ brand.name }} is op {{ appointment.date }} om"
            " {{ appointment.time }}. Komt dat nog uit?",
            footer="Wij antwoorden hier op werkdagen",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "completion_thank_you",
        ORDER,
        TRANSACTIONAL,
        "Werk is klaar",
        PackMail(
            "Je werk is klaar, bedankt",
            "Papieren, garantie en wie je later belt",
            "Het werk is klaar en nagekeken. Bedankt dat we bij je mochten komen.",
            "Bewaar deze e-mail: met het nummer hieronder vinden wij je papieren en je garantie terug, ook over tien"
            " jaar.\n\nZie je iets wat niet is zoals het hoort? Zeg het liever nu dan later, dan komen we terug.",
            (NUMBER, PLACE),
            (CALL,),
        ),
    ),
    PackEntry(
        "hold_notification",
        ORDER,
        TRANSACTIONAL,
        "Opdracht staat even stil",
        PackMail(
            "Je opdracht {{ job.number }} staat even stil",
            "Waarom, en wat hem weer op gang brengt",
            "Wij moeten je opdracht even laten rusten. Je plek en je prijs blijven staan.",
            "Meestal wachten we op een levering, een vergunning of een bericht van je. Wij kijken er elke week naar."
            " Zodra er beweging in komt hoor je van ons, en anders in elk geval na twee weken.",
            (NUMBER, ("Waar het staat", '{{ job.status | default: "" }}')),
            (CALL,),
        ),
        "{{ brand.name }}: opdracht {{ job.number }} staat even stil. Je plek en prijs blijven staan. Vragen? Bel"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "appointment_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan de afspraak",
        PackMail(
            "Herinnering: {{ appointment.date }}, {{ appointment.time }}",
            "Tot dan",
            "Een korte herinnering aan onze afspraak.",
            "Komt het nog uit? Bevestig het met één klik, of kies een andere tijd: dan kan iemand anders de plek"
            " krijgen.",
            WHEN,
            (MEET, JOIN, CALL),
        ),
        "Herinnering van {{ brand.name }}: {{ appointment.date }}, {{ appointment.time }}. Antwoord C om te bevestigen,"
        " R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering: {{ brand.name }} komt op {{ appointment.date }} om"
            " {{ appointment.time }}. Tot dan!",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    PackEntry(
        "appointment_changed",
        APPOINTMENT,
        TRANSACTIONAL,
        "Afspraak op een andere tijd",
        PackMail(
            "Nieuwe tijd: {{ appointment.date }}, {{ appointment.time }}",
            "Je afspraak is verplaatst",
            "Je afspraak heeft nu een andere tijd.",
            "Het agendabestand bij deze e-mail verplaatst hem ook in je agenda. Komt de nieuwe tijd niet uit? Kies een"
            " andere, of bel ons.",
            WHEN,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: je afspraak is nu op {{ appointment.date }} om {{ appointment.time }}. Antwoord C om te"
        " bevestigen, R voor een andere tijd.",
    ),
    PackEntry(
        "appointment_cancelled",
        APPOINTMENT,
        TRANSACTIONAL,
        "Afspraak afgezegd",
        PackMail(
            "Afgezegd: {{ appointment.date }}, {{ appointment.time }}",
            "Er komt dan niemand",
            "De afspraak hieronder gaat niet door. Er komt dan niemand.",
            "Het agendabestand bij deze e-mail haalt hem uit je agenda. Liever een andere dag? Antwoord op deze e-mail,"
            " of bel ons.",
            WHEN,
            (CALL,),
        ),
        "{{ brand.name }}: je afspraak op {{ appointment.date }} om {{ appointment.time }} gaat niet door. Vragen? Bel"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "on_the_way",
        APPOINTMENT,
        TRANSACTIONAL,
        "Onderweg",
        sms="{{ sender.first_name }} van {{ brand.name }} is onderweg en is binnen een uur bij je.",
        whatsapp=WhatsAppText(
            "Dag {{ customer.first_name }}, {{ sender.first_name }} van {{ brand.name }} is onderweg en is binnen een"
            " uur bij je.",
        ),
    ),
    PackEntry(
        "new_date",
        APPOINTMENT,
        TRANSACTIONAL,
        "Andere dag nodig",
        sms="{{ brand.name }}: het lukt ons helaas niet zoals gepland. Nieuwe datum: {{ appointment.date }},"
        " {{ appointment.time }}. Schikt dat? Antwoord gewoon hier.",
        whatsapp=WhatsAppText(
            "Dag {{ customer.first_name }}, het lukt ons helaas niet zoals gepland. Kunnen we in plaats daarvan op"
            " {{ appointment.date }} om {{ appointment.time }} komen?",
            buttons=("Dat is goed", "Bel mij even"),
        ),
    ),
    PackEntry(
        "urgent_update",
        APPOINTMENT,
        TRANSACTIONAL,
        "Dringend: bel ons",
        sms="{{ brand.name }}, dringend over opdracht {{ job.number }}: bel ons vandaag op {{ brand.phone }}.",
    ),
    PackEntry(
        "payment_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Betaalherinnering",
        PackMail(
            "Een vriendelijke herinnering aan onze factuur",
            "Voor het geval hij is blijven liggen",
            "Onze factuur voor opdracht {{ job.number }} staat nog open. Misschien is hij blijven liggen, dat gebeurt.",
            "Heeft je betaling deze e-mail gekruist? Dan mag je hem vergeten. Klopt er iets niet aan de factuur,"
            " beantwoord dan deze e-mail, dan kijken we er samen naar.",
            (NUMBER, PRICE),
            (CALL,),
        ),
        whatsapp=WhatsAppText(
            "Dag {{ customer.first_name }}, een vriendelijke herinnering: onze factuur voor opdracht {{ job.number }}"
            " staat nog open. Klopt er iets niet? Antwoord gewoon hier.",
        ),
    ),
    PackEntry(
        "welcome",
        ENGAGEMENT,
        SERVICE,
        "Welkom",
        PackMail(
            "Welkom bij {{ brand.name }}",
            "Wie er voor je klaarstaat, en hoe je ons bereikt",
            "Fijn dat je er bent. Ik begeleid je project van het eerste bezoek tot de laatste rekening.",
            "Het snelst bereik je ons door deze e-mail te beantwoorden, of door te bellen. Je hoeft je verhaal nooit"
            " twee keer te vertellen: iedereen hier ziet wat er is afgesproken.",
            (("Je contactpersoon", '{{ sender.name | default: "" }}'), ("Telefoon", "{{ brand.phone }}")),
            (CALL,),
        ),
    ),
    PackEntry(
        "survey_invitation",
        ENGAGEMENT,
        SERVICE,
        "Hoe hebben we het gedaan?",
        PackMail(
            "Hoe hebben we het gedaan?",
            "Eén cijfer is genoeg",
            "Een week geleden waren wij bij je klaar. Hoe was het, van 1 (nooit meer) tot 5 (graag weer)?",
            "Eén klik en één cijfer, of antwoord op deze e-mail. Een zin over wat beter kan is ons nog meer waard: een"
            " mens leest elk antwoord, goed of slecht.",
            buttons=(("Zeg hoe het was", "{{ survey.link }}"),),
        ),
    ),
    PackEntry(
        "product_information",
        ENGAGEMENT,
        MARKETING,
        "Productinformatie",
        PackMail(
            "Goed om te weten: wat we nog meer doen",
            "Drie dingen waar klanten naar vragen",
            "Drie dingen waar klanten ons het vaakst naar vragen, voor het geval er een bij je speelt.",
            "- **Een jaarlijkse controle** vindt kleine dingen zolang ze klein zijn.\n- **Een onderhoudsplan** spreidt"
            " de kosten en geeft je voorrang.\n- **Een uitbreiding** later, tegen de voorwaarden van je eerste"
            " opdracht.\n\nBeantwoord deze e-mail voor een prijs, zonder enige verplichting.",
            buttons=(CALL,),
        ),
    ),
    PackEntry(
        "maintenance_reminder",
        ENGAGEMENT,
        MARKETING,
        "Jaarlijkse controle",
        PackMail(
            "Tijd voor je jaarlijkse controle",
            "Een half uur nu scheelt later een reparatie",
            "Een jaar geleden waren we bij je. Een controle duurt een half uur en houdt je garantie op orde.",
            "Antwoord met twee dagen die je schikken, dan bevestigen wij er een.",
            (PLACE,),
            (CALL,),
        ),
        "{{ brand.name }}: een jaar geleden waren we bij je. Tijd voor een controle? Antwoord JA en wij bellen je. STOP"
        " om deze sms'jes te stoppen.",
    ),
    PackEntry(
        "partner_order_notification",
        PARTNER,
        TRANSACTIONAL,
        "Partner: nieuwe opdracht",
        PackMail(
            "Nieuwe opdracht {{ job.number }} via jou",
            "Wat wij nu doen, en wat je nog moet doen",
            "Bedankt dat je deze klant hebt doorgestuurd. Wij hebben gebeld, of doen dat binnen één werkdag.",
            "Je hoeft verder niets te doen. Wij laten weten wanneer het werk is ingepland en wanneer het klaar is.",
            (("Opdracht", "{{ job.number }}"), ("Klant", "{{ customer.name }}"), PLACE),
            greeting="Beste partner,",
        ),
    ),
    PackEntry(
        "partner_status_update",
        PARTNER,
        SERVICE,
        "Partner: stand van zaken",
        PackMail(
            "Opdracht {{ job.number }}: {{ job.status }}",
            "Hoe het staat met het werk voor je klant",
            "Een kort bericht over het werk voor je klant.",
            "Vragen stel je aan ons, niet aan de klant: beantwoord deze e-mail.",
            (
                ("Opdracht", "{{ job.number }}"),
                ("Staat op", "{{ job.status }}"),
                ("Hierna", '{{ job.next_step | default: "" }}'),
            ),
            greeting="Beste partner,",
        ),
    ),
    PackEntry(
        "partner_commission_statement",
        PARTNER,
        SERVICE,
        "Partner: commissieoverzicht",
        PackMail(
            "Je commissieoverzicht van {{ today.date }}",
            "Opdracht {{ job.number }}",
            "De opdracht hieronder is betaald, dus je commissie staat voor je klaar.",
            "Wij betalen haar uit met de volgende betaalronde, op de rekening die je ons gaf. Controleer het bedrag"
            " waarvoor het werk is verkocht; je percentage staat in onze overeenkomst.",
            (("Opdracht", "{{ job.number }}"), ("Klant", "{{ customer.name }}"), ("Verkocht voor", "{{ job.value }}")),
            greeting="Beste partner,",
        ),
    ),
    PackEntry(
        "partner_performance_report",
        PARTNER,
        SERVICE,
        "Partner: hoe het ging",
        PackMail(
            "Hoe het met je klanten ging",
            "Stand van {{ today.date }}",
            "Zo staat het met de klanten die je ons stuurde. De lijst zit bij deze e-mail.",
            "Twee dingen helpen ons allebei het meest: een telefoonnummer dat klopt, en een woord vooraf dat wij"
            " bellen. Beide halveren de tijd tot het eerste bezoek.",
            greeting="Beste partner,",
        ),
    ),
    PackEntry(
        "quote_follow_up",
        OWN,
        TRANSACTIONAL,
        "Na de offerte",
        PackMail(
            "Nog vragen over je offerte?",
            "We lopen hem graag met je door",
            "Een paar dagen geleden kreeg je onze offerte. Is er iets onduidelijk, of ontbreekt er iets?",
            "Antwoord op deze mail met je vraag, of met een moment waarop we kunnen bellen. Zie je ervan af, dan helpt"
            " een kort “nee” ons ook en vragen we het niet nog eens.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
        "Beste {{ customer.first_name }}, nog vragen over je offerte van {{ brand.name }}? Antwoord hier of bel"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "checking_in",
        OWN,
        TRANSACTIONAL,
        "We wachten op je antwoord",
        PackMail(
            "We wachten op een bericht van je",
            "Eén regel is genoeg",
            "We hebben je geschreven en nog niets gehoord; je werk staat daarom even stil.",
            "Antwoord met één regel op deze mail, of bel ons. Is het niet meer nodig, laat het dan weten; dan sluiten"
            " we het af.",
            (NUMBER,),
            (CALL,),
        ),
        "Beste {{ customer.first_name }}, {{ brand.name }} hier: we wachten op een bericht van je. Antwoord hier of bel"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "decline",
        OWN,
        TRANSACTIONAL,
        "Geen werk voor ons",
        PackMail(
            "Over je aanvraag {{ job.number }}",
            "Fijn dat je aan ons dacht",
            "Dank je voor je aanvraag. We hebben ernaar gekeken; dit is niet iets wat we goed kunnen doen.",
            "We zeggen dat liever nu dan dat we je laten wachten. Veranderen je plannen, of kunnen we iets anders"
            " voor je doen, antwoord dan op deze mail of bel ons.",
            (),
            (CALL,),
        ),
        "Beste {{ customer.first_name }}, dank je voor je aanvraag bij {{ brand.name }}. Dit kunnen we niet goed doen,"
        " en dat zeggen we liever nu. Iets anders? Antwoord gerust hier.",
    ),
]
