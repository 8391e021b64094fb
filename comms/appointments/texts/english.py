"""Default appointment templates in English."""

from comms.library.packs.english import CALL, JOIN, MEET, WHEN
from comms.library.packs.pack_entries import APPOINTMENT, TRANSACTIONAL, PackEntry, PackMail, WhatsAppText

WHAT = (("What", "{{ appointment.what }}"), *WHEN)
CLOCK = (("Day", "{{ appointment.date }}"), ("Time", "{{ appointment.time }}"))

ENTRIES = [
    PackEntry(
        "appointment_question",
        APPOINTMENT,
        TRANSACTIONAL,
        "Does this time suit you?",
        PackMail(
            "Does {{ appointment.date }}, {{ appointment.time }} suit you?",
            "We hold it until {{ appointment.held_until }}",
            "Does the time below suit you? We hold it for you until {{ appointment.held_until }}.",
            "Take it with one click, or choose another one. Without an answer nothing changes.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: does {{ appointment.date }} at {{ appointment.time }} suit you? We hold it until"
        " {{ appointment.held_until }}. Reply C to take it, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, does {{ appointment.date }} at {{ appointment.time }} suit you for our"
            " appointment? {{ brand.name }} holds it until {{ appointment.held_until }}.",
            buttons=("Yes, that works", "I need another day"),
        ),
    ),
    PackEntry(
        "appointment_booked",
        APPOINTMENT,
        TRANSACTIONAL,
        "Appointment booked",
        PackMail(
            "{{ appointment.what }}: {{ appointment.date }}, {{ appointment.time }}",
            "When it is, and how to change it",
            "Your appointment is booked.",
            "You get a reminder before it. Does the time not suit you after all? Choose another one, or call us.",
            WHAT,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: {{ appointment.what }} on {{ appointment.date }} at"
        " {{ appointment.time }}. Reply C to confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, your appointment with {{ brand.name }} is booked:"
            " {{ appointment.what }} on {{ appointment.date }} at {{ appointment.time }}. Does that suit"
            " you?",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "inspection_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Inspection booked",
        PackMail(
            "We come to have a look on {{ appointment.date }}",
            "{{ appointment.time }}, about an hour",
            "We come to look at what you would like done.",
            "It takes about an hour, and nothing is begun that day. Please let us reach the place it is"
            " about, and have photos or papers at hand if there are any.\n\nAfter it you get a price in"
            " writing. Does the time not suit you after all? Choose another one, or call us.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: we come to have a look on {{ appointment.date }} at"
        " {{ appointment.time }}, about an hour. Reply C to confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, {{ brand.name }} comes to have a look on"
            " {{ appointment.date }} at {{ appointment.time }}. It takes about an hour. Does that suit you?",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "inspection_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the inspection",
        PackMail(
            "Reminder: we have a look on {{ appointment.date }}, {{ appointment.time }}",
            "About an hour",
            "A short reminder: we come to have a look.",
            "Please let us reach the place it is about. Does the time still suit you? Confirm it with one"
            " click, or choose another one.",
            WHEN,
            (MEET, CALL),
        ),
        "Reminder from {{ brand.name }}: we come to have a look on {{ appointment.date }} at"
        " {{ appointment.time }}. Reply C to confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: {{ brand.name }} comes to have a look on"
            " {{ appointment.date }} at {{ appointment.time }}. See you then!",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "work_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the work",
        PackMail(
            "Reminder: the work begins on {{ appointment.date }}",
            "{{ appointment.time }}, and what to have ready",
            "A short reminder: we come to do the work.",
            "**Please have ready**\n\n- room to park a van close by\n- the way to the work free of cars"
            " and plants\n- somebody of age at home when we arrive\n\nDoes the day not suit you any more?"
            " Choose another one now, or call us.",
            WHEN,
            (MEET, CALL),
        ),
        "Reminder from {{ brand.name }}: we come to do the work on {{ appointment.date }} at"
        " {{ appointment.time }}. Please keep the way free. Reply C to confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: {{ brand.name }} comes to do the work on"
            " {{ appointment.date }} at {{ appointment.time }}. Please keep the way free. See you then!",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "walkthrough_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Final walkthrough booked",
        PackMail(
            "We walk through the work with you on {{ appointment.date }}",
            "{{ appointment.time }}, three quarters of an hour",
            "The work is done, and we would like to walk through it with you.",
            "It takes three quarters of an hour. Note what you would like to ask or see put right, and we"
            " write it down together.\n\nDoes the time not suit you after all? Choose another one, or"
            " call us.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: we walk through the finished work with you on {{ appointment.date }} at"
        " {{ appointment.time }}. Reply C to confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, {{ brand.name }} walks through the finished work with you on"
            " {{ appointment.date }} at {{ appointment.time }}. Does that suit you?",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "call_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Call booked",
        PackMail(
            "We talk on {{ appointment.date }}, {{ appointment.time }}",
            "Nobody comes by: keep your telephone close",
            "Your call with us is booked.",
            "Nobody comes by: {% if appointment.meeting_link %}we meet by video, with the button below{% else %}we call"
            " you{% endif %}. Have photos and papers at hand if there are any.\n\nDoes the time not suit you after all?"
            " Choose another one.",
            CLOCK,
            (MEET, JOIN, CALL),
        ),
        "{{ brand.name }}: {% if appointment.meeting_link %}we meet by video{% else %}we call you{% endif %} on"
        " {{ appointment.date }} at {{ appointment.time }}. Reply C to confirm, R for another time."
        "{% if appointment.meeting_link %} Join here: {{ appointment.meeting_link }}{% endif %}",
        WhatsAppText(
            "Hi {{ customer.first_name }}, {{ brand.name }} calls you on {{ appointment.date }} at"
            " {{ appointment.time }}. Does that suit you?",
            buttons=("Yes, that works", "I need another day"),
        ),
    ),
    PackEntry(
        "call_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the call",
        PackMail(
            "Reminder: we talk on {{ appointment.date }}, {{ appointment.time }}",
            "Keep your telephone close",
            "A short reminder of our call.",
            "Does the time still suit you? Confirm it with one click, or choose another one.",
            CLOCK,
            (MEET, JOIN, CALL),
        ),
        "Reminder from {{ brand.name }}: {% if appointment.meeting_link %}we meet by video{% else %}we call"
        " you{% endif %} on {{ appointment.date }} at {{ appointment.time }}. Reply C to confirm, R for another time."
        "{% if appointment.meeting_link %} Join here: {{ appointment.meeting_link }}{% endif %}",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: {{ brand.name }} calls you on"
            " {{ appointment.date }} at {{ appointment.time }}.",
            buttons=("Yes, that works", "I need another day"),
        ),
    ),
]
