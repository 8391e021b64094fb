"""What Chargeline's customers read of the steps, by the step's name: in Dutch, and in English for the business."""

from demo.organization import CustomerTexts

TEXTS: CustomerTexts = {
    "Nieuw": {
        "nl": ("Je aanvraag is binnen", "We nemen snel contact met je op."),
        "en": ("Your request is in", "We get in touch soon."),
    },
    "Aanvraag": {
        "nl": ("Je aanvraag is binnen", "We nemen snel contact met je op."),
        "en": ("Your request is in", "We get in touch soon."),
    },
    "Melding": {
        "nl": ("Je melding is binnen", "We bellen je zo snel mogelijk."),
        "en": ("Your report is in", "We call you as soon as we can."),
    },
    "Foto’s gevraagd": {
        "nl": ("Foto’s van je meterkast", "Met een paar foto’s kunnen we rekenen zonder langs te komen."),
        "en": ("Photos of your meter cupboard", "With a few photos we can work out the price without a visit."),
    },
    "Locatiebezoek": {
        "nl": ("Bezoek op locatie", "We kijken samen waar de laadpunten komen."),
        "en": ("Site visit", "We look together at where the charge points go."),
    },
    "Schouw": {
        "nl": ("Schouw", "We bekijken de garage en de meterruimte."),
        "en": ("Site visit", "We look at the garage and the meter room."),
    },
    "Netcapaciteit": {
        "nl": ("Capaciteit van het net", "De netbeheerder rekent na wat de aansluiting aankan."),
        "en": ("Grid capacity", "The grid operator works out what your connection can bear."),
    },
    "Offerte maken": {
        "nl": ("Je offerte", "We rekenen je prijs uit."),
        "en": ("Your quote", "We are working out your price."),
    },
    "Ontwerp": {
        "nl": ("Je offerte", "We tekenen en rekenen je installatie uit."),
        "en": ("Your quote", "We draw your installation and work out the price."),
    },
    "Offerte verstuurd": {
        "nl": ("Je offerte", "Je offerte ligt bij je. Vraag gerust wat onduidelijk is."),
        "en": ("Your quote", "Your quote is with you. Ask us whatever is unclear."),
    },
    "Prijs gemeld": {
        "nl": ("Je prijs", "De prijs van de reparatie ligt bij je."),
        "en": ("Your price", "The price of the repair is with you."),
    },
    "ALV gepland": {
        "nl": ("Ledenvergadering", "De vergadering van eigenaars beslist."),
        "en": ("Owners’ meeting", "The owners’ meeting decides."),
    },
    "Akkoord": {
        "nl": ("Akkoord", "Dank je wel. We zetten alles klaar."),
        "en": ("Agreement", "Thank you. We set everything up."),
    },
    "ALV akkoord": {
        "nl": ("Akkoord", "Dank jullie wel. We zetten alles klaar."),
        "en": ("Agreement", "Thank you. We set everything up."),
    },
    "Netbeheerder": {
        "nl": ("Netbeheerder", "De netbeheerder plant de aansluiting. Dat duurt een paar weken."),
        "en": ("Grid operator", "The grid operator plans the connection. It takes some weeks."),
    },
    "Netverzwaring": {
        "nl": ("Netbeheerder", "De netbeheerder verzwaart de aansluiting."),
        "en": ("Grid operator", "The grid operator strengthens the connection."),
    },
    "Materiaal besteld": {
        "nl": ("Materiaal", "Je laadpunt is besteld."),
        "en": ("Materials", "Your charge point is on order."),
    },
    "Materiaal": {
        "nl": ("Materiaal", "De laadpunten zijn besteld."),
        "en": ("Materials", "The charge points are on order."),
    },
    "Ingepland": {
        "nl": ("Afspraak staat", "De monteur is ingepland. Een dag vooraf hoor je hoe laat hij er is."),
        "en": ("On the calendar", "Your engineer is booked. We tell you the time the day before."),
    },
    "Geïnstalleerd": {
        "nl": ("Je laadpunt", "De monteur is bij je aan het werk. De stroom gaat er een half uur af."),
        "en": ("Your charge point", "The engineer is at work. The power is off for half an hour."),
    },
    "Montage": {
        "nl": ("Montage", "We monteren de laadpunten."),
        "en": ("Installation", "We are putting up the charge points."),
    },
    "Keuring": {
        "nl": ("Keuring", "De installatie wordt gekeurd."),
        "en": ("Test", "The installation is being tested."),
    },
    "Oplevering": {
        "nl": ("Oplevering", "We lopen alles samen na."),
        "en": ("Handover", "We go through everything together."),
    },
    "Hersteld": {
        "nl": ("De reparatie", "De storing is verholpen. Laat het weten als er nog iets is."),
        "en": ("The repair", "The fault is repaired. Tell us if anything is not right."),
    },
    "Aangeboden": {
        "nl": ("Je abonnement", "Het aanbod ligt bij je."),
        "en": ("Your subscription", "The offer is with you."),
    },
    "Getekend": {
        "nl": ("Akkoord", "Dank je wel. We zetten je abonnement klaar."),
        "en": ("Agreement", "Thank you. We set up your subscription."),
    },
    "Actief gezet": {
        "nl": ("Je laadpas", "Je laadpas werkt."),
        "en": ("Your charge card", "Your charge card works."),
    },
    "Gefactureerd": {
        "nl": ("Je factuur", "Het werk is klaar en je factuur is onderweg."),
        "en": ("Your invoice", "The work is done and your invoice is on its way."),
    },
    "Betaald": {
        "nl": ("Garantie", "Alles is betaald, dank je wel. Je garantie loopt."),
        "en": ("Warranty", "All is paid, thank you. Your warranty runs."),
    },
}
