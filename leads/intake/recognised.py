"""Exports of other CRMs, told by the names of their columns; what these mean there goes before what they may mean.

Written down from what those products call the columns of their exports; a name that is not here is guessed as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.people.normalise import name_key
from leads.intake.headings import Field


@dataclass(frozen=True, slots=True)
class Export:
    """One product's export: at least `enough` of its own names are among the columns."""

    name: str
    marks: frozenset[str]
    enough: int
    fields: dict[str, Field | None]


def _names(text: str) -> frozenset[str]:
    return frozenset(key_of(name) for name in text.split(", "))


def key_of(heading: str) -> str:
    """A heading as it is compared: "Deal - Title" and "deal_title" are one."""
    return name_key(heading).replace(" ", "")


def _fields(**names: str) -> dict[str, Field | None]:
    """Fields by heading; `none` are columns that say nothing of a lead but would be taken for something else."""
    return {
        key_of(heading): None if field == "none" else Field(field)
        for field, text in names.items()
        for heading in text.split(", ")
    }


_HUBSPOT = Export(
    "HubSpot",
    _names(
        "Record ID, Lifecycle Stage, Contact owner, Deal owner, Associated Contact, Associated Company, Create Date, "
        "Associated Contact IDs, Associated Company IDs, Original Source, Original Traffic Source, Lead Status, "
        "HubSpot Owner, Last Activity Date, Deal Stage, Deal Name, Record ID - Contact, Latest Traffic Source"
    ),
    3,
    _fields(
        external_id="Record ID, Record ID - Contact, Contact ID, Deal ID",
        name="Associated Contact",
        company="Associated Company, Primary Associated Company, Company Name",
        title="Deal Name",
        stage="Deal Stage",
        status="Lead Status",
        rep="Contact owner, Deal owner, HubSpot Owner",
        created="Create Date, Became a Lead Date",
        touched="Last Activity Date, Last Contacted",
        next_step_at="Next Activity Date",
        source="Original Source, Original Traffic Source, Lead Source",
        campaign="Original Source Drill-Down 1, Original Traffic Source Drill-Down 1",
        lost_reason="Closed Lost Reason",
        value="Amount, Amount in company currency",
        stage_since="Date entered current stage",
        street="Street Address",
        state="State/Region",
        none="Lifecycle Stage, Associated Contact IDs, Associated Company IDs, Close Date, Job Title, Website URL",
    ),
)
_PIPEDRIVE = Export(
    "Pipedrive",
    _names(
        "Deal - ID, Deal - Title, Deal - Value, Deal - Stage, Deal - Pipeline, Deal - Status, Deal - Owner, "
        "Deal - Contact person, Deal - Organization, Person - Name, Person - Email, Person - Email - Work, "
        "Person - Phone, Person - Phone - Work, Organization - Name, Organization - Address, Lead - Title, "
        "Lead - Owner, Lead - Source, Deal - Deal created, Person - ID, Lead - ID"
    ),
    2,
    _fields(
        external_id="Deal - ID, Lead - ID",
        title="Deal - Title, Lead - Title",
        name="Person - Name, Deal - Contact person, Lead - Contact person",
        company="Organization - Name, Deal - Organization, Lead - Organization, Person - Organization",
        email="Person - Email, Person - Email - Work, Person - Email - Home, Person - Email - Other",
        phone="Person - Phone, Person - Phone - Work, Person - Phone - Home, Person - Phone - Other",
        mobile="Person - Phone - Mobile",
        street="Organization - Address, Person - Postal address, Organization - Street/road name of Address",
        city="Organization - City/town/village/locality of Address",
        postcode="Organization - ZIP/Postal code of Address",
        value="Deal - Value, Lead - Value",
        currency="Deal - Currency of Value, Deal - Currency, Lead - Currency of Value",
        pipeline="Deal - Pipeline",
        stage="Deal - Stage",
        status="Deal - Status",
        lost_reason="Deal - Lost reason",
        rep="Deal - Owner, Lead - Owner",
        source="Deal - Source channel, Lead - Source, Deal - Source, Deal - Label, Lead - Source channel",
        created="Deal - Deal created, Deal - Add time, Lead - Lead created, Deal - Created",
        stage_since="Deal - Last stage change, Deal - Stage change time",
        touched="Deal - Last activity date, Lead - Last activity date",
        next_step_at="Deal - Next activity date, Lead - Next activity date",
        none="Person - ID, Organization - ID, Deal - Expected close date, Deal - Probability, Deal - Won time, "
        "Deal - Lost time, Deal - Deal closed on, Deal - Update time, Deal - Weighted value",
    ),
)
_SALESFORCE = Export(
    "Salesforce",
    _names(
        "LeadSource, CreatedDate, OwnerId, Owner.Name, LastModifiedDate, LastActivityDate, MobilePhone, PostalCode, "
        "StageName, CloseDate, IsConverted, ConvertedDate, Lead Owner, Lead Status, Opportunity Name, "
        "Opportunity Owner, Account Name, Company / Account, SystemModstamp, NumberOfEmployees, AnnualRevenue"
    ),
    3,
    _fields(
        external_id="Id, Lead ID, Opportunity ID, Lead ID 18",
        first_name="FirstName, First Name",
        last_name="LastName, Last Name",
        name="Name, Contact Name, Primary Contact",
        company="Company, Account Name, Company / Account, Account.Name",
        mobile="MobilePhone, Mobile",
        street="Street, Address Line 1, Mailing Street",
        state="State, State/Province",
        postcode="PostalCode, Zip/Postal Code",
        title="Opportunity Name",
        stage="StageName, Stage",
        status="Status, Lead Status",
        rep="Owner.Name, Lead Owner, Opportunity Owner, Owner",
        source="LeadSource, Lead Source",
        campaign="Campaign Name, Primary Campaign Source",
        created="CreatedDate, Create Date, Created Date",
        stage_since="LastStageChangeDate, Last Stage Change Date",
        touched="LastActivityDate, Last Activity",
        next_step="NextStep, Next Step",
        value="Amount",
        currency="CurrencyIsoCode, Amount Currency, Opportunity Currency",
        lost_reason="Loss Reason, Closed Lost Reason",
        priority="Rating",
        note="Description",
        none="Title, Job Title, OwnerId, CloseDate, Close Date, IsConverted, ConvertedDate, LastModifiedDate, "
        "SystemModstamp, AnnualRevenue, Annual Revenue, NumberOfEmployees, IsDeleted, Probability (%)",
    ),
)
_JOBNIMBUS = Export(
    "JobNimbus",
    _names(
        "Display Name, Sales Rep, Date Status Change, Record Type, Record Type Name, Status Name, Source Name, "
        "Date Created, Date Updated, Mobile Phone, Home Phone, Work Phone, Address Line 1, Address Line 2, "
        "Sales Rep Name, Created By Name, Is Lead, Days in Status, Last Estimate, Approved Estimate Total, JNID"
    ),
    4,
    _fields(
        external_id="JNID, Number, Contact Number, Job Number",
        name="Display Name, Primary, Primary Contact",
        title="Job Name",
        street="Address Line 1",
        pipeline="Record Type, Record Type Name, Workflow",
        stage="Status, Status Name",
        rep="Sales Rep, Sales Rep Name",
        source="Source, Source Name, Lead Source",
        created="Date Created",
        stage_since="Date Status Change, Date Status Changed",
        touched="Last Contact Date",
        value="Approved Estimate Total, Last Estimate, Estimate Total, Last Estimate Total",
        note="Description, Notes",
        insurer="Insurance Company, Insurance Carrier",
        claim_number="Claim Number, Claim #",
        none="Date Updated, Days in Status, Created By, Created By Name, Is Lead, Location, Address Line 2",
    ),
)
_ACCULYNX = Export(
    "AccuLynx",
    _names(
        "Current Milestone, Milestone, Milestone Date, Current Milestone Date, Company Representative, Trade Types, "
        "Trade Type, Work Type, Job Category, Primary Salesperson, Lead Date, Job Number, Job #, Location Address, "
        "Days In Milestone, Approved Job Value, Primary Contact, Contact Name, Insurance Company, Job Name"
    ),
    4,
    _fields(
        external_id="Job Number, Job #, Job ID",
        title="Job Name",
        name="Primary Contact, Contact Name, Customer Name",
        stage="Current Milestone, Milestone, Job Milestone",
        stage_since="Current Milestone Date, Milestone Date",
        created="Lead Date, Created Date, Date Created",
        rep="Company Representative, Primary Salesperson, Salesperson, Sales Person",
        source="Lead Source",
        street="Location Address, Job Address, Address, Street",
        value="Approved Job Value, Job Value, Contract Worksheet Total",
        priority="Priority, Job Priority",
        insurer="Insurance Company",
        claim_number="Claim Number, Insurance Claim Number",
        touched="Last Touched, Last Activity Date",
        note="Notes, Lead Notes",
        none="Days In Milestone, Trade Types, Trade Type, Work Type, Job Category",
    ),
)
EXPORTS = (_PIPEDRIVE, _HUBSPOT, _SALESFORCE, _JOBNIMBUS, _ACCULYNX)


def recognise(headings: Sequence[str]) -> Export | None:
    """The export these columns are, where it is beyond doubt; of several the one with most of its names."""
    keys = {key_of(heading) for heading in headings}
    found = [(len(keys & export.marks) / export.enough, export) for export in EXPORTS]
    share, best = max(found, key=lambda pair: pair[0])
    return best if share >= 1 else None
