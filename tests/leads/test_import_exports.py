"""Exports of other CRMs, as they name and write their columns: each maps by itself, no column for something else.

The files' headings are those of real exports (docs/decisions/0015-import-whole.md says whose); their people are not.
"""

import csv
from io import StringIO
from pathlib import Path

import pytest

from crm.jobs.models import Job, Note
from crm.people.models import Company, ContactPoint, Person, Property
from crm.platform.tenancy.context import use_tenant
from leads.importing.mapping.columns import KEEP, LEAVE, FileColumns, find_columns
from leads.models import ImportRow, Lead
from libs.tabular import TableRecord
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, totals, upload

HERE = Path(__file__).parent / "exports"
# Every heading a file has besides these is kept with the lead as it is.
MEANT = {
    "hubspot_contacts": "external_id: Record ID, first_name: First Name, last_name: Last Name, email: Email, "
    "phone: Phone Number, mobile: Mobile Phone Number, rep: Contact owner, status: Lead Status, created: Create Date, "
    "touched: Last Activity Date, source: Original Traffic Source, campaign: Original Traffic Source Drill-Down 1, "
    "street: Street Address, city: City, state: State/Region, postcode: Postal Code, country: Country/Region, "
    "company: Company Name, note: Message, leave: Associated Company IDs, leave: Marketing contact status",
    "hubspot_deals": "external_id: Record ID, closed: Close Date, title: Deal Name, stage: Deal Stage, "
    "rep: Deal owner, value: Amount, currency: Currency, pipeline: Pipeline, created: Create Date, "
    "touched: Last Activity Date, priority: Priority, note: Deal Description, lost_reason: Closed Lost Reason, "
    "source: Original Traffic Source, campaign: Original Traffic Source Drill-Down 1, name: Associated Contact, "
    "company: Associated Company (Primary), leave: Is Closed Won, leave: Associated Contact IDs",
    "pipedrive_deals": "external_id: Deal - ID, title: Deal - Title, value: Deal - Value, rep: Deal - Owner, "
    "currency: Deal - Currency of Value, name: Deal - Contact person, company: Deal - Organization, "
    "pipeline: Deal - Pipeline, stage: Deal - Stage, status: Deal - Status, lost_reason: Deal - Lost reason, "
    "source: Deal - Source channel, created: Deal - Deal created, stage_since: Deal - Last stage change, "
    "won_at: Deal - Won time, touched: Deal - Last activity date, next_step_at: Deal - Next activity date, "
    "email: Person - Email - Work, "
    "phone: Person - Phone - Work, mobile: Person - Phone - Mobile, "
    "street: Organization - Street/road name of Address, house_number: Organization - House number of Address, "
    "city: Organization - City/town/village/locality of Address, "
    "postcode: Organization - ZIP/Postal code of Address, leave: Deal - Contact person ID, "
    "leave: Deal - Organization ID, leave: Person - ID",
    "salesforce_leads": "rep: Lead Owner, first_name: First Name, last_name: Last Name, company: Company / Account, "
    "source: Lead Source, priority: Rating, street: Street, city: City, state: State/Province, "
    "postcode: Zip/Postal Code, country: Country, phone: Phone, mobile: Mobile, email: Email, status: Lead Status, "
    "created: Create Date, touched: Last Activity, external_id: Lead ID",
    "salesforce_opportunities": "closed: CloseDate, external_id: Id, company: Account.Name, title: Name, "
    "note: Description, stage: StageName, value: Amount, next_step: NextStep, source: LeadSource, rep: Owner.Name, "
    "created: CreatedDate, touched: LastActivityDate, stage_since: LastStageChangeDate, leave: IsDeleted, "
    "leave: AccountId, leave: IsClosed, leave: IsWon, leave: ForecastCategoryName, leave: CampaignId, leave: OwnerId, "
    "leave: CreatedById, leave: SystemModstamp, leave: ContactId",
    "jobnimbus_contacts": "name: Display, pipeline: Record Type, stage: Status, source: Source, rep: Sales Rep, "
    "state: State, street: Address Line, street_2: Address Line2, "
    "value: Approved Estimates (Total), city: City, company: Company, "
    "country: Country, created: Date Created, stage_since: Date Status Change, note: Description, email: Email, "
    "first_name: First Name, last_name: Last Name, phone: Main Phone, mobile: Mobile Phone, phone: Work Phone, "
    "postcode: Zip, external_id: Id, leave: Days In Status",
    "jobnimbus_jobs": "title: Name, pipeline: Record Type, stage: Status, rep: Sales Rep, name: Primary, "
    "street: Address Line, street_2: Address Line2, value: Approved Estimates (Total), city: City, "
    "state: State, postcode: Zip, country: Country, "
    "created: Date Created, stage_since: Date Status Change, note: Description, source: Source, "
    "touched: Last Phone Call, phone: Phone Number, external_id: Id, leave: Days In Status, leave: Job Id, "
    "leave: Contact Id",
    "pipedrive_deals_german": "external_id: Deal - ID, title: Deal - Titel, name: Deal - Kontaktperson, "
    "value: Deal - Wert, company: Deal - Organisation, status: Deal - Status, lost_reason: Deal - Verlustgrund, "
    "rep: Deal - Besitzer, created: Deal - Deal erstellt, ended: Deal - Datum des verlorenen Deals, "
    "stage: Deal - Phase, touched: Deal - Datum der letzten Aktivität, "
    "stage_since: Deal - Letzte Phasenänderung, "
    "next_step_at: Deal - Datum nächste Aktivität, pipeline: Deal - Pipeline, leave: Deal - Sichtbar für, "
    "won_at: Deal - Datum des gewonnenen Deals",
    "acculynx_leads": "stage: Current Milestone, title: Job Name, first_name: Primary Contact: First Name, "
    "last_name: Primary Contact: Last Name, email: Primary Contact: Email, phone: Phone Number, "
    "street: Job: Location Street 1, city: Job: Location City, state: Job: Location State, "
    "postcode: Job: Location Zip Code, source: Lead Source, rep: Primary Salesperson, created: Lead Date, "
    "lost_reason: Dead Lead Reason, insurer: Insurance Company, claim_number: Claim Number, "
    "leave: Last Touched Age (Days)",
    "acculynx_jobs": "stage: Current Milestone, external_id: Job Number, title: Job Name, name: Contact Name, "
    "email: Contact Email, phone: Phone Number, street: Location Address, source: Lead Source, value: Contract Total, "
    "rep: Primary Salesperson, created: Lead Date, leave: Job Name Url",
}


