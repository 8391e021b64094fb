"""Column names in the exports of HubSpot, Pipedrive, Salesforce, JobNimbus and AccuLynx, and in ours.

Where each list comes from, and what could not be confirmed, is in docs/decisions/0015-import-whole.md.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.utils.translation import override

from leads.importing.mapping.exports.ads import GOOGLE_LEADS, META_LEADS
from leads.importing.mapping.exports.recognition import Export, fields, key_of, machinery, telling, weaker
from leads.importing.mapping.headings import DUE, LABELS, LEAD_NUMBER, PHASE, Field

OURS = "Throughline"
_HUBSPOT = Export(
    "HubSpot",
    telling(
        "Record ID, Record ID - Contact, Contact owner, Company owner, Deal owner, Deal Owner",
        "Lifecycle Stage, Lifecycle stage",
        "Associated Contact, Associated Contact IDs, Associated Company, Associated Company IDs, Associated Deal",
        "Associated Company (Primary), Primary Associated Company Name, Associated Deal IDs, Associated Note",
        "Original Source, Original Traffic Source, Latest Traffic Source, Original Source Type, Is Closed Won",
        "Record source, Marketing contact status, Country/Region, State/Region, Deal Type, Deal probability",
        "hs_object_id, hs_lead_status, hubspot_owner_id, lifecyclestage, dealname, dealstage, hs_analytics_source",
    ),
    2,
    fields(
        external_id="Record ID, Record ID - Contact, hs_object_id",
        name="Associated Contact",
        mobile="Mobile Phone Number, WhatsApp Phone Number, mobilephone",
        title="Deal Name, dealname",
        stage="Deal Stage, dealstage",
        status="Lead Status, hs_lead_status",
        rep="Contact owner, Deal owner, Company owner, HubSpot Owner",
        created="Create Date, createdate",
        touched="Last Contacted, notes_last_contacted",
        next_step="Next Step, hs_next_step",
        next_step_at="Next Activity Date, notes_next_activity_date",
        source="Original Source, Original Traffic Source, Original Source Type, hs_analytics_source",
        campaign="Original Source Drill-Down 1, Original Traffic Source Drill-Down 1, hs_analytics_source_data_1",
        lost_reason="Closed Lost Reason, closed_lost_reason",
        value="Amount",
        currency="Currency, deal_currency_code",
        priority="Priority, hs_priority",
        stage_since="Date entered current stage",
        street="Street Address",
        state="State/Region",
        closed="Close Date, closedate",
        none="Lifecycle Stage, Job Title, Website URL, Closed Won Reason, Associated Deal, "
        "Deal Type, Record source, Last Modified Date, Annual Revenue, jobtitle",
    ),
    weaker(
        external_id="Contact ID, Deal ID",
        company="Associated Company, Associated Company (Primary), Primary Associated Company, "
        "Primary Associated Company Name",
        source="Lead Source, Latest Source, Latest Traffic Source, Lead Type",
        value="Amount in company currency, amount_in_home_currency, Annual contract value, Total contract value",
        touched="Last Activity Date, notes_last_updated",
        created="Became a Lead Date",
    ),
    machinery(
        "Associated Contact IDs, Associated Company IDs, Associated Deal IDs, Primary Associated Company ID, "
        "Contact ID, Company ID, Deal ID, hubspot_owner_id, Is Closed Won, Is closed lost, Is Deal Closed?, "
        "Marketing contact status"
    ),
)
_PIPEDRIVE = Export(
    "Pipedrive",
    re.compile(r"(?:Deal|Person|Organization|Lead|Activity|Note) - .+"),
    2,
    fields(
        external_id="Deal - ID, Lead - ID, Deal - Pipedrive System ID, Lead - Pipedrive System ID",
        title="Deal - Title, Lead - Title",
        name="Person - Name",
        first_name="Person - First name",
        last_name="Person - Last name",
        company="Organization - Name",
        email="Person - Email, Person - Email - Work, Person - Email - Home, Person - Email - Other",
        phone="Person - Phone, Person - Phone - Work, Person - Phone - Home, Person - Phone - Other",
        mobile="Person - Phone - Mobile",
        street="Organization - Street/road name of Address, Organization - Address - Street/road name of Address",
        house_number="Organization - House number of Address, Organization - Address - House number of Address",
        city="Organization - City/town/village/locality of Address, "
        "Organization - Address - City/town/village/locality of Address",
        state="Organization - State/county of Address, Organization - Address - State/county of Address",
        country="Organization - Country of Address, Organization - Address - Country of Address",
        postcode="Organization - ZIP/Postal code of Address, Organization - Address - ZIP/Postal code of Address",
        value="Deal - Value, Lead - Value, Deal - Deal value",
        currency="Deal - Currency of Value, Deal - Currency, Lead - Currency of Value",
        pipeline="Deal - Pipeline",
        stage="Deal - Stage, Deal - Stage (pipeline)",
        status="Deal - Status",
        lost_reason="Deal - Lost reason",
        rep="Deal - Owner, Lead - Owner",
        source="Deal - Source channel, Lead - Source channel, Lead - Source, Deal - Source",
        created="Deal - Deal created, Deal - Deal created on, Deal - Add time, Deal - Creation date, Deal - Created, "
        "Lead - Lead created, Lead - Lead created on",
        stage_since="Deal - Last stage change, Deal - Stage change time",
        touched="Deal - Last activity date, Lead - Last activity date",
        next_step_at="Deal - Next activity date, Lead - Next activity date, Activity - Due date",
        next_step="Activity - Subject",
        note="Note - Content",
        ended="Deal - Lost time",
        won_at="Deal - Won time",
        none="Deal - Expected close date, Deal - Probability, Deal - Update time, "
        "Lead - Update time, Deal - Weighted value, Deal - Label, Deal - Labels, Lead - Label, Lead - Labels, "
        "Person - Label, Person - Labels, "
        "Organization - Label, Organization - Labels, Deal - Creator, Lead - Creator, Person - Update time, "
        "Organization - Organization created, Person - Title, Organization - Region of Address",
    ),
    weaker(
        external_id="Person - ID, Person - Pipedrive System ID",
        name="Deal - Contact person, Lead - Contact person, Contact person",
        company="Deal - Organization, Lead - Organization, Person - Organization, Organization, Organization name",
        street="Organization - Address, Person - Postal address, Organization - Full/combined address of Address",
        rep="Person - Owner, Organization - Owner",
        created="Person - Person created, Person - Creation date, Person - Add time",
        touched="Person - Last activity date",
        next_step_at="Person - Next activity date",
        source="Deal - Source origin, Lead - Source origin",
        ended="Deal - Deal closed on, Deal - Closed on",
    ),
    machinery(
        "Deal - Organization ID, Deal - Contact person ID, Lead - Organization ID, Lead - Contact person ID, "
        "Person - ID, Person - Organization ID, Person - Pipedrive System ID, Organization - ID, "
        "Organization - Pipedrive System ID, Deal - Source channel ID, Lead - Source channel ID, Deal - Visible to, "
        "Lead - Visible to, Person - Visible to, Organization - Visible to, Note - Pipedrive System ID, "
        "Activity - Pipedrive System ID"
    ),
)
# The same in German, and the few headings known in Dutch.
_PIPEDRIVE_ABROAD = Export(
    "Pipedrive",
    re.compile(r"(?:Deal|Person|Organisation|Organisatie|Contactpersoon) - .+"),
    2,
    _PIPEDRIVE.fields
    | fields(
        title="Deal - Titel",
        value="Deal - Wert",
        stage="Deal - Phase",
        lost_reason="Deal - Verlustgrund",
        rep="Deal - Besitzer",
        created="Deal - Deal erstellt",
        stage_since="Deal - Letzte Phasenänderung",
        won_at="Deal - Datum des gewonnenen Deals",
        ended="Deal - Datum des verlorenen Deals",
        touched="Deal - Datum der letzten Aktivität",
        next_step_at="Deal - Datum nächste Aktivität",
        first_name="Person - Vorname",
        last_name="Person - Nachname",
        name="Contactpersoon - Naam",
        company="Organisatie - Naam",
        email="Person - E-Mail-Adresse - Büro, Person - E-Mail-Adresse - Privat, Person - E-Mail-Adresse - Sonstiger, "
        "Contactpersoon - E-mail - Werk, Contactpersoon - E-mail - Privé, Contactpersoon - E-mail - Anders",
        phone="Person - Telefon - Büro, Person - Telefon - Privat, Person - Telefon - Sonstiger",
        mobile="Person - Telefon - Mobil",
        postcode="Organisation - PLZ",
        none="Deal - Wahrscheinlichkeit, Deal - Zeit der Aktualisierung, Deal - Gewichteter Wert, Person - Position, "
        "Deal - Letzte E-Mail erhalten, Deal - Letzte E-Mail gesendet, Deal - Anzahl E-Mail-Nachrichten, "
        "Deal - Erledigte Aktivitäten, Deal - Zu erledigende Aktivitäten, Deal - Gesamtzahl der Aktivitäten, "
        "Organisatie - Klantnummer, Contactpersoon - Labels",
    ),
    _PIPEDRIVE.weaker
    | weaker(
        name="Deal - Kontaktperson",
        company="Deal - Organisation, Person - Organisation, Contactpersoon - Organisatie",
        ended="Deal - Deal abgeschlossen am",
        street="Organisation - Adresse",
        rep="Organisatie - Eigenaar",
    ),
    _PIPEDRIVE.machinery | machinery("Deal - Sichtbar für, Organisatie - ID"),
    is_partly_known=True,
)
# What both objects of Salesforce share: its reports by label, its data exports by API name.
_SALESFORCE_SHARED: dict[str, str] = {
    "source": "LeadSource, Lead Source",
    # As Zoho writes them, whose contacts have columns of the same names.
    "created": "CreatedDate, Create Date, Created Date, Created Time",
    "touched": "LastActivityDate, Last Activity, Last Activity Date, Last Activity Time",
    "note": "Description",
    "mobile": "MobilePhone, Mobile",
    "street": "Street, Address Line 1, Mailing Street, MailingStreet",
    "city": "Mailing City, MailingCity",
    "state": "State/Province, State/Province (text only), Mailing State/Province, MailingState, Mailing State",
    "postcode": "PostalCode, Zip/Postal Code, Mailing Zip/Postal Code, MailingPostalCode",
    "country": "Mailing Country, MailingCountry, Country (text only)",
    "lost_reason": "Loss Reason, Closed Lost Reason",
    "none": "Title, Job Title, LastModifiedDate, Last Modified Date, Type, Owner Role, Annual Revenue, AnnualRevenue, "
    "NumberOfEmployees, Created By, Last Modified By, Lead Owner: Manager",
}
_SALESFORCE_MACHINERY = machinery(
    "OwnerId, Owner ID, CreatedById, LastModifiedById, SystemModstamp, AccountId, ContactId, Account ID, Contact ID, "
    "CampaignId, RecordTypeId, IsDeleted, MasterRecordId, IsConverted, ConvertedAccountId, ConvertedContactId, "
    "ConvertedOpportunityId, IsUnreadByOwner, IndividualId, Pricebook2Id, IsClosed, IsWon, HasOpportunityLineItem, "
    "ForecastCategory, ForecastCategoryName, Fiscal, FiscalQuarter, FiscalYear, LastViewedDate, LastReferencedDate, "
    "HasOpenActivity, HasOverdueTask, Jigsaw, JigsawContactId, CleanStatus, GeocodeAccuracy, PhotoUrl"
)
_SALESFORCE_TELLING = (
    "SystemModstamp, LastModifiedDate, LastModifiedById, CreatedById, CreatedDate, OwnerId, LeadSource, IsDeleted",
    "AccountId, Owner.Name, MobilePhone, PostalCode, LastActivityDate",
)
_SALESFORCE_LEADS = Export(
    "Salesforce",
    telling(
        "Lead Owner, Company / Account, Lead ID, Lead ID 18, Lead Owner Alias, State/Province",
        "Mailing Street, Mailing City, Mailing State/Province, Mailing Zip/Postal Code, Mailing Country",
        "Unread By Owner, Account Owner, IsConverted, ConvertedDate, NumberOfEmployees",
        *_SALESFORCE_TELLING,
    ),
    2,
    fields(
        **_SALESFORCE_SHARED,
        external_id="Id, Lead ID, Lead ID 18",
        first_name="FirstName, First Name",
        last_name="LastName, Last Name",
        name="Name, Full Name",
        company="Company, Company / Account",
        status="Status, Lead Status",
        rep="Owner.Name, Lead Owner, Owner",
        priority="Rating",
    )
    | fields(none="ConvertedDate, Converted Date"),
    weaker(
        company="Account Name, Account.Name",
        rep="Account Owner, Lead Owner Alias, Owner Name",
        campaign="Campaign Name, Primary Campaign, Primary Campaign Source",
    ),
    _SALESFORCE_MACHINERY,
)
_SALESFORCE_OPPORTUNITIES = Export(
    "Salesforce",
    telling(
        "Opportunity Owner, Opportunity Name, Opportunity ID, Opportunity Owner Alias, Fiscal Period",
        "Probability (%), StageName, ForecastCategory, ForecastCategoryName, ExpectedRevenue, CloseDate",
        *_SALESFORCE_TELLING,
    ),
    2,
    fields(
        **_SALESFORCE_SHARED,
        external_id="Id, Opportunity ID, Opportunity ID 18",
        title="Opportunity Name, Name",
        name="Contact Name, Primary Contact, Contact: Full Name, Contact.Name",
        company="Account Name, Account.Name, Account: Account Name",
        stage="StageName, Stage",
        rep="Owner.Name, Opportunity Owner, Owner",
        stage_since="LastStageChangeDate, Last Stage Change Date",
        next_step="NextStep, Next Step",
        value="Amount",
        currency="CurrencyIsoCode, Amount Currency, Opportunity Currency",
    )
    | fields(
        closed="CloseDate, Close Date",
        none="Probability (%), Probability, ExpectedRevenue, Expected Revenue, "
        "Expected Revenue Currency, Amount (converted), Amount (converted) Currency, Closed, Won, Age, "
        "Fiscal Period, Stage Duration, Opportunity Type",
    ),
    weaker(
        rep="Account Owner, Opportunity Owner Alias",
        campaign="Campaign Name, Primary Campaign Source, Primary Campaign",
    ),
    _SALESFORCE_MACHINERY,
)
_JOBNIMBUS = Export(
    "JobNimbus",
    telling(
        "Date Status Change, Days In Status, Days in Status, Record Type, Address Line, Address Line2, Address Info",
        "Main Phone, Is Sub Contractor, Is Qb Synced, Is Archived, Image Id, Sales Rep, Display, Date Updated",
        "Approved Estimates (Total), Approved Invoices (Total), Most Recent Estimate (Total), Display Name",
        "Approved Invoices (Balance Due), Most Recent Budget Revenue, Task Id, Contact Id, Subcontractors",
        "jnid, JNID, record_type_name, status_name, sales_rep_name, source_name, date_status_change, address_line1",
        "is_lead, date_created, date_updated, Record Type Name, Status Name, Sales Rep Name, Source Name",
    ),
    3,
    fields(
        external_id="Id, JNID",
        name="Display, Display Name, Primary, Primary Contact",
        title="Job Name",
        phone="Main Phone",
        street="Address Line, Address Line 1, address_line1",
        street_2="Address Line 2, Address Line2, address_line2",
        state="State, state_text",
        pipeline="Record Type, Record Type Name, Workflow",
        stage="Status, Status Name",
        rep="Sales Rep, Sales Rep Name",
        source="Source, Source Name, Lead Source",
        created="Date Created",
        stage_since="Date Status Change, Date Status Changed",
        touched="Last Contact Date",
        value="Approved Estimates (Total), Approved Estimate Total",
        note="Description, Notes",
        insurer="Insurance Company, Insurance Carrier",
        claim_number="Claim Number, Claim #",
        none="Date Updated, Created By, Created By Name, Location, Related, Start Date, "
        "End Date, Tags, Subcontractors, Approved Invoices (Balance Due), Most Recent Estimate (Date Created), "
        "Most Recent Invoice (Date Created), Most Recent Estimate (Date Estimated), Fax Number, Website, "
        "Most Recent Estimate (Estimate Number), Most Recent Invoice (Invoice Number), Project Manager",
    ),
    weaker(
        external_id="Number, Contact Number, Job Number, Job Id",
        name_or_title="Name",
        street="Address Info",
        rep="Assigned To",
        stage="Stage",
        touched="Last Phone Call",
        value="Approved Invoices (Total), Most Recent Estimate (Total), Most Recent Invoice (Total), Last Estimate, "
        "Most Recent Budget Revenue, Estimate Total, Last Estimate Total",
    ),
    machinery(
        "Job Id, Task Id, Contact Id, Image Id, Is Archived, Is Lead, Is Sub Contractor, Is Qb Synced, Count, "
        "Days in Status"
    ),
)
_ACCULYNX = Export(
    "AccuLynx",
    telling(
        "Current Milestone, Current Milestone Date, Days In Milestone, Last Touched Age (Days), Dead Lead Reason",
        "Primary Salesperson, Company Representative, Trade Types, Job Trade Type, Job Name Url, Job Number Url",
        "Lead Milestone Date, Prospect Milestone Date, Approved Milestone Date, Completed Milestone Date, Job Category",
        "Job: Location Address, Job: Location Street 1, Job: Location City, Job: Location State, Location Address",
        "Job: Location Zip Code, Primary Contact: First Name, Primary Contact: Last Name, Primary Contact: Email",
        "Parent Lead Source, Sub Lead Source, Approved Job Value, Primary Estimate Total, Primary Estimate Amount",
    ),
    2,
    fields(
        external_id="Job Number, Job #",
        title="Job Name",
        name="Primary Contact, Contact Name, Customer Name",
        first_name="Primary Contact: First Name",
        last_name="Primary Contact: Last Name",
        company="Primary Contact: Company Name, Company Name",
        email="Primary Contact: Email, Contact Email",
        phone="Phone Number, Contact Phone, Primary Contact: Phone",
        stage="Current Milestone, Milestone, Job Milestone",
        stage_since="Current Milestone Date, Milestone Date",
        created="Lead Date, Lead Milestone Date",
        lost_reason="Dead Lead Reason",
        rep="Primary Salesperson, Salesperson, Sales Person",
        source="Lead Source, Parent Lead Source",
        campaign="Sub Lead Source",
        street="Job: Location Street 1",
        city="Job: Location City",
        state="Job: Location State",
        postcode="Job: Location Zip Code",
        country="Job: Location Country",
        value="Contract Total, Contract Amount, Approved Job Value, Contract Worksheet Total",
        priority="Priority, Job Priority",
        insurer="Insurance Company",
        claim_number="Claim Number, Insurance Claim Number",
        touched="Last Touched, Last Activity Date",
        note="Notes, Lead Notes, INITIAL LEAD NOTES",
        none="Trade Types, Trade Type, Job Trade Type, Work Type, "
        "Job Category, Date of Loss, Adjuster Name, Adjuster Phone, Adjuster Email, "
        "Job: Location Street 2, Payments Received, Balance Due, Appointment Set By, Initial Appointment Date",
    ),
    weaker(
        external_id="Job ID",
        created="Created Date, Date Created",
        street="Location Address, Job: Location Address, Job Address, Address, Street",
        rep="Company Representative",
        value="Job Value, Primary Estimate Total, Primary Estimate Amount",
    ),
    machinery("Days In Milestone, Last Touched Age (Days), Job Name Url, Job Number Url"),
)
_OTHERS = (
    META_LEADS,
    GOOGLE_LEADS,
    _PIPEDRIVE,
    _PIPEDRIVE_ABROAD,
    _HUBSPOT,
    _SALESFORCE_LEADS,
    _SALESFORCE_OPPORTUNITIES,
    _JOBNIMBUS,
    _ACCULYNX,
)


@lru_cache(maxsize=1)
def exports() -> tuple[Export, ...]:
    """List all of them: those of others, and our own in each language it is written in."""
    ours = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            ours.append(_own())
    return (*_OTHERS, *ours)


def _own() -> Export:
    labels = {str(label): name for name, label in LABELS.items()}
    rare = (Field.EXTERNAL_ID, Field.STAGE_SINCE, Field.COST, Field.NEXT_STEP_AT, Field.STATE, Field.LOST_REASON)
    marks = ", ".join(str(label) for label in (LEAD_NUMBER, *(LABELS[name] for name in rare)))
    known: dict[str, Field | None] = {key_of(label): name for label, name in labels.items()}
    return Export(OURS, telling(marks), 5, known, machinery=machinery(f"{LEAD_NUMBER}, {PHASE}, {DUE}"))
