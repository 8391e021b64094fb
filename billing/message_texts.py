"""Message templates about invoices and payments, in English and Dutch."""

from comms.library.packs.pack_entries import ORDER, TRANSACTIONAL, PackEntry, PackMail

ENGLISH = [
    PackEntry(
        "invoice_issued",
        ORDER,
        TRANSACTIONAL,
        "Invoice",
        PackMail(
            "Invoice {{ invoice.number }}: {{ invoice.total }}",
            "Please pay it by {{ invoice.due_day }}",
            "here is your invoice {{ invoice.number }} for “{{ invoice.title }}”. "
            "**{{ invoice.open }}** is open; please pay it by {{ invoice.due_day }}.",
            "You can pay to: {{ invoice.account }}.\n\nAnswer this mail if something is not right.",
        ),
    ),
    PackEntry(
        "payment_received",
        ORDER,
        TRANSACTIONAL,
        "Payment received",
        PackMail(
            "Thank you, we received {{ invoice.amount }}",
            "Your payment is here",
            "thank you: we received your payment of **{{ invoice.amount }}** for invoice {{ invoice.number }}.",
            "Answer this mail if something is not right.",
        ),
    ),
    PackEntry(
        "payment_reminder",
        ORDER,
        TRANSACTIONAL,
        "Payment reminder, friendly",
        PackMail(
            "A reminder: invoice {{ invoice.number }}",
            "{{ invoice.open }} was due on {{ invoice.due_day }}",
            "invoice {{ invoice.number }} was due on {{ invoice.due_day }}, and **{{ invoice.open }}** is still open. "
            "Perhaps it slipped through.",
            "You can pay to: {{ invoice.account }}.\n\n"
            "If you have paid already, thank you, and please ignore this. "
            "Answer this mail if you can’t pay now or something is not right.",
        ),
        "{{ brand.name }}: {{ invoice.open }} of invoice {{ invoice.number }} is still open. Questions? Just reply.",
    ),
    PackEntry(
        "payment_second_reminder",
        ORDER,
        TRANSACTIONAL,
        "Payment reminder, second",
        PackMail(
            "Invoice {{ invoice.number }} is overdue",
            "{{ invoice.open }} was due on {{ invoice.due_day }}",
            "**{{ invoice.open }}** of invoice {{ invoice.number }} is overdue; it was due on {{ invoice.due_day }}. "
            "Please pay it this week.",
            "You can pay to: {{ invoice.account }}.\n\n"
            "If you can’t pay it at once, tell us by when you can: then we send no more reminders until that day.",
        ),
        "{{ brand.name }}: {{ invoice.open }} of invoice {{ invoice.number }} was due on {{ invoice.due_day }}. "
        "Please pay, or reply by when you can.",
    ),
    PackEntry(
        "payment_request",
        ORDER,
        TRANSACTIONAL,
        "Payment request",
        PackMail(
            "Please pay {{ invoice.open }} of invoice {{ invoice.number }}",
            "You can pay it online",
            "**{{ invoice.open }}** of invoice {{ invoice.number }} is open. You can pay it on your page.",
            "Answer this mail if something is not right.",
            buttons=(("Pay", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: {{ invoice.open }} of invoice {{ invoice.number }} is open. Pay here: {{ portal.link }}",
    ),
    PackEntry(
        "payment_parts",
        ORDER,
        TRANSACTIONAL,
        "Payment in parts",
        PackMail(
            "Invoice {{ invoice.number }} in parts",
            "As we agreed",
            "you can pay invoice {{ invoice.number }} in parts, as we agreed: {{ invoice.parts }}.",
            "You can pay to: {{ invoice.account }}.\n\nAnswer this mail if something is not right.",
        ),
    ),
]
DUTCH = [
    PackEntry(
        "invoice_issued",
        ORDER,
        TRANSACTIONAL,
        "Factuur",
        PackMail(
            "Factuur {{ invoice.number }}: {{ invoice.total }}",
            "Graag betalen voor {{ invoice.due_day }}",
            "hier is je factuur {{ invoice.number }} voor “{{ invoice.title }}”. "
            "Er staat **{{ invoice.open }}** open; betaal graag uiterlijk {{ invoice.due_day }}.",
            "Je kunt betalen op: {{ invoice.account }}.\n\nAntwoord op deze mail als er iets niet klopt.",
        ),
    ),
    PackEntry(
        "payment_received",
        ORDER,
        TRANSACTIONAL,
        "Betaling ontvangen",
        PackMail(
            "Bedankt, we hebben {{ invoice.amount }} ontvangen",
            "Je betaling is binnen",
            "bedankt: we hebben je betaling van **{{ invoice.amount }}** voor factuur {{ invoice.number }} ontvangen.",
            "Antwoord op deze mail als er iets niet klopt.",
        ),
    ),
    PackEntry(
        "payment_reminder",
        ORDER,
        TRANSACTIONAL,
        "Betalingsherinnering, vriendelijk",
        PackMail(
            "Herinnering: factuur {{ invoice.number }}",
            "{{ invoice.open }} moest op {{ invoice.due_day }} betaald zijn",
            "factuur {{ invoice.number }} moest op {{ invoice.due_day }} betaald zijn, en **{{ invoice.open }}** staat "
            "nog open. Misschien is het erdoor geglipt.",
            "Je kunt betalen op: {{ invoice.account }}.\n\n"
            "Heb je al betaald, dan bedankt en hoef je niets te doen. "
            "Antwoord op deze mail als je nu niet kunt betalen of als er iets niet klopt.",
        ),
        "{{ brand.name }}: van factuur {{ invoice.number }} staat nog {{ invoice.open }} open. Vragen? Antwoord dan.",
    ),
    PackEntry(
        "payment_second_reminder",
        ORDER,
        TRANSACTIONAL,
        "Betalingsherinnering, tweede",
        PackMail(
            "Factuur {{ invoice.number }} is te laat",
            "{{ invoice.open }} moest op {{ invoice.due_day }} betaald zijn",
            "van factuur {{ invoice.number }} is **{{ invoice.open }}** te laat; het moest op {{ invoice.due_day }} "
            "betaald zijn. Betaal het graag deze week.",
            "Je kunt betalen op: {{ invoice.account }}.\n\n"
            "Kun je niet meteen betalen, vertel ons dan wanneer wel: tot die dag sturen we geen herinneringen meer.",
        ),
        "{{ brand.name }}: {{ invoice.open }} van factuur {{ invoice.number }} moest op {{ invoice.due_day }} betaald "
        "zijn. Betaal graag, of antwoord wanneer het lukt.",
    ),
    PackEntry(
        "payment_request",
        ORDER,
        TRANSACTIONAL,
        "Betaalverzoek",
        PackMail(
            "Graag {{ invoice.open }} van factuur {{ invoice.number }} betalen",
            "Je kunt online betalen",
            "van factuur {{ invoice.number }} staat **{{ invoice.open }}** open. Je kunt het op je pagina betalen.",
            "Antwoord op deze mail als er iets niet klopt.",
            buttons=(("Betalen", "{{ portal.link }}"),),
        ),
        "{{ brand.name }}: van factuur {{ invoice.number }} staat {{ invoice.open }} open. Betaal hier: "
        "{{ portal.link }}",
    ),
    PackEntry(
        "payment_parts",
        ORDER,
        TRANSACTIONAL,
        "Betaling in delen",
        PackMail(
            "Factuur {{ invoice.number }} in delen",
            "Zoals afgesproken",
            "u kunt factuur {{ invoice.number }} in delen betalen, zoals afgesproken: {{ invoice.parts }}.",
            "U kunt betalen op: {{ invoice.account }}.\n\nAntwoord op deze mail als er iets niet klopt.",
        ),
    ),
]
