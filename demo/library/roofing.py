"""Templates of Suncoast Roofing: what the general pack says otherwise for roofs in Florida."""

from comms.library.packs.english import CALL, MEET, NUMBER, PLACE, PRICE, WHEN
from comms.library.packs.pack_entries import (
    APPOINTMENT,
    ENGAGEMENT,
    MARKETING,
    ORDER,
    SERVICE,
    TRANSACTIONAL,
    Category,
    PackEntry,
    PackMail,
    WhatsAppText,
)

ENGLISH = [
    PackEntry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "New roof confirmed",
        PackMail(
            "Your new roof at {{ property.street }}: what happens next",
            "Permit, materials, and the day the crew comes",
            "Thank you for trusting us with your roof. Your contract is signed and your place in the schedule is held.",
            "**What happens next**\n\n1. We file the permit with the city. That takes five to ten working days.\n"
            "2. Shingles, underlayment and drip edge are ordered in the colours you chose.\n3. We call you with a crew"
            " date. Rain moves it; your price stays.\n\nAnything below not right? Answer this email and we change it.",
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
            "Your roof quote for {{ property.street }}",
            "Three options, one page, no small print",
            "Your quote is ready. It covers tear-off, dry-in, the shingles we looked at together, and hauling"
            " everything away.",
            "Wood we find rotten under the old roof is priced by the sheet, in the quote, so there is no surprise on"
            " the day.\n\nIs insurance paying? Send me the adjuster’s scope and I will line the two up for you. To go"
            " ahead, a plain “yes” by reply is enough.",
            (NUMBER, PLACE, PRICE),
            (CALL,),
        ),
        "Hi {{ customer.first_name }}, your roof quote from {{ brand.name }} is in your email. Questions? Answer here"
        " or call {{ brand.phone }}.",
    ),
    PackEntry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Crew is scheduled",
        PackMail(
            "The crew comes on {{ appointment.date }}",
            "{{ appointment.time }}: cars, pets and attic, in three lines",
            "Your crew is booked.",
            "**Please, before they come**\n\n- move the cars off the drive: the dump trailer stands there\n- bring"
            " pets inside; it is loud for two days\n- cover what stands in the attic, old roofs shed grit\n\nWe run a"
            " magnet over the yard each evening. If rain is due we call you by 6 in the morning.",
            WHEN,
            (CALL,),
        ),
        "{{ brand.name }}: the crew comes on {{ appointment.date }} at {{ appointment.time }}. Please keep the drive"
        " free. Questions? {{ brand.phone }}",
        WhatsAppText(
            "Hi {{ customer.first_name }}, the {{ brand.name }} crew comes on {{ appointment.date }} at"
            " {{ appointment.time }}. Please keep the drive free for the trailer. Does that suit you?",
            footer="Rain moves the day, never the price",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "inspection_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Roof inspection booked",
        PackMail(
            "Your roof inspection: {{ appointment.date }}, {{ appointment.time }}",
            "About an hour, with photos to show you afterwards",
            "We come to look at your roof: from the ladder, from the attic, and with a camera.",
            "It takes about an hour and you stay on the ground. Please clear the way to the attic hatch and keep dogs"
            " inside. Is insurance paying? Have the claim number at hand.\n\nThe same day you get the photos, and"
            " within"
            " two days a quote. Does the time not suit you after all? Choose another one, or call us.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: roof inspection on {{ appointment.date }} at {{ appointment.time }}, about an hour. Reply"
        " C to"
        " confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, {{ brand.name }} looks at your roof on {{ appointment.date }} at"
            " {{ appointment.time }}. It takes about an hour. Does that suit you?",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "inspection_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the roof inspection",
        PackMail(
            "Reminder: roof inspection on {{ appointment.date }}, {{ appointment.time }}",
            "About an hour; the way to the attic free",
            "A short reminder: we come to look at your roof.",
            "Please clear the way to the attic hatch and keep dogs inside. Does the time still suit you? Confirm it"
            " with"
            " one click, or choose another one.",
            WHEN,
            (MEET, CALL),
        ),
        "Reminder from {{ brand.name }}: roof inspection on {{ appointment.date }} at {{ appointment.time }}. Reply"
        " C to"
        " confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: {{ brand.name }} looks at your roof on {{ appointment.date }} at"
            " {{ appointment.time }}. See you then!",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "work_reminder",
        APPOINTMENT,
        TRANSACTIONAL,
        "Reminder of the crew",
        PackMail(
            "Reminder: the crew comes on {{ appointment.date }}",
            "{{ appointment.time }}: cars, pets and attic",
            "A short reminder: the crew comes to your roof.",
            "**Please, before they come**\n\n- move the cars off the drive: the dump trailer stands there\n- bring pets"
            " inside\n- cover what stands in the attic\n\nIf rain is due we call you by 6 in the morning.",
            WHEN,
            (MEET, CALL),
        ),
        "Reminder from {{ brand.name }}: the crew comes on {{ appointment.date }} at {{ appointment.time }}. Please"
        " keep"
        " the drive free. Reply C to confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, a reminder: the {{ brand.name }} crew comes on {{ appointment.date }} at"
            " {{ appointment.time }}. Please keep the drive free for the trailer.",
            footer="Rain moves the day, never the price",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "walkthrough_confirmation",
        APPOINTMENT,
        TRANSACTIONAL,
        "Final walk booked",
        PackMail(
            "We walk around your new roof with you on {{ appointment.date }}",
            "{{ appointment.time }}, three quarters of an hour",
            "Your roof is on. We walk around the house with you and show you photos of what you cannot see from below.",
            "Anything you would like to ask or see put right goes on one list that we both sign. Does the time not suit"
            " you after all? Choose another one, or call us.",
            WHEN,
            (MEET, CALL),
        ),
        "{{ brand.name }}: we walk around your new roof with you on {{ appointment.date }} at {{ appointment.time }}."
        " Reply C to confirm, R for another time.",
        WhatsAppText(
            "Hi {{ customer.first_name }}, {{ brand.name }} walks around your new roof with you on"
            " {{ appointment.date }} at {{ appointment.time }}. Does that suit you?",
            buttons=("Yes, see you then", "I need another day"),
        ),
    ),
    PackEntry(
        "completion_thank_you",
        ORDER,
        TRANSACTIONAL,
        "Roof is done",
        PackMail(
            "Your new roof is on, thank you",
            "Warranty, final inspection, and who to call after a storm",
            "The last shingle is on and the yard is swept. Thank you for having us.",
            "The city’s final inspection is ours to book; you need not be home. Your warranty is registered under the"
            " number below: ten years on our work, the maker’s on the shingles.\n\nAfter a storm, call us before you"
            " call anybody else. Looking is free for every roof we laid.",
            (NUMBER, PLACE),
            (CALL,),
        ),
    ),
    PackEntry(
        "new_date",
        APPOINTMENT,
        TRANSACTIONAL,
        "Rain, new date",
        sms="{{ brand.name }}: rain is due, so the crew cannot open your roof. New date: {{ appointment.date }},"
        " {{ appointment.time }}. Does it suit you? Just answer here.",
        whatsapp=WhatsAppText(
            "Hi {{ customer.first_name }}, rain is due and we will not open your roof under it. Could the crew come on"
            " {{ appointment.date }} at {{ appointment.time }} instead?",
            buttons=("That works", "Please call me"),
        ),
    ),
    PackEntry(
        "welcome",
        ENGAGEMENT,
        SERVICE,
        "Welcome",
        PackMail(
            "Welcome to {{ brand.name }}",
            "Who looks after your roof, and how to reach me",
            "Good to meet you. I look after your roof from the first look up the ladder to the final inspection.",
            "The quickest way to reach me is to answer this email, or to text the number below; photos of the leak"
            " help more than words. If water is coming in right now, call: we tarp first and talk later.",
            (("Your contact", '{{ sender.name | default: "" }}'), ("Telephone", "{{ brand.phone }}")),
            (CALL,),
        ),
    ),
    PackEntry(
        "maintenance_reminder",
        ENGAGEMENT,
        MARKETING,
        "Yearly roof check",
        PackMail(
            "Before storm season: a look at your roof",
            "Half an hour in May saves a ceiling in September",
            "It is a year since we were on your roof. Before the season starts we come by, clear the valleys and look"
            " at every boot and flashing.",
            "It takes half an hour, you need not be home, and you get photos. Answer with a week that suits you.",
            (PLACE,),
            (CALL,),
        ),
        "{{ brand.name }}: storm season is near. Shall we look at your roof? Answer YES and we call you. STOP ends"
        " these texts.",
    ),
    PackEntry(
        "missed_call",
        Category.OWN,
        TRANSACTIONAL,
        "Missed call",
        sms="{{ brand.name }}: sorry we missed your call. We call you back; or text us here what it is about.",
    ),
]
