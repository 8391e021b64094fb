"""The initial English templates, for any trade that quotes, visits and installs."""

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

GREETING = 'Hi {{ customer.first_name | default: "there" }},'
CALL = ("Call us", "tel:{{ brand.phone_link }}")
MEET = ("Confirm, or choose another time", '{{ appointment.link | default: "" }}')
JOIN = ("Join by video", '{{ appointment.meeting_link | default: "" }}')
NUMBER = ("Your number", "{{ job.number }}")
PLACE = ("Address", '{{ property.address | default: "" }}')
PRICE = ("Total", '{{ job.value | default: "" }}')
WHEN = (("Day", "{{ appointment.date }}"), ("Time", "{{ appointment.time }}"), PLACE)

ENTRIES = [
    PackEntry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "New order confirmed",
        PackMail(
            "Your order {{ job.number }} is in good hands",
            "What happens next, and who to ask",
            "Thank you for your order. We have everything we need to begin.",
            "**What happens next**\n\n1. We order what your job needs.\n2. We call you to agree on a day that suits"
            " you.\n3. You get a reminder the day before we come.\n\nIs something below not right? Answer this email"
            " and we change it.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
    ),
    PackEntry(
        "quote_notification",
        ORDER,
        TRANSACTIONAL,
        "Quote is ready",
        PackMail(
            "Your quote from {{ brand.name }} is ready",
            "What it covers, and how to say yes",
            "Your quote is ready. It holds the work as we talked it through, with nothing hidden in small print.",
            "Take your time. If a line is unclear, or you would rather spread the work over two seasons, answer this"
            " email and I will go through it with you.\n\nTo go ahead, a plain “yes” by reply is enough. We then book"
            " your place.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
        "Hi {{ customer.first_name }}, your quote from {{ brand.name }} is in your email. Questions? Just answer here"
        " or call {{ brand.phone }}.",
    ),
    PackEntry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Work is scheduled",
        PackMail(
            "We are coming on {{ appointment.date }}",
            "{{ appointment.time }}, and what to have ready",
            "Your appointment is booked.",
            "**Please have ready**\n\n- room to park a van close by\n- the way to the work free of cars and plants\n"
            "- somebody of age at home when we arrive\n\nDoes the day not suit you after all? Tell us before noon on"
            " the day before, and we find another one.",
            WHEN,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: we come on {{ appointment.date }} at {{ appointment.time }}. Need another day? Call"
        " {{ brand.phone }}.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, your appointment with {{ brand.name }} is on {{ appointment.date }} at"
            " {{ appointment.time }}. Does that still suit you?",
            footer="We answer here on working days",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "completion_thank_you",
        ORDER,
        TRANSACTIONAL,
        "Work is done",
        PackMail(
            "Your job is done, thank you",
            "Papers, warranty, and who to call later",
            "The work is finished and checked. Thank you for having us.",
            "Keep this email: the number below is how we find your papers and your warranty, also in ten years.\n\n"
            "Do you see something that is not as it should be? Tell us now rather than later, and we come back.",
            (NUMBER, PLACE),
            (CALL,),
        ),
    ),
    PackEntry(
        "hold_notification",
        ORDER,
        TRANSACTIONAL,
        "Job is on hold",
        PackMail(
            "Your job {{ job.number }} is on hold for now",
            "Why nothing moves, and what starts it again",
            "We have to pause your job for a moment. Your place and your price stay as they are.",
            "Most often we wait for a delivery, a permit or a word from you. We look at it every week, and you hear"
            " from us as soon as it moves, or after two weeks in any case.",
            (NUMBER, ("Where it stands", '{{ job.status | default: "" }}')),
            (CALL,),
        ),
        "{{ brand.name }}: job {{ job.number }} is on hold for now. Your place and price stay. Questions? Call"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "appointment_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the appointment",
        PackMail(
            "Reminder: {{ appointment.date }}, {{ appointment.time }}",
            "We look forward to seeing you",
            "A short reminder of our appointment.",
            "Does that still suit you? Confirm it with one click, or choose another time, so that somebody else can"
            " have yours.",
            WHEN,
            (MEET, JOIN, CALL),
        ),
        "Reminder from {{ brand.name }}: {{ appointment.date }}, {{ appointment.time }}. Reply C to confirm, R for"
        " another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: {{ brand.name }} comes on {{ appointment.date }} at"
            " {{ appointment.time }}. See you then!",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "appointment_changed",
        APPOINTMENT,
        TRANSACTIONAL,
        "Appointment at another time",
        PackMail(
            "New time: {{ appointment.date }}, {{ appointment.time }}",
            "Your appointment has moved",
            "Your appointment has another time now.",
            "The calendar file with this email moves it in your calendar, too. Does the new time not suit you? Choose"
            " another one, or call us.",
            WHEN,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: your appointment is now on {{ appointment.date }} at {{ appointment.time }}. Reply C to"
        " confirm, R for another time.",
    ),
    PackEntry(
        "appointment_cancelled",
        APPOINTMENT,
        TRANSACTIONAL,
        "Appointment cancelled",
        PackMail(
            "Cancelled: {{ appointment.date }}, {{ appointment.time }}",
            "Nobody comes then",
            "The appointment below is cancelled. Nobody comes then.",
            "The calendar file with this email takes it out of your calendar. For another day, answer this email or"
            " call us.",
            WHEN,
            (CALL,),
        ),
        "{{ brand.name }}: your appointment on {{ appointment.date }} at {{ appointment.time }} is cancelled."
        " Questions? Call {{ brand.phone }}.",
    ),
    PackEntry(
        "on_the_way",
        APPOINTMENT,
        TRANSACTIONAL,
        "On the way",
        sms="{{ sender.first_name }} of {{ brand.name }} is on the way to you and arrives within the hour.",
        whatsapp=WhatsAppText(
            "Hi {{ customer.first_name }}, {{ sender.first_name }} of {{ brand.name }} is on the way and arrives"
            " within the hour.",
        ),
    ),
    PackEntry(
        "new_date",
        APPOINTMENT,
        TRANSACTIONAL,
        "We need another day",
        sms="{{ brand.name }}: we cannot come as planned and are sorry. New date: {{ appointment.date }},"
        " {{ appointment.time }}. Does it suit you? Just answer here.",
        whatsapp=WhatsAppText(
            "Hi {{ customer.first_name }}, we cannot come as planned and are sorry. Could we come on"
            " {{ appointment.date }} at {{ appointment.time }} instead?",
            buttons=("That works", "Please call me"),
        ),
    ),
    PackEntry(
        "urgent_update",
        APPOINTMENT,
        TRANSACTIONAL,
        "Urgent: please call",
        sms="{{ brand.name }}, urgent about job {{ job.number }}: please call {{ brand.phone }} today.",
    ),
    PackEntry(
        "payment_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Payment reminder",
        PackMail(
            "A friendly reminder about your invoice",
            "In case it slipped through",
            "Our invoice for job {{ job.number }} is still open. It may have slipped through; that happens.",
            "Has the payment crossed this email? Then please forget about it. If something about the invoice is not"
            " right, answer this email and we look at it together.",
            (NUMBER, PRICE),
            (CALL,),
        ),
        whatsapp=WhatsAppText(
            "Hi {{ customer.first_name }}, a friendly reminder: our invoice for job {{ job.number }} is still open."
            " Is something not right with it? Just answer here.",
        ),
    ),
    PackEntry(
        "welcome",
        ENGAGEMENT,
        SERVICE,
        "Welcome",
        PackMail(
            "Welcome to {{ brand.name }}",
            "Who looks after you, and how to reach us",
            "Good to have you with us. I look after your project from the first visit to the last bill.",
            "The quickest way to reach us is to answer this email, or to call. You never have to explain your story"
            " twice: everybody here sees what was agreed.",
            (("Your contact", '{{ sender.name | default: "" }}'), ("Telephone", "{{ brand.phone }}")),
            (CALL,),
        ),
    ),
    PackEntry(
        "survey_invitation",
        ENGAGEMENT,
        SERVICE,
        "How did we do?",
        PackMail(
            "How did we do, {{ customer.first_name }}?",
            "One number is enough",
            "A week ago we finished your job. How was it, from 1 (never again) to 5 (gladly again)?",
            "One click and one number, or answer this email. A sentence about what we should do better is worth even"
            " more to us: a person reads every answer, good or bad.",
            buttons=(("Say how it was", "{{ survey.link }}"),),
        ),
    ),
    PackEntry(
        "product_information",
        ENGAGEMENT,
        MARKETING,
        "Product information",
        PackMail(
            "Worth knowing: what else we do",
            "Three things customers ask us about most",
            "Three things customers ask us about most, in case one is on your mind.",
            "- **A yearly check** finds small things while they are small.\n- **A care plan** spreads the cost and"
            " puts you first in line.\n- **An extension** later on, at the terms of your first job.\n\nAnswer this"
            " email for a price without any obligation.",
            buttons=(CALL,),
        ),
    ),
    PackEntry(
        "maintenance_reminder",
        ENGAGEMENT,
        MARKETING,
        "Yearly check-up",
        PackMail(
            "Time for your yearly check-up",
            "Half an hour now saves a repair later",
            "It is a year since we were with you. A check takes half an hour and keeps your warranty in good order.",
            "Answer with two days that suit you, and we confirm one of them.",
            (PLACE,),
            (CALL,),
        ),
        "{{ brand.name }}: it is a year since our work for you. Time for a check? Answer YES and we call you. STOP"
        " ends these texts.",
    ),
    PackEntry(
        "partner_order_notification",
        PARTNER,
        TRANSACTIONAL,
        "Partner: new order",
        PackMail(
            "New order {{ job.number }} through you",
            "What we do next, and what we need from you",
            "Thank you for passing this customer on. We have called them, or will within one working day.",
            "You need do nothing more. We tell you when the work is booked and when it is done.",
            (("Order", "{{ job.number }}"), ("Customer", "{{ customer.name }}"), PLACE),
            greeting="Hello,",
        ),
    ),
    PackEntry(
        "partner_status_update",
        PARTNER,
        SERVICE,
        "Partner: where it stands",
        PackMail(
            "Order {{ job.number }}: {{ job.status }}",
            "Where your customer’s job stands",
            "A short word on your customer’s job.",
            "Questions come to us, never to your customer: answer this email.",
            (
                ("Order", "{{ job.number }}"),
                ("Stands at", "{{ job.status }}"),
                ("Next", '{{ job.next_step | default: "" }}'),
            ),
            greeting="Hello,",
        ),
    ),
    PackEntry(
        "partner_commission_statement",
        PARTNER,
        SERVICE,
        "Partner: commission statement",
        PackMail(
            "Your commission statement of {{ today.date }}",
            "Order {{ job.number }}",
            "The order below is paid, so your commission is due.",
            "We pay it out with the next run, on the account you gave us. Please check the amount the work was sold"
            " at; your rate is in our agreement.",
            (("Order", "{{ job.number }}"), ("Customer", "{{ customer.name }}"), ("Sold at", "{{ job.value }}")),
            greeting="Hello,",
        ),
    ),
    PackEntry(
        "partner_performance_report",
        PARTNER,
        SERVICE,
        "Partner: how it went",
        PackMail(
            "How your customers’ jobs went",
            "As of {{ today.date }}",
            "Here is how the customers you sent us are doing. The list is attached.",
            "Two things help both of us most: a telephone number that is right, and a word to the customer that we"
            " will call. Both halve the time to the first visit.",
            greeting="Hello,",
        ),
    ),
    PackEntry(
        "quote_follow_up",
        OWN,
        TRANSACTIONAL,
        "After the quote",
        PackMail(
            "Any questions about your quote?",
            "We are glad to go through it with you",
            "A few days ago you got our quote. Is anything unclear, or is something missing?",
            "Answer this email with your question, or with a time that suits you for a call. If you have decided"
            " against it, a short “no” helps us too, and we will not ask again.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
        "Hi {{ customer.first_name }}, any questions about your quote from {{ brand.name }}? Just answer here or call"
        " {{ brand.phone }}.",
    ),
    PackEntry(
        "checking_in",
        OWN,
        TRANSACTIONAL,
        "We wait for your answer",
        PackMail(
            "We are waiting for a word from you",
            "One line is enough",
            "We wrote to you and have not heard back, so your work stands still for now.",
            "Answer this email in a line, or call us. If it no longer matters, tell us so and we close it.",
            (NUMBER,),
            (CALL,),
        ),
        "Hi {{ customer.first_name }}, {{ brand.name }} here: we are waiting for a word from you. Just answer here or"
        " call {{ brand.phone }}.",
    ),
    PackEntry(
        "decline",
        OWN,
        TRANSACTIONAL,
        "Not a job for us",
        PackMail(
            "About your request {{ job.number }}",
            "Thank you for thinking of us",
            "Thank you for asking us. We have looked at your request and it is not something we can do well.",
            "We would rather say so now than keep you waiting. If your plans change, or there is something else we can"
            " do for you, answer this email or call us.",
            (),
            (CALL,),
        ),
        "Hi {{ customer.first_name }}, thank you for asking {{ brand.name }}. This is not something we can do well, and"
        " we would rather say so now. Anything else? Just answer here.",
    ),
]
