"""The fields a column can hold, groups of them, and what they are called on screen."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Field(StrEnum):
    """A field a column can hold."""

    NAME = "name"
    FIRST_NAME = "first_name"
    INFIX = "infix"
    LAST_NAME = "last_name"
    COMPANY = "company"
    CONTACT = "contact_person"
    EMAIL = "email"
    PHONE = "phone"
    MOBILE = "mobile"
    STREET = "street"
    STREET_2 = "street_2"
    HOUSE_NUMBER = "house_number"
    POSTCODE = "postcode"
    CITY = "city"
    STATE = "state"
    COUNTRY = "country"
    LANGUAGE = "language"
    TITLE = "title"
    SOURCE = "source"
    CAMPAIGN = "campaign"
    PIPELINE = "pipeline"
    STAGE = "stage"
    STATUS = "status"
    LOST_REASON = "lost_reason"
    REP = "rep"
    BRAND = "brand"
    PRIORITY = "priority"
    VALUE = "value"
    CURRENCY = "currency"
    COST = "cost"
    CREATED = "created"
    STAGE_SINCE = "stage_since"
    HISTORY = "history"
    WON_AT = "won_at"
    TOUCHED = "touched"
    ENDED = "ended"
    CLOSED = "closed"
    NOTE = "note"
    NEXT_STEP = "next_step"
    NEXT_STEP_AT = "next_step_at"
    EXTERNAL_ID = "external_id"
    CLAIM_NUMBER = "claim_number"
    INSURER = "insurer"


# Several columns may hold these; of the others the first one counts.
MANY = frozenset({Field.EMAIL, Field.PHONE, Field.MOBILE, Field.NOTE})
# The parts of an address; a file may have several addresses of one customer.
PLACE = frozenset(
    {Field.STREET, Field.STREET_2, Field.HOUSE_NUMBER, Field.POSTCODE, Field.CITY, Field.STATE, Field.COUNTRY}
)
WHO_NAMES = frozenset({Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.COMPANY})
OF_A_CUSTOMER = PLACE | {Field.EMAIL, Field.PHONE, Field.MOBILE, Field.FIRST_NAME, Field.LAST_NAME}
# What nobody answers with yes or no.
NO_ANSWERS = OF_A_CUSTOMER | WHO_NAMES | {Field.INFIX, Field.TITLE, Field.REP, Field.SOURCE, Field.CAMPAIGN}
# Of these a column says something only beside others of an address.
AMID_OTHERS = frozenset({Field.HOUSE_NUMBER, Field.CITY, Field.STATE, Field.COUNTRY})
# What colleagues have too, and the columns in which customers differ then.
OF_COLLEAGUES = {
    Field.EMAIL: {Field.EMAIL},
    Field.NAME: {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME},
    Field.LAST_NAME: {Field.NAME},
}
DAYS = frozenset(
    {Field.CREATED, Field.STAGE_SINCE, Field.WON_AT, Field.TOUCHED, Field.ENDED, Field.CLOSED, Field.NEXT_STEP_AT}
)

# What the file of refused rows adds, and the import of the mended file leaves out again.
WHY_REFUSED = gettext_noop("Why it was refused")

# Headings of our own export that are no field: they follow from the others, or number the lead where it came from.
LEAD_NUMBER, PHASE, DUE = _("Lead number"), _("Phase"), _("Due")
# What it writes as the status of an open lead that is sold.
WON = _("won")

# What the fields are called for a person.
LABELS = {
    Field.NAME: _("Name"),
    Field.FIRST_NAME: _("First name"),
    Field.INFIX: _("Name prefix"),
    Field.LAST_NAME: _("Last name"),
    Field.COMPANY: _("Company"),
    Field.CONTACT: _("Contact person"),
    Field.EMAIL: _("Email"),
    Field.PHONE: _("Phone"),
    Field.MOBILE: _("Mobile"),
    Field.STREET: _("Street"),
    Field.STREET_2: _("Address, second line"),
    Field.HOUSE_NUMBER: _("House number"),
    Field.POSTCODE: _("Postcode"),
    Field.CITY: _("City"),
    Field.STATE: _("State or province"),
    Field.COUNTRY: _("Country"),
    Field.LANGUAGE: _("Language"),
    Field.TITLE: _("Title"),
    Field.SOURCE: _("Source"),
    Field.CAMPAIGN: _("Campaign"),
    Field.PIPELINE: _("Pipeline"),
    Field.STAGE: _("Step"),
    Field.STATUS: _("Status"),
    Field.LOST_REASON: _("Why lost"),
    Field.REP: _("Rep"),
    Field.BRAND: _("Brand"),
    Field.PRIORITY: _("Priority"),
    Field.VALUE: _("Value"),
    Field.CURRENCY: _("Currency"),
    Field.COST: _("Lead cost"),
    Field.CREATED: _("Came in"),
    Field.STAGE_SINCE: _("In this step since"),
    Field.HISTORY: _("Earlier steps"),
    Field.WON_AT: _("Won on"),
    Field.TOUCHED: _("Last contact"),
    Field.ENDED: _("Ended"),
    Field.CLOSED: _("Closed, or expected to"),
    Field.NOTE: _("Note"),
    Field.NEXT_STEP: _("Next step"),
    Field.NEXT_STEP_AT: _("Next step on"),
    Field.EXTERNAL_ID: _("External ID"),
    Field.CLAIM_NUMBER: _("Claim number"),
    Field.INSURER: _("Insurer"),
}
