"""Default English texts of updates."""

from comms.library.packs.pack_entries import (
    APPOINTMENT,
    ORDER,
    SERVICE,
    TRANSACTIONAL,
    PackEntry,
    PackMail,
    WhatsAppText,
)

PAGE = ("See your page", '{{ portal.link | default: "" }}')
CALL = ("Call us", "tel:{{ brand.phone_link }}")
PLACE = ("Address", '{{ property.address | default: "" }}')
_REST = (
    "**What comes next**\n\n{% for line in update.next %}- {{ line }}\n{% endfor %}"
    "{% if update.needed %}\n**What we need from you**\n\n{% for line in update.needed %}- {{ line }}\n{% endfor %}"
    "{% endif %}"
)

ENTRIES = [
    PackEntry(
        "customer_update",
        ORDER,
        TRANSACTIONAL,
        "Update: how your work goes",
        PackMail(
            "How your work goes, {{ today.date }}",
            "{{ update.short }}",
            "Here is how your work stands.",
            "{% for line in update.happened %}{{ line }}\n\n{% endfor %}" + _REST,
            (PLACE,),
            (PAGE,),
        ),
        '{{ brand.name }}: {{ update.short }} {{ portal.link | default: "" }}',
        WhatsAppText(
            "Hi {{ customer.first_name }}, how your work goes: {{ update.short }} Questions? Just answer here."
        ),
    ),
    PackEntry(
        "take_off_failed",
        ORDER,
        TRANSACTIONAL,
        "The work could not begin: reason and new date",
        PackMail(
            "We could not begin as planned",
            "{{ update.short }}",
            "We are sorry: your work could not begin as we had planned.",
            "{% for line in update.happened %}{{ line }}\n\n{% endfor %}" + _REST,
            (PLACE,),
            (PAGE, CALL),
        ),
        '{{ brand.name }}: we are sorry, we could not begin. {{ update.short }} {{ portal.link | default: "" }}',
        WhatsAppText(
            "Hi {{ customer.first_name }}, we are sorry: we could not begin as planned. {{ update.short }} Does the new"
            " day suit you?"
        ),
    ),
    PackEntry(
        "step_reached",
        ORDER,
        TRANSACTIONAL,
        "Your work has entered a new step",
        PackMail(
            "{{ update.status }}",
            "{{ update.status_text }}",
            "There is news of your work: **{{ update.status }}**",
            "{{ update.status_text }}",
            (PLACE,),
            (PAGE,),
        ),
        '{{ brand.name }}: {{ update.status }}. {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "milestone_reached",
        ORDER,
        TRANSACTIONAL,
        "A milestone is done",
        PackMail(
            "{{ update.milestone }}",
            "And what comes next",
            "There is progress on your work: **{{ update.milestone }}**.",
            "Your page has the photos and what comes next.",
            (PLACE,),
            (PAGE,),
        ),
        '{{ brand.name }}: {{ update.milestone }}. {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "milestone_tomorrow",
        APPOINTMENT,
        TRANSACTIONAL,
        "A milestone is planned for tomorrow",
        PackMail(
            "Tomorrow: {{ update.next_milestone }}",
            "What we do next",
            "This is planned for {{ update.next_milestone_day }}: **{{ update.next_milestone }}**.",
            "Rain or a delay may still move it; then you hear from us at once.",
            (PLACE,),
            (PAGE,),
        ),
        "{{ brand.name }}: planned for {{ update.next_milestone_day }}: {{ update.next_milestone }}."
        ' {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "preparation_notice",
        APPOINTMENT,
        TRANSACTIONAL,
        "Before we come: what to have ready",
        PackMail(
            "What to have ready for {{ appointment.date }}",
            "{{ appointment.what }} at {{ appointment.time }}",
            "We come on {{ appointment.date }} at {{ appointment.time }}: {{ appointment.what }}.",
            "**Please have ready**\n\n- room to park a van close by\n- the way to the work free of cars and plants\n"
            "- pets inside, and somebody of age at home when we arrive",
            (PLACE,),
            (PAGE, CALL),
        ),
        "{{ brand.name }}: {{ appointment.what }} on {{ appointment.date }} at {{ appointment.time }}. Please keep"
        ' the way free and pets inside. {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "delivery_notice",
        APPOINTMENT,
        TRANSACTIONAL,
        "The material is delivered",
        PackMail(
            "Your material comes on {{ appointment.date }}",
            "{{ appointment.time }}, and where it will stand",
            "The material for your work is delivered on {{ appointment.date }} at {{ appointment.time }}.",
            "You need not be at home. Please leave a place free close to the work, and tell us beforehand where it"
            " must not stand.",
            (PLACE,),
            (PAGE, CALL),
        ),
        "{{ brand.name }}: your material comes on {{ appointment.date }} at {{ appointment.time }}. Please leave a"
        ' place free. {{ portal.link | default: "" }}',
    ),
    PackEntry(
        "milestone_survey",
        ORDER,
        SERVICE,
        "How is it going? A question on the way",
        PackMail(
            "How is it going so far?",
            "One number, half a minute",
            "A part of your work is done, and before we go on we would like to know how it was for you.",
            "One number is enough; a sentence helps us more. A person reads every answer.",
            (),
            (("Say how it goes", "{{ survey.link }}"),),
        ),
        "{{ brand.name }}: a part of your work is done. How was it? One number is enough: {{ survey.link }}",
    ),
]
