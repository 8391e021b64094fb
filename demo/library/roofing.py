"""Templates of Suncoast Roofing: what the general pack says otherwise for roofs in Florida."""

from comms.library.packs.english import CALL, NUMBER, PLACE, PRICE, WHEN
from comms.library.packs.shape import (
    APPOINTMENT,
    ENGAGEMENT,
    MARKETING,
    ORDER,
    SERVICE,
    TRANSACTIONAL,
    Category,
    Entry,
    Mail,
    WhatsAppText,
)

ENGLISH = [
    Entry(
        "order_confirmation",
        ORDER,
        TRANSACTIONAL,
        "New roof confirmed",
        Mail(
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
    Entry(
        "quote_notification",
        ORDER,
        TRANSACTIONAL,
        "Quote is ready",
        Mail(
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
    Entry(
        "appointment_confirmation",
        ORDER,
        TRANSACTIONAL,
        "Crew is scheduled",
        Mail(
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
    Entry(
        "completion_thank_you",
        ORDER,
        TRANSACTIONAL,
        "Roof is done",
        Mail(
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
    Entry(
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
    Entry(
        "welcome",
        ENGAGEMENT,
        SERVICE,
        "Welcome",
        Mail(
            "Welcome to {{ brand.name }}",
            "Who looks after your roof, and how to reach me",
            "Good to meet you. I look after your roof from the first look up the ladder to the final inspection.",
            "The quickest way to reach me is to answer this email, or to text the number below; photos of the leak"
            " help more than words. If water is coming in right now, call: we tarp first and talk later.",
            (("Your contact", '{{ sender.name | default: "" }}'), ("Telephone", "{{ brand.phone }}")),
            (CALL,),
        ),
    ),
    Entry(
        "maintenance_reminder",
        ENGAGEMENT,
        MARKETING,
        "Yearly roof check",
        Mail(
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
    Entry(
        "missed_call",
        Category.OWN,
        TRANSACTIONAL,
        "Missed call",
        sms="{{ brand.name }}: sorry we missed your call. We call you back; or text us here what it is about.",
    ),
]
