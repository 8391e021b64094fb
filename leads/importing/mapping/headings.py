"""Column names of our fields in spreadsheets, in English and Dutch. Case, accents, spaces, punctuation are ignored."""

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

NAMES: dict[Field, str] = {
    Field.NAME: "name, full name, contact, contact name, contact person, customer, customer name, client, client name, "
    "who, lead, lead name, person, homeowner, homeowner name, prospect, prospect name, naam, volledige naam, klant, "
    "klantnaam, contactpersoon, naam klant, naam contactpersoon, relatie, wie, wer, qui, quien, "
    "t.a.v., ter attentie van, attn, z. hd., a l'attention de, who called, qui a appele, ha llamado, quien llamo, "
    "quien ha llamado, como te llamas, como se llama, wie heissen sie, hoe heet je, hoe heet u, what is your name, "
    "comment vous appelez-vous, who they referred, who was referred, wie belde, wie heeft gebeld, wer hat angerufen",
    Field.FIRST_NAME: "first name, firstname, given name, forename, voornaam, roepnaam, firmenzusatz vorname",
    Field.INFIX: "infix, prefix last name, middle name, tussenvoegsel, tussenvoegsels, voorvoegsel",
    Field.LAST_NAME: "last name, lastname, surname, family name, achternaam, familienaam",
    Field.COMPANY: "company, company name, business, business name, organization, organisation, organization name, "
    "organisation name, account, account name, firm, bedrijf, bedrijfsnaam, organisatie, firma, onderneming",
    Field.EMAIL: "email, e-mail, email address, e-mail address, mail, email 1, email 2, primary email, "
    "secondary email, work email, home email, other email, e-mailadres, emailadres, mailadres, e-mail adres, "
    "e-mail 1, e-mail 2, e-mail zakelijk, e-mail prive",
    Field.PHONE: "phone, phone number, telephone, telephone number, tel, tel no, phone no, phone 1, phone 2, "
    "primary phone, home phone, work phone, business phone, other phone, day phone, evening phone, landline, "
    "telefoon, telefoonnummer, telefoon nr, telefoonnr, tel nr, tel nummer, telefoon 1, telefoon 2, telefoon prive, "
    "telefoon zakelijk, telefoon werk, telefoon thuis, vast, vast nummer, call back on, call back number",
    Field.MOBILE: "mobile, mobile phone, mobile number, cell, cell phone, cellphone, cell number, gsm, mobiel, "
    "mobiele telefoon, mobiel nummer, telefoon mobiel, mobiele nummer, 06, 06 nummer, whatsapp, whatsapp number, "
    "port., tél. port., 06 ou 07, 06 / 07",
    Field.STREET: "street, street address, address, address 1, address line 1, street 1, property address, "
    "site address, job address, service address, mailing street, full address, straat, straatnaam, adres, "
    "straat en huisnummer, straat + huisnummer, straat en nr, straat en huisnr, straat huisnr, straat en nummer, "
    "adres en huisnummer, adresregel 1, werkadres, bezoekadres, projectadres",
    Field.STREET_2: "address 2, address line 2, street 2, street line 2, street address 2, suite, unit, unit number, "
    "apt, apartment, apt/suite, adresregel 2, adres 2, adresszusatz, adresszeile 2, complement d'adresse, adresse 2, "
    "direccion 2, toevoeging, huisnummertoevoeging, toevoeging aan huisnr, huisletter, hausnummerzusatz",
    Field.HOUSE_NUMBER: "house number, house no, huisnummer, huisnr, nummer en toevoeging",
    Field.POSTCODE: "postcode, post code, postal code, zip, zip code, zipcode, zip/postal code, postcode/zip",
    Field.CITY: "city, town, place, city/town, property city, mailing city, plaats, woonplaats, stad, plaatsnaam, "
    "gemeente",
    Field.STATE: "state, province, region, county, state/province, property state, provincie, regio",
    Field.COUNTRY: "country, country code, land, landcode, country/region",
    Field.LANGUAGE: "language, preferred language, taal, voertaal",
    Field.TITLE: "title, subject, deal, deal name, deal title, opportunity, opportunity name, job, job name, "
    "project, project name, lead title, onderwerp, titel, projectnaam, opdracht, omschrijving opdracht",
    Field.SOURCE: "source, lead source, origin, channel, how did you hear about us, referral source, original source, "
    "how'd they hear, how did they hear, how they heard, how'd you hear, "
    "referral, where from, woher, como nos conocio, connu par, connu via, "
    "comment nous avez-vous connus, comment nous avez-vous connu, bron, leadbron, herkomst, kanaal, "
    "hoe heeft u ons gevonden, aangebracht door, via",
    Field.CAMPAIGN: "campaign, campaign name, utm campaign, ad campaign, campagne, campagnenaam",
    Field.PIPELINE: "pipeline, pipeline name, workflow, job type, process, pijplijn, werkstroom, soort werk, proces",
    Field.STAGE: "stage, step, lead stage, deal stage, pipeline stage, phase, fase, stap, leadfase, processtap",
    Field.STATUS: "status, lead status, deal status, job status, state of lead, leadstatus, stand, stand van zaken",
    Field.LOST_REASON: "lost reason, reason lost, loss reason, closed lost reason, why lost, reden verlies, "
    "reden verloren, verliesreden, reden afgewezen, reden afwijzing",
    Field.REP: "sales guy, sales gal, whose lead, "
    "rep, sales rep, salesperson, sales person, salesman, owner, lead owner, deal owner, contact owner, "
    "record owner, account manager, assigned, assigned to, assignee, agent, responsible, user, verkoper, eigenaar, "
    "accountmanager, adviseur, verantwoordelijke, toegewezen aan, behandelaar, medewerker, vertegenwoordiger",
    Field.BRAND: "brand, business unit, division, branch, label, merk, vestiging, bedrijfsonderdeel",
    Field.PRIORITY: "priority, urgency, prio, prioriteit, urgentie, spoed",
    Field.VALUE: "ballpark, ballpark price, "
    "value, amount, deal value, deal amount, job value, lead value, estimate, estimated value, "
    "estimate amount, quote, quote amount, price, total, budget, revenue, expected revenue, contract amount, waarde, "
    "bedrag, dealwaarde, offertebedrag, offerte bedrag, orderwaarde, verwachte omzet, omzet, prijs, totaal, "
    "geschatte waarde, totaalbedrag",
    Field.CURRENCY: "currency, currency code, valuta, munteenheid, munt",
    Field.COST: "lead cost, cost, cost per lead, paid, what we paid, leadkosten, kosten, kosten lead, betaald",
    Field.CREATED: "created, created at, created on, created date, create date, creation date, date created, date, "
    "date added, added, added on, added time, lead date, lead created, came in, came in on, received, received on, "
    "date received, inquiry date, entry date, aangemaakt, aangemaakt op, aanmaakdatum, datum aangemaakt, datum, "
    "gemaakt, gemaakt op, drafted date, draft date, optin time, "
    "binnengekomen, binnengekomen op, ontvangen, ontvangen op, datum ontvangst, invoerdatum, leaddatum, "
    "datum aanvraag, aanvraagdatum",
    Field.STAGE_SINCE: "stage since, in stage since, stage date, stage changed, stage change date, status date, "
    "status changed, last stage change, last stage change date, date entered stage, in fase sinds, fase sinds, "
    "status sinds, datum status, statusdatum, laatste statuswijziging",
    Field.HISTORY: "earlier steps, step history, stage history, history of stages, eerdere stappen, "
    "stappengeschiedenis, fasegeschiedenis",
    Field.WON_AT: "won on, won at, won date, won time, date won, closed won date, sold on, sold date, date sold, "
    "gewonnen op, datum gewonnen, verkocht op, verkoopdatum, datum akkoord",
    Field.TOUCHED: "last contact, last contacted, last contact date, last activity, last activity date, last touch, "
    "last touched, laatste contact, laatst gesproken, laatste contactmoment, laatste activiteit, datum laatste contact",
    Field.ENDED: "ended, ended on, ended at, closed on, closed at, date closed, lost on, lost date, date lost, "
    "beeindigd, beeindigd op, afgesloten, afgesloten op, gesloten op, datum afgesloten, verloren op",
    Field.CLOSED: "close date, closing date, expected close date, sluitdatum, verwachte sluitdatum",
    Field.NOTE: "note, notes, comment, comments, remark, remarks, description, details, message, memo, notitie, "
    "notities, opmerking, opmerkingen, omschrijving, toelichting, bericht, bijzonderheden, beschrijving",
    Field.NEXT_STEP: "next step, next action, next activity, next task, follow up, to do, todo, volgende stap, "
    "volgende actie, vervolgactie, vervolgstap, actie, opvolging, do next, suite a donner, suites a donner",
    Field.NEXT_STEP_AT: "next step date, next step at, next step on, next action date, next activity date, "
    "next contact, follow up date, follow up on, followup date, next follow up, due, due date, callback, "
    "callback date, datum volgende stap, volgende stap op, datum volgende actie, actiedatum, opvolgdatum, "
    "terugbeldatum, terugbellen op, vervolgdatum",
    Field.EXTERNAL_ID: "id, external id, externalid, lead id, leadid, record id, deal id, customer id, contact id, "
    "lead number, lead no, reference, ref, reference number, extern id, externe id, klantnummer, klantnr, leadnummer, "
    "referentie, kenmerk, dossiernummer, id elsewhere, id elders, adressnummer, adressnr, adresnummer, relatienummer",
    Field.CLAIM_NUMBER: "claim number, claim no, claim, claim id, insurance claim, insurance claim number, "
    "schadenummer, claimnummer, claim nr, schade nr, schadedossier",
    Field.INSURER: "insurer, insurance, insurance company, carrier, insurance carrier, verzekeraar, verzekering, "
    "verzekeringsmaatschappij, maatschappij",
}

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
