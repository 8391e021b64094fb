"""Templates of messages about quotes, in English and Dutch, and the variables that they are given."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.pack_entries import ORDER, SERVICE, TRANSACTIONAL, PackEntry, PackMail, TemplatePack
from comms.library.variables import TemplateVariable

SENT = "quote_sent"
SORRY = "quote_declined"
APPROVED = "contract_approved"
RETURNED = "contract_returned"

ENGLISH = [
    PackEntry(
        SENT,
        ORDER,
        TRANSACTIONAL,
        "Quote: here is our price",
        PackMail(
            "Quote {{ quote.number }}: {{ quote.title }}",
            "{{ quote.title }}, {{ quote.total }}",
            "Here is our quote for {{ quote.title }}.",
            "Open it to see every line, take off what you don’t need, ask us anything, and accept it.",
            (("Price", "{{ quote.total }}"), ("Good until", "{{ quote.until }}")),
            (("See the quote", "{{ quote.link }}"),),
        ),
        "{{ brand.name }}: your quote {{ quote.number }}, {{ quote.total }}, good until {{ quote.until }}:"
        " {{ quote.link }}",
    ),
    PackEntry(
        SORRY,
        ORDER,
        SERVICE,
        "Quote declined: thank you for telling us",
        PackMail(
            "Thank you for telling us",
            "We are sorry that it didn’t suit you.",
            "Thank you for telling us, and we are sorry that quote {{ quote.number }} didn’t suit you.",
            "If anything changes, or we can do something differently, just answer this email.",
        ),
        "{{ brand.name }}: thank you for telling us. We are sorry that the quote didn’t suit you. If anything changes,"
        " just answer.",
    ),
    PackEntry(
        APPROVED,
        ORDER,
        TRANSACTIONAL,
        "Contract approved: it is agreed",
        PackMail(
            "We confirm: {{ quote.title }}",
            "We have checked the contract of quote {{ quote.number }}. It is agreed.",
            "Good news: we have checked the contract that you signed for {{ quote.title }}, and we confirm it.",
            "It is agreed. On your page you see what happens next.",
            (("Price", "{{ quote.total }}"),),
            (("See the contract", "{{ quote.link }}"),),
        ),
        "{{ brand.name }}: we confirm the contract of quote {{ quote.number }}, {{ quote.total }}. What happens next:"
        " {{ quote.link }}",
    ),
    PackEntry(
        RETURNED,
        ORDER,
        TRANSACTIONAL,
        "Contract returned: a new version follows",
        PackMail(
            "About quote {{ quote.number }}: we need to change something",
            "We can’t confirm the contract as it is.",
            "We have checked the contract that you signed for {{ quote.title }}. We are sorry: we can’t confirm it as"
            " it is.",
            "The reason: {{ quote.reason }} Your signature no longer binds you, and you owe nothing for it. We send you"
            " a new version of the quote.",
            (),
            (("See the quote", "{{ quote.link }}"),),
        ),
        "{{ brand.name }}: we can’t confirm the contract of quote {{ quote.number }} as it is. {{ quote.reason }} Your"
        " signature no longer binds you; we send you a new version. {{ quote.link }}",
    ),
]
DUTCH = [
    PackEntry(
        SENT,
        ORDER,
        TRANSACTIONAL,
        "Offerte: dit is onze prijs",
        PackMail(
            "Offerte {{ quote.number }}: {{ quote.title }}",
            "{{ quote.title }}, {{ quote.total }}",
            "Hier is onze offerte voor {{ quote.title }}.",
            "Open de offerte om elke regel te zien, weg te laten wat je niet nodig hebt, iets te vragen, en akkoord te"
            " gaan.",
            (("Prijs", "{{ quote.total }}"), ("Geldig tot", "{{ quote.until }}")),
            (("De offerte bekijken", "{{ quote.link }}"),),
        ),
        "{{ brand.name }}: je offerte {{ quote.number }}, {{ quote.total }}, geldig tot {{ quote.until }}:"
        " {{ quote.link }}",
    ),
    PackEntry(
        SORRY,
        ORDER,
        SERVICE,
        "Offerte afgewezen: bedankt voor je antwoord",
        PackMail(
            "Bedankt voor je antwoord",
            "Jammer dat het niet paste.",
            "Bedankt voor je antwoord. Jammer dat offerte {{ quote.number }} niet bij je paste.",
            "Verandert er iets, of kunnen we iets anders doen? Beantwoord dan gerust deze e-mail.",
        ),
        "{{ brand.name }}: bedankt voor je antwoord. Jammer dat de offerte niet paste. Verandert er iets? Antwoord"
        " gerust.",
    ),
    PackEntry(
        APPROVED,
        ORDER,
        TRANSACTIONAL,
        "Contract goedgekeurd: het is afgesproken",
        PackMail(
            "We bevestigen: {{ quote.title }}",
            "We hebben het contract van offerte {{ quote.number }} gecontroleerd. Het is afgesproken.",
            "Goed nieuws: we hebben het contract dat je tekende voor {{ quote.title }} gecontroleerd, en we bevestigen"
            " het.",
            "Het is afgesproken. Op je pagina zie je wat er nu gebeurt.",
            (("Prijs", "{{ quote.total }}"),),
            (("Het contract bekijken", "{{ quote.link }}"),),
        ),
        "{{ brand.name }}: we bevestigen het contract van offerte {{ quote.number }}, {{ quote.total }}. Wat er nu"
        " gebeurt: {{ quote.link }}",
    ),
    PackEntry(
        RETURNED,
        ORDER,
        TRANSACTIONAL,
        "Contract teruggestuurd: er komt een nieuwe versie",
        PackMail(
            "Over offerte {{ quote.number }}: we moeten iets aanpassen",
            "We kunnen het contract zo niet bevestigen.",
            "We hebben het contract dat je tekende voor {{ quote.title }} gecontroleerd. Het spijt ons: we kunnen het"
            " zo niet bevestigen.",
            "De reden: {{ quote.reason }} Je handtekening bindt je niet meer, en je bent er niets voor verschuldigd. We"
            " sturen je een nieuwe versie van de offerte.",
            (),
            (("De offerte bekijken", "{{ quote.link }}"),),
        ),
        "{{ brand.name }}: we kunnen het contract van offerte {{ quote.number }} zo niet bevestigen. {{ quote.reason }}"
        " Je handtekening bindt je niet meer; we sturen een nieuwe versie. {{ quote.link }}",
    ),
]
PACK = TemplatePack("quotes", {"en": ENGLISH, "nl": DUTCH})
# Given by what sends the message; a template of anything else has none.
VARIABLES = [
    TemplateVariable(name="quote.number", words=_("Number of the quote"), example="Q-2318", value=lambda subject: ""),
    TemplateVariable(
        name="quote.title", words=_("Title of the quote"), example="Your new roof", value=lambda subject: ""
    ),
    TemplateVariable(name="quote.total", words=_("Total of the quote"), example="$18,400", value=lambda subject: ""),
    TemplateVariable(
        name="quote.until", words=_("Last day of the quote"), example="June 3, 2026", value=lambda subject: ""
    ),
    TemplateVariable(
        name="quote.reason",
        words=_("Why the contract was returned"),
        example="The deck needs more boards.",
        value=lambda subject: "",
    ),
    TemplateVariable(
        name="quote.link",
        words=_("Link to the quote"),
        example="https://my.example/q/…",
        value=lambda subject: "",
    ),
]