def understood(header: list[str], **choices: dict[str, int]) -> FileColumns:
    return find_columns([TableRecord(1, header)], **choices)


def header_of(name: str) -> list[str]:
    with (HERE / f"{name}.csv").open(newline="") as file:
        return next(csv.reader(file))


@pytest.mark.parametrize("name", MEANT)
def test_every_column_is_what_its_product_means_by_it(name: str) -> None:
    header = header_of(name)
    columns = understood(header)
    wanted = {heading: code for code, heading in (pair.split(": ", 1) for pair in MEANT[name].split(", "))}
    assert wanted.keys() <= set(header)
    assert {heading: columns.code(at) for at, heading in enumerate(header)} == dict.fromkeys(header, KEEP) | wanted
    assert columns.recognised.lower() == name.split("_", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        # A report of Salesforce with columns HubSpot has too; a list of another CRM that says lead owner and status.
        ("Lead ID,Lead Owner: Manager,Lead Owner,First Name,Last Name,Lead Status,Last Activity Date", "Salesforce"),
        ("Lead Owner,Lead Status,Last Activity Date,Create Date,First Name,Company", ""),
        ("Job Number,Job Name,Contact Name,Insurance Company,Lead Date", ""),
        ("deal title,deal value,deal owner,name", ""),
        ("First Name,Last Name,Title,Mailing Street,Mailing City,Mailing State/Province,Account Name", "Salesforce"),
        ("Record ID,Company name,Website URL,Company owner,Create Date,Phone Number", "HubSpot"),
        ("FirstName,LastName,LeadSource,MobilePhone,Company", "Salesforce"),
        ("Organisatie - Naam,Organisatie - Klantnummer,Contactpersoon - E-mail - Werk", "Pipedrive"),
        ("Person - Organisation,Person - Vorname,Person - Nachname,Person - Telefon - Mobil", "Pipedrive"),
        ("Person - Name*,Person - Email (Work),Organization - Name*,Deal - Title,Activity - Due date", "Pipedrive"),
    ],
)
def test_a_product_is_told_only_by_what_it_alone_writes(header: str, name: str) -> None:
    assert understood(header.split(",")).recognised == name


def test_what_is_second_best_serves_where_nothing_better_is() -> None:
    people = understood(["Person - ID", "Person - Name", "Person - Owner", "Person - Organization", "Person - Email"])
    assert [people.code(at) for at in range(5)] == ["external_id", "name", "rep", "company", "email"]
    jobs = understood(["Name", "Record Type", "Date Status Change", "Sales Rep", "Address Info", "Stage", "Number"])
    assert [jobs.code(at) for at in (0, 4, 5, 6)] == ["name", "street", "stage", "external_id"]


