"""The fields a column can hold, their groups, and their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Field(TextChoices):
    """A field a column can hold."""

    NAME = "name", _("Name")
    FIRST_NAME = "first_name", _("First name")
    INFIX = "infix", _("Name prefix")
    LAST_NAME = "last_name", _("Last name")
    COMPANY = "company", _("Company")
    CONTACT = "contact_person", _("Contact person")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    MOBILE = "mobile", _("Mobile")
    STREET = "street", _("Street")
    STREET_2 = "street_2", _("Address, second line")
    HOUSE_NUMBER = "house_number", _("House number")
    POSTCODE = "postcode", _("Postcode")
    CITY = "city", _("City")
    STATE = "state", _("State or province")
    COUNTRY = "country", _("Country")
    LANGUAGE = "language", _("Language")
    TITLE = "title", _("Title")
    SOURCE = "source", _("Source")
    CAMPAIGN = "campaign", _("Campaign")
    PIPELINE = "pipeline", _("Pipeline")
    STAGE = "stage", _("Step")
    STATUS = "status", _("Status")
    LOST_REASON = "lost_reason", _("Why lost")
    REP = "rep", _("Rep")
    BRAND = "brand", _("Brand")
    PRIORITY = "priority", _("Priority")
    VALUE = "value", _("Value")
    CURRENCY = "currency", _("Currency")
    COST = "cost", _("Lead cost")
    CREATED = "created", _("Came in")
    STAGE_SINCE = "stage_since", _("In this step since")
    HISTORY = "history", _("Earlier steps")
    WON_AT = "won_at", _("Won on")
    TOUCHED = "touched", _("Last contact")
    ENDED = "ended", _("Ended")
    CLOSED = "closed", _("Closed, or expected to")
    NOTE = "note", _("Note")
    NEXT_STEP = "next_step", _("Next step")
    NEXT_STEP_AT = "next_step_at", _("Next step on")
    EXTERNAL_ID = "external_id", _("External ID")
    CLAIM_NUMBER = "claim_number", _("Claim number")
    INSURER = "insurer", _("Insurer")


# Several columns may hold these; of the others the first one counts.
MANY = frozenset({Field.EMAIL, Field.PHONE, Field.MOBILE, Field.NOTE})
# The parts of an address; a file may have several addresses of one customer.
PLACE = frozenset(
    {Field.STREET, Field.STREET_2, Field.HOUSE_NUMBER, Field.POSTCODE, Field.CITY, Field.STATE, Field.COUNTRY}
)
WHO_NAMES = frozenset({Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.COMPANY})
DAYS = frozenset(
    {Field.CREATED, Field.STAGE_SINCE, Field.WON_AT, Field.TOUCHED, Field.ENDED, Field.CLOSED, Field.NEXT_STEP_AT}
)

# Headings of our own export that are no field: they follow from the others, or number the lead where it came from.
LEAD_NUMBER = _("Lead number")
PHASE = _("Phase")
DUE = _("Due")
# What it writes as the status of an open lead that is sold.
WON = _("won")

# What the fields are called for a person.
LABELS = {field: field.label for field in Field}
