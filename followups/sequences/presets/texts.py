"""The templates of the packs: checklist, missing documents, status, unpaid invoice, keeping in touch."""

from comms.library.packs.pack_entries import (
    ENGAGEMENT,
    MARKETING,
    OWN,
    TRANSACTIONAL,
    PackEntry,
    PackMail,
    TemplatePack,
)

ENGLISH = [
    PackEntry(
        "document_checklist",
        OWN,
        TRANSACTIONAL,
        "Which documents we need",
        PackMail(
            "The documents we need from you",
            "A short list, and how to send them",
            "To go on with your job we need some documents from you.",
            "**Please send us**\n\n- a copy of your passport or identity card\n- the papers we spoke of\n"
            "- anything you already have from the authorities\n\nAnswer this email with photos or scans, one at a"
            " time is fine.",
        ),
        "{{ brand.name }}: we need some documents from you to go on. Please send them by email, or call"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "documents_missing",
        OWN,
        TRANSACTIONAL,
        "Documents are missing",
        PackMail(
            "We still miss documents from you",
            "Without them your job stands still",
            "We have not received all documents yet, and without them your job stands still.",
            "Can’t find one of them, or is something not clear? Answer this email or call us, and we help.",
        ),
        "{{ brand.name }}: we still miss documents from you. Questions? Call {{ brand.phone }}.",
    ),
    PackEntry(
        "application_status",
        OWN,
        TRANSACTIONAL,
        "Where your application stands",
        PackMail(
            "Where your application stands",
            "Nothing to do for you now",
            "Your application is with the authorities, and no decision has come yet.",
            "You need to do nothing. We ask again in two weeks and tell you as soon as there is news.",
        ),
        "{{ brand.name }}: no decision on your application yet. You need to do nothing; we stay on it.",
    ),
    PackEntry(
        "invoice_reminder",
        OWN,
        TRANSACTIONAL,
        "Invoice not paid yet",
        PackMail(
            "A reminder of your invoice",
            "In case it slipped your mind",
            "Our invoice for job {{ job.number }} is not paid yet, as far as we can see.",
            "Have you paid it in the meantime? Then please take no notice of this. Is something not right with it, or"
            " do you want to pay in parts? Answer this email, and we look at it together.",
        ),
        "{{ brand.name }}: our invoice for job {{ job.number }} is not paid yet, as far as we can see. Questions? Call"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "keep_in_touch",
        ENGAGEMENT,
        MARKETING,
        "Keep in touch",
        PackMail(
            "Are your plans still there?",
            "We are there when you are ready",
            "A while ago we spoke about your plans. Perhaps it was not the right time.",
            "Has something changed, or do you have a question? Answer this email, and a person replies. There is no"
            " hurry: we are there when you are ready.",
        ),
        "{{ brand.name }}: a while ago we spoke about your plans. Questions, or ready to go on? Just answer. STOP ends"
        " these texts.",
    ),
    PackEntry(
        "keep_in_touch_year",
        ENGAGEMENT,
        MARKETING,
        "Keep in touch: a year later",
        PackMail(
            "A year ago we spoke",
            "Shall we look at it again?",
            "It is about a year since we spoke about your plans.",
            "Prices and possibilities have changed since. Shall we look at it again, without any obligation? Answer"
            " with “yes”, and we call you. This is our last email about it.",
        ),
        "{{ brand.name }}: a year ago we spoke about your plans. Shall we look at it again? Answer YES and we call you."
        " STOP ends these texts.",
    ),
]
DUTCH = [
    PackEntry(
        "document_checklist",
        OWN,
        TRANSACTIONAL,
        "Welke documenten we nodig hebben",
        PackMail(
            "De documenten die we van u nodig hebben",
            "Een korte lijst, en hoe u ze stuurt",
            "Om verder te gaan met uw opdracht hebben we documenten van u nodig.",
            "**Stuur ons alstublieft**\n\n- een kopie van uw paspoort of identiteitskaart\n- de papieren die we"
            " bespraken\n- wat u al van de overheid hebt\n\nBeantwoord deze e-mail met foto’s of scans; één voor één"
            " mag ook.",
        ),
        "{{ brand.name }}: we hebben documenten van u nodig om verder te gaan. Stuur ze per e-mail, of bel"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "documents_missing",
        OWN,
        TRANSACTIONAL,
        "Er ontbreken documenten",
        PackMail(
            "We missen nog documenten van u",
            "Zonder deze staat uw opdracht stil",
            "We hebben nog niet alle documenten ontvangen, en zonder deze staat uw opdracht stil.",
            "Kunt u er één niet vinden, of is iets niet duidelijk? Beantwoord deze e-mail of bel ons, dan helpen we.",
        ),
        "{{ brand.name }}: we missen nog documenten van u. Vragen? Bel {{ brand.phone }}.",
    ),
    PackEntry(
        "application_status",
        OWN,
        TRANSACTIONAL,
        "Hoe het met uw aanvraag staat",
        PackMail(
            "Hoe het met uw aanvraag staat",
            "U hoeft nu niets te doen",
            "Uw aanvraag ligt bij de overheid, en er is nog geen besluit.",
            "U hoeft niets te doen. Over twee weken vragen we weer, en zodra er nieuws is hoort u het.",
        ),
        "{{ brand.name }}: nog geen besluit over uw aanvraag. U hoeft niets te doen; wij houden het in de gaten.",
    ),
    PackEntry(
        "invoice_reminder",
        OWN,
        TRANSACTIONAL,
        "Factuur nog niet betaald",
        PackMail(
            "Een herinnering aan uw factuur",
            "Voor het geval het u is ontschoten",
            "Onze factuur voor opdracht {{ job.number }} is volgens onze administratie nog niet betaald.",
            "Hebt u intussen betaald? Dan hoeft u niets te doen. Klopt er iets niet, of wilt u in delen betalen?"
            " Beantwoord deze e-mail, dan kijken we er samen naar.",
        ),
        "{{ brand.name }}: onze factuur voor opdracht {{ job.number }} is volgens ons nog niet betaald. Vragen? Bel"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "keep_in_touch",
        ENGAGEMENT,
        MARKETING,
        "In contact blijven",
        PackMail(
            "Zijn uw plannen er nog?",
            "We staan klaar wanneer u dat bent",
            "Een tijdje geleden spraken we over uw plannen. Misschien was het niet het goede moment.",
            "Is er iets veranderd, of hebt u een vraag? Beantwoord deze e-mail, dan reageert een van ons. Er is geen"
            " haast: we staan klaar wanneer u dat bent.",
        ),
        "{{ brand.name }}: een tijdje geleden spraken we over uw plannen. Vragen, of wilt u verder? Antwoord gerust."
        " STOP beëindigt deze berichten.",
    ),
    PackEntry(
        "keep_in_touch_year",
        ENGAGEMENT,
        MARKETING,
        "In contact blijven: een jaar later",
        PackMail(
            "Een jaar geleden spraken we elkaar",
            "Zullen we er nog eens naar kijken?",
            "Het is ongeveer een jaar geleden dat we over uw plannen spraken.",
            "Prijzen en mogelijkheden zijn intussen veranderd. Zullen we er nog eens naar kijken, zonder verplichting?"
            " Antwoord met “ja”, dan bellen we u. Dit is onze laatste e-mail hierover.",
        ),
        "{{ brand.name }}: een jaar geleden spraken we over uw plannen. Zullen we er nog eens naar kijken? Antwoord JA"
        " en wij bellen u. STOP beëindigt deze berichten.",
    ),
]
TEXTS = TemplatePack("sequences", {"en": ENGLISH, "nl": DUTCH})
