"""Words of quick entry, English and Dutch together: types, days, months, numbers, times of day."""

from followups.models.kind import FollowUpKind

KINDS: dict[str, FollowUpKind] = {
    word: kind
    for kind, words in {
        FollowUpKind.CALL: "call phone ring bel bellen terugbellen opbellen",
        FollowUpKind.EMAIL: "email e-mail mail mailen e-mailen emailen",
        FollowUpKind.TEXT: "text sms sms'en",
        FollowUpKind.WHATSAPP: "whatsapp whatsappen app appen",
        FollowUpKind.VIDEO: "video videocall zoom teams videobellen videogesprek beeldbellen",
        FollowUpKind.MEETING: "meet meeting afspraak overleg vergadering",
        FollowUpKind.VISIT: "visit inspect inspection bezoek bezoeken langs langsgaan inspectie opname",
        FollowUpKind.QUOTE: "quote estimate offerte",
        FollowUpKind.PAYMENT: "payment invoice pay betaling factuur",
        FollowUpKind.DOCUMENTS: "documents document paperwork documenten papieren",
        FollowUpKind.APPLICATION: "application aanvraag",
        FollowUpKind.VISA: "visa visum",
        FollowUpKind.COMPLIANCE: "compliance",
        FollowUpKind.SERVICE: "service onderhoud",
    }.items()
    for word in words.split()
}
_DAYS = (
    "monday mon maandag ma",
    "tuesday tue tues dinsdag di",
    "wednesday wed woensdag wo",
    "thursday thu thur thurs donderdag do",
    "friday fri vrijdag vr",
    "saturday sat zaterdag za",
    "sunday sun zondag zo",
)
WEEKDAYS = {word: number for number, words in enumerate(_DAYS) for word in words.split()}
# Words that mean something else as well: days only where a time, or nothing, follows.
UNSURE = {"do", "ma", "zo", "sat", "sun"}
_MONTHS = (
    "january jan januari",
    "february feb februari",
    "march mar maart mrt",
    "april apr",
    "may mei",
    "june jun juni",
    "july jul juli",
    "august aug augustus",
    "september sep sept",
    "october oct oktober okt",
    "november nov",
    "december dec",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_NUMBERS = (
    "a an een één one",
    "two twee",
    "three drie",
    "four vier",
    "five vijf",
    "six zes",
    "seven zeven",
    "eight acht",
    "nine negen",
    "ten tien",
    "eleven elf",
    "twelve twaalf",
)
NUMBERS = {word: number for number, words in enumerate(_NUMBERS, 1) for word in words.split()}
UNITS = {
    word: unit
    for unit, words in {
        "minutes": "minute minutes min mins minuut minuten",
        "hours": "hour hours hr hrs uur uren",
        "days": "day days dag dagen",
        "weeks": "week weeks weken",
        "months": "month months maand maanden",
    }.items()
    for word in words.split()
}
# Days from today.
RELATIVE = {"today": 0, "vandaag": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "morgen": 1, "overmorgen": 2}
RELATIVE["day after tomorrow"] = 2
# What cannot be planned any more.
PASSED = ("yesterday", "gisteren", "eergisteren")
# Minutes from the hour that follows: "half drie" is half past two.
HALVES = {"half past": 30, "quarter past": 15, "quarter to": -15, "half": -30, "kwart over": 15, "kwart voor": -15}
# The hour a part of the day stands for.
PARTS = {
    "morning": 9,
    "ochtend": 9,
    "morgen": 9,
    "noon": 12,
    "midday": 12,
    "afternoon": 14,
    "middag": 14,
    "evening": 19,
    "night": 19,
    "avond": 19,
}
