"""The Dutch texts a tenant starts with (S2), of the same keys as the English ones."""

from comms.library.packs.shape import (
    APPOINTMENT,
    ENGAGEMENT,
    MARKETING,
    ORDER,
    OWN,
    PARTNER,
    SERVICE,
    TRANSACTIONAL,
    Entry,
    Mail,
    WhatsAppText,
)

GREETING = 'Beste {{ customer.name | default: "klant" }},'
CALL = ("Bel ons", "tel:{{ brand.phone_link }}")
MEET = ("Bevestig, of kies een andere tijd", '{{ appointment.link | default: "" }}')
NUMBER = ("Uw nummer", "{{ job.number }}")
PLACE = ("Adres", '{{ property.address | default: "" }}')
PRICE = ("Totaal", '{{ job.value | default: "" }}')
WHEN = (("Dag", "{{ appointment.date }}"), ("Tijd", "{{ appointment.time }}"), PLACE)

ENTRIES = [
    Entry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Nieuwe opdracht bevestigd",
        Mail(
            "Uw opdracht {{ job.number }} is bij ons in goede handen",
            "Wat er nu gebeurt, en bij wie u terechtkunt",
            "Bedankt voor uw opdracht. Wij hebben alles wat we nodig hebben om te beginnen.",
            "**Wat er nu gebeurt**\n\n1. Wij bestellen wat er voor uw klus nodig is.\n2. Wij bellen u om een dag af"
            " te spreken die u schikt.\n3. De dag ervoor krijgt u een herinnering.\n\nKlopt er hieronder iets niet?"
            " Beantwoord deze e-mail, dan passen we het aan.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
    ),
    Entry(
        "quote_notification",
        ORDER,
        TRANSACTIONAL,
        "Offerte is klaar",
        Mail(
            "Uw offerte van {{ brand.name }} staat klaar",
            "Wat erin staat, en hoe u akkoord gaat",
            "Uw offerte staat klaar. Alles wat we hebben besproken staat erin, zonder kleine lettertjes.",
            "Neem er rustig de tijd voor. Is een regel niet duidelijk, of wilt u het werk liever in twee keer laten"
            " doen? Beantwoord deze e-mail, dan loop ik het met u door.\n\nWilt u verder? Een eenvoudig “akkoord” als"
            " antwoord is genoeg. Daarna reserveren wij uw plek.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
        "{{ brand.name }}: uw offerte staat in uw mail. Vragen? Antwoord hier of bel {{ brand.phone }}.",
    ),
    Entry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Werk is ingepland",
        Mail(
            "Wij komen op {{ appointment.date }}",
            "{{ appointment.time }}, en wat u kunt klaarzetten",
            "Uw afspraak staat vast.",
            "**Wilt u zorgen voor**\n\n- een parkeerplek voor een bus dichtbij\n- een vrije weg naar de plek van het"
            " werk\n- iemand van 18 jaar of ouder thuis als wij aankomen\n\nKomt de dag toch niet uit? Laat het ons"
            " de dag ervoor voor twaalf uur weten, dan zoeken we een andere.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: wij komen op {{ appointment.date }} om {{ appointment.time }}. Andere dag nodig? Bel"
        " {{ brand.phone }}.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, uw afspraak met {{ brand.name }} is op {{ appointment.date }} om"
            " {{ appointment.time }}. Komt dat nog uit?",
            footer="Wij antwoorden hier op werkdagen",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    Entry(
        "completion_thank_you",
        ORDER,
        TRANSACTIONAL,
        "Werk is klaar",
        Mail(
            "Uw werk is klaar, bedankt",
            "Papieren, garantie en wie u later belt",
            "Het werk is klaar en nagekeken. Bedankt dat we bij u mochten komen.",
            "Bewaar deze e-mail: met het nummer hieronder vinden wij uw papieren en uw garantie terug, ook over tien"
            " jaar.\n\nZiet u iets wat niet is zoals het hoort? Zeg het liever nu dan later, dan komen we terug.",
            (NUMBER, PLACE),
            (CALL,),
        ),
    ),
    Entry(
        "hold_notification",
        ORDER,
        TRANSACTIONAL,
        "Opdracht staat even stil",
        Mail(
            "Uw opdracht {{ job.number }} staat even stil",
            "Waarom, en wat hem weer op gang brengt",
            "Wij moeten uw opdracht even laten rusten. Uw plek en uw prijs blijven staan.",
            "Meestal wachten we op een levering, een vergunning of een bericht van u. Wij kijken er elke week naar."
            " Zodra er beweging in komt hoort u van ons, en anders in elk geval na twee weken.",
            (NUMBER, ("Waar het staat", '{{ job.status | default: "" }}')),
            (CALL,),
        ),
        "{{ brand.name }}: opdracht {{ job.number }} staat even stil. Uw plek en prijs blijven staan. Vragen? Bel"
        " {{ brand.phone }}.",
    ),
    Entry(
        "appointment_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Herinnering aan de afspraak",
        Mail(
            "Herinnering: {{ appointment.date }}, {{ appointment.time }}",
            "Tot dan",
            "Een korte herinnering aan onze afspraak.",
            "Komt het nog uit? Bevestig het met één klik, of kies een andere tijd: dan kan iemand anders de plek"
            " krijgen.",
            WHEN,
            (MEET, CALL),
        ),
        "Herinnering van {{ brand.name }}: {{ appointment.date }}, {{ appointment.time }}. Antwoord C om te bevestigen,"
        " R voor een andere tijd.",
        WhatsAppText(
            "Dag {{ customer.first_name }}, een herinnering: {{ brand.name }} komt op {{ appointment.date }} om"
            " {{ appointment.time }}. Tot dan!",
            buttons=("Ja, tot dan", "Ik wil een andere dag"),
        ),
    ),
    Entry(
        "appointment_changed",
        APPOINTMENT,
        TRANSACTIONAL,
        "Afspraak op een andere tijd",
        Mail(
            "Nieuwe tijd: {{ appointment.date }}, {{ appointment.time }}",
            "Uw afspraak is verplaatst",
            "Uw afspraak heeft nu een andere tijd.",
            "Het agendabestand bij deze e-mail verplaatst hem ook in uw agenda. Komt de nieuwe tijd niet uit? Kies een"
            " andere, of bel ons.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: uw afspraak is nu op {{ appointment.date }} om {{ appointment.time }}. Antwoord C om te"
        " bevestigen, R voor een andere tijd.",
    ),
    Entry(
        "appointment_cancelled",
        APPOINTMENT,
        TRANSACTIONAL,
        "Afspraak afgezegd",
        Mail(
            "Afgezegd: {{ appointment.date }}, {{ appointment.time }}",
            "Er komt dan niemand",
            "De afspraak hieronder gaat niet door. Er komt dan niemand.",
            "Het agendabestand bij deze e-mail haalt hem uit uw agenda. Liever een andere dag? Antwoord op deze e-mail,"
            " of bel ons.",
            WHEN,
            (CALL,),
        ),
        "{{ brand.name }}: uw afspraak op {{ appointment.date }} om {{ appointment.time }} gaat niet door. Vragen? Bel"
        " {{ brand.phone }}.",
    ),
    Entry(
        "on_the_way",
        APPOINTMENT,
        TRANSACTIONAL,
        "Onderweg",
        sms="{{ sender.first_name }} van {{ brand.name }} is onderweg en is binnen een uur bij u.",
        whatsapp=WhatsAppText(
            "Dag {{ customer.first_name }}, {{ sender.first_name }} van {{ brand.name }} is onderweg en is binnen een"
            " uur bij u.",
        ),
    ),
    Entry(
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
    Entry(
        "urgent_update",
        APPOINTMENT,
        TRANSACTIONAL,
        "Dringend: bel ons",
        sms="{{ brand.name }}, dringend over opdracht {{ job.number }}: bel ons vandaag op {{ brand.phone }}.",
    ),
    Entry(
        "payment_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Betaalherinnering",
        Mail(
            "Een vriendelijke herinnering aan onze factuur",
            "Voor het geval hij is blijven liggen",
            "Onze factuur voor opdracht {{ job.number }} staat nog open. Misschien is hij blijven liggen, dat gebeurt.",
            "Heeft uw betaling deze e-mail gekruist? Dan mag u hem vergeten. Klopt er iets niet aan de factuur,"
            " beantwoord dan deze e-mail, dan kijken we er samen naar.",
            (NUMBER, PRICE),
            (CALL,),
        ),
        whatsapp=WhatsAppText(
            "Dag {{ customer.first_name }}, een vriendelijke herinnering: onze factuur voor opdracht {{ job.number }}"
            " staat nog open. Klopt er iets niet? Antwoord gewoon hier.",
        ),
    ),
    Entry(
        "welcome",
        ENGAGEMENT,
        SERVICE,
        "Welkom",
        Mail(
            "Welkom bij {{ brand.name }}",
            "Wie er voor u klaarstaat, en hoe u ons bereikt",
            "Fijn dat u er bent. Ik begeleid uw project van het eerste bezoek tot de laatste rekening.",
            "Het snelst bereikt u ons door deze e-mail te beantwoorden, of door te bellen. U hoeft uw verhaal nooit"
            " twee keer te vertellen: iedereen hier ziet wat er is afgesproken.",
            (("Uw contactpersoon", '{{ sender.name | default: "" }}'), ("Telefoon", "{{ brand.phone }}")),
            (CALL,),
        ),
    ),
    Entry(
        "survey_invitation",
        ENGAGEMENT,
        SERVICE,
        "Hoe hebben we het gedaan?",
        Mail(
            "Hoe hebben we het gedaan?",
            "Eén cijfer is genoeg",
            "Een week geleden waren wij bij u klaar. Hoe was het, van 1 (nooit meer) tot 5 (graag weer)?",
            "Eén klik en één cijfer, of antwoord op deze e-mail. Een zin over wat beter kan is ons nog meer waard: een"
            " mens leest elk antwoord, goed of slecht.",
            buttons=(("Zeg hoe het was", "{{ survey.link }}"),),
        ),
    ),
    Entry(
        "product_information",
        ENGAGEMENT,
        MARKETING,
        "Productinformatie",
        Mail(
            "Goed om te weten: wat we nog meer doen",
            "Drie dingen waar klanten naar vragen",
            "Drie dingen waar klanten ons het vaakst naar vragen, voor het geval er een bij u speelt.",
            "- **Een jaarlijkse controle** vindt kleine dingen zolang ze klein zijn.\n- **Een onderhoudsplan** spreidt"
            " de kosten en geeft u voorrang.\n- **Een uitbreiding** later, tegen de voorwaarden van uw eerste"
            " opdracht.\n\nBeantwoord deze e-mail voor een prijs, zonder enige verplichting.",
            buttons=(CALL,),
        ),
    ),
    Entry(
        "maintenance_reminder",
        ENGAGEMENT,
        MARKETING,
        "Jaarlijkse controle",
        Mail(
            "Tijd voor uw jaarlijkse controle",
            "Een half uur nu scheelt later een reparatie",
            "Het is een jaar geleden dat we bij u waren. Een controle duurt een half uur en houdt uw garantie op orde.",
            "Antwoord met twee dagen die u schikken, dan bevestigen wij er een.",
            (PLACE,),
            (CALL,),
        ),
        "{{ brand.name }}: een jaar geleden waren we bij u. Tijd voor een controle? Antwoord JA en wij bellen u. STOP"
        " om deze sms'jes te stoppen.",
    ),
    Entry(
        "partner_order_notification",
        PARTNER,
        TRANSACTIONAL,
        "Partner: nieuwe opdracht",
        Mail(
            "Nieuwe opdracht {{ job.number }} via u",
            "Wat wij nu doen, en wat u nog moet doen",
            "Bedankt dat u deze klant heeft doorgestuurd. Wij hebben gebeld, of doen dat binnen één werkdag.",
            "U hoeft verder niets te doen. Wij laten weten wanneer het werk is ingepland en wanneer het klaar is.",
            (("Opdracht", "{{ job.number }}"), ("Klant", "{{ customer.name }}"), PLACE),
            greeting="Beste partner,",
        ),
    ),
    Entry(
        "partner_status_update",
        PARTNER,
        SERVICE,
        "Partner: stand van zaken",
        Mail(
            "Opdracht {{ job.number }}: {{ job.status }}",
            "Hoe het staat met het werk voor uw klant",
            "Een kort bericht over het werk voor uw klant.",
            "Vragen stelt u aan ons, niet aan de klant: beantwoord deze e-mail.",
            (
                ("Opdracht", "{{ job.number }}"),
                ("Staat op", "{{ job.status }}"),
                ("Hierna", '{{ job.next_step | default: "" }}'),
            ),
            greeting="Beste partner,",
        ),
    ),
    Entry(
        "partner_commission_statement",
        PARTNER,
        SERVICE,
        "Partner: commissieoverzicht",
        Mail(
            "Uw commissieoverzicht van {{ today.date }}",
            "Opdracht {{ job.number }}",
            "De opdracht hieronder is betaald, dus uw commissie staat voor u klaar.",
            "Wij betalen haar uit met de volgende betaalronde, op de rekening die u ons gaf. Controleer het bedrag"
            " waarvoor het werk is verkocht; uw percentage staat in onze overeenkomst.",
            (("Opdracht", "{{ job.number }}"), ("Klant", "{{ customer.name }}"), ("Verkocht voor", "{{ job.value }}")),
            greeting="Beste partner,",
        ),
    ),
    Entry(
        "partner_performance_report",
        PARTNER,
        SERVICE,
        "Partner: hoe het ging",
        Mail(
            "Hoe het met uw klanten ging",
            "Stand van {{ today.date }}",
            "Zo staat het met de klanten die u ons stuurde. De lijst zit bij deze e-mail.",
            "Twee dingen helpen ons allebei het meest: een telefoonnummer dat klopt, en een woord vooraf dat wij"
            " bellen. Beide halveren de tijd tot het eerste bezoek.",
            greeting="Beste partner,",
        ),
    ),
    Entry(
        "quote_follow_up",
        OWN,
        TRANSACTIONAL,
        "Na de offerte",
        Mail(
            "Nog vragen over uw offerte?",
            "We lopen hem graag met u door",
            "Een paar dagen geleden kreeg u onze offerte. Is er iets onduidelijk, of ontbreekt er iets?",
            "Antwoord op deze mail met uw vraag, of met een moment waarop we kunnen bellen. Ziet u ervan af, dan helpt"
            " een kort “nee” ons ook en vragen we het niet nog eens.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
        "Beste {{ customer.first_name }}, nog vragen over uw offerte van {{ brand.name }}? Antwoord hier of bel"
        " {{ brand.phone }}.",
    ),
    Entry(
        "checking_in",
        OWN,
        TRANSACTIONAL,
        "We wachten op uw antwoord",
        Mail(
            "We wachten op een bericht van u",
            "Eén regel is genoeg",
            "We hebben u geschreven en nog niets gehoord; uw werk staat daarom even stil.",
            "Antwoord met één regel op deze mail, of bel ons. Is het niet meer nodig, laat het dan weten; dan sluiten"
            " we het af.",
            (NUMBER,),
            (CALL,),
        ),
        "Beste {{ customer.first_name }}, {{ brand.name }} hier: we wachten op een bericht van u. Antwoord hier of bel"
        " {{ brand.phone }}.",
    ),
    Entry(
        "decline",
        OWN,
        TRANSACTIONAL,
        "Geen werk voor ons",
        Mail(
            "Over uw aanvraag {{ job.number }}",
            "Fijn dat u aan ons dacht",
            "Dank u voor uw aanvraag. We hebben ernaar gekeken; dit is niet iets wat we goed kunnen doen.",
            "We zeggen dat liever nu dan dat we u laten wachten. Veranderen uw plannen, of kunnen we iets anders voor u"
            " doen, antwoord dan op deze mail of bel ons.",
            (),
            (CALL,),
        ),
        "Beste {{ customer.first_name }}, dank u voor uw aanvraag bij {{ brand.name }}. Dit kunnen we niet goed doen,"
        " en dat zeggen we liever nu. Iets anders? Antwoord gerust hier.",
    ),
]