def test_what_is_left_out_can_be_chosen() -> None:
    header = header_of("hubspot_contacts")
    at = header.index("Associated Company IDs")
    assert understood(header).code(at) == LEAVE
    assert find_columns([TableRecord(1, header)], chosen={str(at): KEEP}).others[at] == "Associated Company IDs"


def test_the_day_of_a_milestone_is_the_day_of_the_step_called_so() -> None:
    header = ["Current Milestone", "Primary Salesperson", "Contact Name", "Approved Milestone Date", "Prospect Date"]
    columns = understood(header, steps={"approved": 7, "prospect": 5})
    assert columns.steps == {3: 7, 4: 5}


@pytest.mark.parametrize("name", MEANT)
def test_the_whole_file_goes_in_as_it_is(cast: Cast, files: Path, name: str) -> None:
    client = signed_in(cast.house.mona)
    content = (HERE / f"{name}.csv").read_bytes()
    url = upload(client, cast, content, f"{name}.csv").url
    client.post(url)
    rows = len(list(csv.reader(StringIO(content.decode(), newline="")))) - 1
    assert totals(client.get(url).content.decode())["new"] == rows
    with use_tenant(cast.house.tenant):
        reasons = " ".join(ImportRow.objects.filter(run=the_run(cast)).values_list("reason", flat=True))
    for unreadable in ("not written as", "no such", "longer than", "N/A", "below zero"):
        assert unreadable not in reasons


def test_a_contact_of_hubspot_comes_with_all_that_is_known(cast: Cast, files: Path) -> None:
    client = signed_in(cast.house.mona)
    content = (HERE / "hubspot_contacts.csv").read_text().replace("Kim Vries", cast.house.rita.name)
    client.post(upload(client, cast, content).url)
    with use_tenant(cast.house.tenant):
        lead = Lead.objects.get(external_id="51")
        job = Job.objects.get(pk=lead.pk)
        person = Person.objects.get(pk=job.person_id)
        assert (person.name, lead.campaign.name, job.member_id) == ("Ada Meyer", "spring-roofs", cast.house.rita.pk)
        points = ContactPoint.objects.filter(person=person).order_by("value").values_list("value", flat=True)
        assert list(points) == ["+18135550101", "+18135550102", "ada.meyer@example.com"]
        assert Company.objects.get(pk=job.company_id).name == "Meyer Bakery"
        assert Property.objects.get(pk=job.site_id).street == "12 Gull Lane"
        notes = " ".join(Note.objects.filter(job_id=job.pk).values_list("body", flat=True))
        assert "kitchen." in notes
        assert "Job Title: Owner" in notes
        assert "9001" not in notes


def test_a_customer_written_with_his_address_is_a_name_and_an_address(cast: Cast, files: Path) -> None:
    client = signed_in(cast.house.mona)
    client.post(upload(client, cast, (HERE / "hubspot_deals.csv").read_bytes()).url)
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(title="Meyer Bakery roof")
        person = Person.objects.get(pk=job.person_id)
        assert person.name == "Ada Meyer"
        assert ContactPoint.objects.get(person=person).value == "ada.meyer@example.com"
        notes = " ".join(Note.objects.filter(job_id=job.pk).values_list("body", flat=True))
        assert "Ben Meyer (ben@example.com)" in notes
        lost = Job.objects.get(title="Quay House gutters")
        assert (lost.state, f"{lost.ended_at:%Y-%m-%d}") == ("lost", "2026-04-01"), "then, not today"
        assert "2026-05-01" in notes, "while it is open it is a hope"


def test_what_an_export_writes_for_nothing_is_nothing(cast: Cast, files: Path) -> None:
    client = signed_in(cast.house.mona)
    for name in ("salesforce_leads", "jobnimbus_contacts"):
        client.post(upload(client, cast, (HERE / f"{name}.csv").read_bytes()).url)
    with use_tenant(cast.house.tenant):
        assert list(Company.objects.values_list("name", flat=True)) == ["Otis Storage"]
        assert Job.objects.get(title="Pratt").company_id is None
        assert Job.objects.get(title="Hugo Reyes").value == 1_840_000
        notes = " ".join(Note.objects.values_list("body", flat=True))
        assert "Most Recent Estimate (Total): $18,900.00" in notes
        assert "N/A" not in notes
