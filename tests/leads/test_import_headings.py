"""Columns of a dozen products and of what people type, in five languages, are understood without a hand."""

import pytest

from leads.importing.mapping.columns import KEEP, LEAVE, FileColumns, find_columns
from leads.importing.mapping.synonyms import address_of, meaning_of
from libs.tabular import TableRecord

# "Heading=field", and "Heading" alone for one that is none of ours.
TABLES = {
    "HubSpot contacts": "Record ID=external_id|First Name=first_name|Last Name=last_name|Email=email|"
    "Phone Number=phone|Mobile Phone Number=mobile|Contact owner=rep|Lead Status=status|Create Date=created|"
    "Street Address=street|City=city|State/Region=state|Postal Code=postcode|Country/Region=country|"
    "Company Name=company|Last Activity Date=touched|Original Source=source|Job Title|Lifecycle Stage",
    "Salesforce leads": "Lead Owner=rep|First Name=first_name|Last Name=last_name|Title|Company / Account=company|"
    "Lead Source=source|Street=street|City=city|State/Province=state|Zip/Postal Code=postcode|Country=country|"
    "Phone=phone|Mobile=mobile|Email=email|Lead Status=status|Create Date=created|Last Activity=touched",
    "Zoho leads": "Record Id=external_id|Lead Owner.id|Lead Owner=rep|Company=company|First Name=first_name|"
    "Last Name=last_name|Email=email|Phone=phone|Fax|Mobile=mobile|Website|Lead Source=source|Lead Status=status|"
    "No. of Employees|Created By.id|Created By|Created Time=created|Modified Time|Salutation|Secondary Email=email|"
    "Last Activity Time=touched|Street=street|City=city|State=state|Zip Code=postcode|Country=country|"
    "Description=note|Email Opt Out|Unsubscribed Time",
    "Pipedrive people": "Person - Name=name|Person - Email - Work=email|Person - Phone - Mobile=mobile|"
    "Person - Postal address=street|Deal - Title=title|Deal - Value=value|Deal - Stage=stage",
    "JobNimbus": "Display Name=name|Sales Rep=rep|Date Status Change=stage_since|Record Type=pipeline|Status=stage|"
    "Address Line 1=street|City=city|State=state|Zip=postcode|Main Phone=phone|Mobile Phone=mobile|Email=email|"
    "Date Created=created|Source=source",
    "AccuLynx": "Job Number=external_id|Job Name=title|Primary Contact=name|Contact Phone=phone|Contact Email=email|"
    "Current Milestone=stage|Milestone Date=stage_since|Lead Source=source|Primary Salesperson=rep|Job Address=street",
    "Jobber": "Display Name=name|First Name=first_name|Last Name=last_name|Company Name=company|Main Phone=phone|"
    "Work Phone=phone|Mobile Phone=mobile|Fax|Home Phone=phone|Other Phone=phone|E-mails=email|"
    "Service Street 1=street|Service Street 2=street_2|Service City=city|Service State=state|Service ZIP=postcode|"
    "Service Country=country|Lead Source=source|Created Date=created|Tags",
    "Housecall Pro": "Customer ID=external_id|First Name=first_name|Last Name=last_name|Display Name=name|"
    "Mobile Number=mobile|Home Number=phone|Work Number=phone|Email=email|Additional Emails=email|Company=company|"
    "Street Line 1=street|Street Line 2=street_2|City=city|State=state|Zip=postcode|Lead Source=source|"
    "Created At=created|Customer Notes=note",
    "Google Ads": "Lead ID=external_id|Submit date=created|Asset ID|Campaign ID|Campaign name=campaign|Ad group name|"
    "GCL ID|User name=name|User email=email|User phone=phone|Postal code=postcode|City=city|Street address=street",
    "of drafts": "Klant=name|Gemaakt=created|Suite à donner=next_step",
    "typed by hand": "Who=name|Drafted date=created|Ballpark=value|How'd they hear=source|Sales guy=rep|"
    "Do next=next_step",
    "Meta lead ads": "id=external_id|created_time=created|ad_id|ad_name|adset_id|adset_name|campaign_id|"
    "campaign_name=campaign|form_id|form_name|is_organic|platform|full_name=name|email=email|phone_number=phone|"
    "street_address=street|city=city|zip_code=postcode",
    "Google lead forms": "Lead ID=external_id|Campaign ID|Campaign=campaign|Full name=name|Email=email|"
    "Phone number=phone|Postal code=postcode|Lead submit time=created|Form ID",
    "Google Contacts": "Name Prefix|First Name=first_name|Middle Name=infix|Last Name=last_name|Name Suffix|Nickname|"
    "Organization Name=company|Organization Title|Birthday|Notes=note|E-mail 1 - Label|E-mail 1 - Value=email|"
    "E-mail 2 - Value=email|Phone 1 - Label|Phone 1 - Value=phone|Phone 2 - Value=phone|Address 1 - Label|"
    "Address 1 - Formatted|Address 1 - Street=street|Address 1 - City=city|Address 1 - PO Box|Address 1 - Region=state|"
    "Address 1 - Postal Code=postcode|Address 1 - Country=country|Address 1 - Extended Address=street_2|"
    "Website 1 - Value",
    "Google Contacts of old, the address whole": "Name=name|E-mail 1 - Value=email|Address 1 - Formatted=street",
    "QuickBooks": "Customer=name|Bill Address Street=street|Bill Address City=city|Bill Address State=state|"
    "Bill Address Zip=postcode|Main Phone=phone|Main Email=email|Customer Since=created",
    "Apple, as a list": "First=first_name|Last=last_name|Phone : iPhone=mobile|Email : home=email|"
    "Address : home : Street=street|Address : home : ZIP=postcode",
    "Dutch sales": "Vestigingsadres=street|Vest. postcode=postcode|Vest. plaats=city|Datum 1e contact=created|"
    "Verkoopfase=stage|Contactpersoon=name",
    "A bill's customer": "Billing First Name=first_name|Billing Last Name=last_name|billing_company=company|"
    "Billing City=city|Last Reach",
    "Words cut short": "Voornaam=first_name|Tussenv.=infix|Achtern.=last_name|Woonpl.=city|Postcode klus=postcode",
    "Cut short by hand": "Fam.naam=last_name|Voorn.=first_name|Woonpl.=city|Postc.=postcode|Tel. mob.=mobile|"
    "Mail-adr.=email|Property Mgr Email",
    "In brackets": "Phone (Mobile)=mobile|Address (Address)=street|City (Address)=city|Postal Code (Address)=postcode|"
    "customer[email]=email|customer[first_name]=first_name",
    "French and Spanish in short": "Raison sociale=company|CA potentiel=value|F. alta=created|Tfno. móvil=mobile",
    "Italian": "Nome=first_name|Cognome=last_name|Cellulare=mobile|Indirizzo=street|CAP=postcode|Città=city",
    "Polish": "Imię=first_name|Nazwisko=last_name|Tel. kom.=mobile|Ulica=street|Kod pocztowy=postcode|Miasto=city",
    "Russian": "Имя=first_name|Фамилия=last_name|Почта=email|Телефон=phone|Адрес=street|Город=city|Комментарий=note",
    "Japanese": "氏名=name|会社名=company|メールアドレス=email|電話番号=phone|郵便番号=postcode|住所=street|備考=note",
    "A firm by its account": "Vorname=first_name|Nachname=last_name|Kontoname=company|Weiteres Telefon=phone",
    "The same in French and Dutch": "Nom=name|Nom du tiers=company|Adresse=street",
    "A trade register's": "Handelsnaam=company|Straat=street|Plaats=city",
    "Another way to be reached": "Nombre=name|Email Alternativo:=email|Tel. Alternativo:=phone|Tel. Asistente:",
    "A related company": "Name=name|Zugehöriges Unternehmen=company",
    "The same in Spanish": "Nombre=name|Empresa asociada=company|Piso/Pta=street_2|Calle=street",
    "The same in French": "Nom=name|Société liée=company|Compl. adr.=street_2|Adresse privée=street|Tél dom.=phone",
    "The same in Dutch": "Naam=name|Gerelateerd bedrijf=company|Telefoon assistent|Telefoon architect",
    "A stair": "Nombre=name|Calle=street|Esc.=street_2",
    "Bitrix24": "Nombre=name|Calle, número=street|Apartamento, oficina, habitación, piso=street_2|Postal=postcode",
    "Outlook": "Title|First Name=first_name|Middle Name=infix|Last Name=last_name|Suffix|Company=company|Department|"
    "Job Title|Home Street=street|Home City=city|Home State=state|Home Postal Code=postcode|"
    "Home Country/Region=country|Business Fax|Business Phone=phone|Home Phone=phone|Home Phone 2=phone|"
    "Mobile Phone=mobile|E-mail Address=email|E-mail Type|E-mail Display Name|E-mail 2 Address=email|Notes=note|"
    "Assistant's Phone|Spouse|Web Page",
    "Apple": "First name=first_name|Last name=last_name|Organization=company|Job title|Phone: Mobile=mobile|"
    "Phone: Home=phone|Email: Home=email|Address: Home Street=street|Address: Home City=city|"
    "Address: Home State=state|Address: Home ZIP=postcode|Birthday|Note=note",
    "monday.com": "Name=name|Owner=rep|Status=status|Phone=phone|Email=email|Deal Value=value|Lead Source=source|"
    "Creation Date=created|Last Updated|Item ID (auto generated)",
    "Airtable": "Lead Name=name|Email Address=email|Phone #=phone|Property Address=street|Estimated Value=value|"
    "Assigned Rep=rep|Lead Stage=stage|Date Added=created|Next Follow-Up Date=next_step_at|Attachments",
    "another roofer": "H/O Name=name|Tel#=phone|Hm Ph=phone|Addy=street|Cty=city|Zip=postcode|Bid Amount=value|"
    "Sold By=rep|Sold Date=won_at|F/U Date=next_step_at|How did you hear about us?=source|Job #=external_id",
    "Dutch": "Naam klant=name|Voornaam klant=first_name|Telefoonnummer klant=phone|Mobiel telefoonnummer=mobile|"
    "Contact e-mail=email|Straat + huisnr=street|Postcode=postcode|Woonplaats=city|Land=country|"
    "Bron van de lead=source|Toegewezen aan=rep|Bedrag (excl. btw)=value|Datum binnenkomst=created|"
    "Laatste contact=touched|Volgende actie=next_step|Datum volgende actie=next_step_at|Reden verlies=lost_reason|"
    "Opmerkingen=note|Aangemaakt door|Geboortedatum",
    "German": "Vorname=first_name|Nachname=last_name|Firma=company|E-Mail-Adresse=email|Telefonnummer=phone|"
    "Tel. mobil=mobile|Straße und Hausnummer=street|PLZ=postcode|Ort=city|Bundesland=state|Land=country|"
    "Leadquelle=source|Zuständig=rep|Auftragswert=value|Eingangsdatum=created|Letzter Kontakt=touched|"
    "Nächster Schritt=next_step|Bemerkungen=note|Kundennummer=external_id|Phase=stage|Anrede|Geburtsdatum|"
    "Erstellt von|Grund für Verlust=lost_reason|Währung=currency",
    "German by hand": "Ansprechpartner=name|Handy=mobile|Rufnummer=phone|Mail=email|Anschrift=street|"
    "Haus-Nr.=house_number|Stadt=city|Quelle=source|Angebotssumme=value|Erstellt am=created|Betreff=title|"
    "Kunden-Nr.=external_id|Verkäufer=rep|Status=status",
    "French": "Nom=last_name|Prénom=first_name|Société=company|Adresse e-mail=email|Téléphone=phone|"
    "Téléphone portable=mobile|Adresse=street|Complément d'adresse=street_2|Code postal=postcode|Ville=city|"
    "Pays=country|Source du lead=source|Commercial=rep|Montant=value|Date de création=created|Statut=status|"
    "Étape=stage|Dernier contact=touched|Prochaine étape=next_step|Date de relance=next_step_at|Commentaires=note|"
    "Motif de perte=lost_reason|Civilité|Date de naissance|Créé par",
    "French by hand": "Nom et prénom=name|N° de téléphone=phone|Courriel=email|Rue=street|Commune=city|"
    "Devis=value|Reçu le=created|Origine=source|Assigné à=rep|Nom de l'entreprise=company|Remarques=note",
    "Spanish": "Nombre=first_name|Apellidos=last_name|Empresa=company|Correo electrónico=email|Teléfono=phone|"
    "Móvil=mobile|Dirección=street|Código postal=postcode|Ciudad=city|Provincia=state|País=country|Origen=source|"
    "Responsable=rep|Importe=value|Fecha de creación=created|Estado=status|Último contacto=touched|"
    "Próximo paso=next_step|Observaciones=note|Motivo de pérdida=lost_reason|Fecha de nacimiento|Creado por",
    "Spanish by hand": "Nombre y apellidos=name|Nº de teléfono=phone|Correo=email|Calle y número=street|CP=postcode|"
    "Localidad=city|Presupuesto=value|Fecha de alta=created|Fuente=source|Asignado a=rep|Comentarios=note|"
    "Fecha próximo seguimiento=next_step_at",
    "HubSpot fr": "ID de fiche=external_id|Prénom=first_name|Nom de famille=last_name|E-mail=email|"
    "Numéro de téléphone=phone|Numéro de téléphone mobile=mobile|Propriétaire du contact=rep|"
    "Statut du lead=status|Date de création=created|Adresse postale=street|Ville=city|État/Région=state|"
    "Code postal=postcode|Pays/Région=country|Nom de l'entreprise=company|Date de la dernière activité=touched|"
    "Source d'origine=source",
    "HubSpot es": "ID de registro=external_id|Nombre=first_name|Apellidos=last_name|Correo=email|"
    "Número de teléfono=phone|Número de teléfono móvil=mobile|Propietario del contacto=rep|Estado del lead=status|"
    "Fecha de creación=created|Dirección=street|Ciudad=city|Estado/región=state|Código postal=postcode|"
    "País/región=country|Nombre de la empresa=company|Fecha de la última actividad=touched|Fuente original=source",
    "Pipedrive es": "Trato - Título=title|Trato - Valor=value|Trato - Moneda de Valor=currency|"
    "Trato - Etapa=stage|Trato - Propietario=rep|Trato - Estado=status|Trato - Persona de contacto=name|"
    "Trato - Organización=company|Trato - Trato creado=created|Trato - Fecha de próxima actividad=next_step_at|"
    "Trato - Motivo de la pérdida=lost_reason|Persona - Teléfono - Trabajo=phone|"
    "Persona - Correo electrónico - Trabajo=email",
    "Salesforce fr": "Propriétaire de la piste=rep|Prénom=first_name|Nom de famille=last_name|Société=company|"
    "Origine de la piste=source|Rue=street|Ville=city|État/Province=state|Code postal=postcode|Pays=country|"
    "Téléphone=phone|Mobile=mobile|E-mail=email|Statut de la piste=status|Date de création=created",
    "Zoho contacts": "Record Id=external_id|Contact Owner=rep|First Name=first_name|Last Name=last_name|"
    "Account Name=company|Email=email|Phone=phone|Home Phone=phone|Other Phone=phone|Mobile=mobile|"
    "Mailing Street=street|Mailing City=city|Mailing State=state|Mailing Zip=postcode|Mailing Country=country|"
    "Lead Source=source|Created Time=created|Description=note|Date of Birth",
    "Odoo es": "ID externo=external_id|Oportunidad=title|Nombre de contacto=name|Nombre de la empresa=company|"
    "Correo electrónico=email|Teléfono=phone|Móvil=mobile|Calle=street|Calle 2=street_2|Ciudad=city|C.P.=postcode|"
    "País=country|Comercial=rep|Etapa=stage|Ingreso esperado=value|Origen=source|Creado el=created|Notas=note",
    "Outlook fr": "Titre|Prénom=first_name|Deuxième prénom=infix|Nom=last_name|Suffixe|Société=company|Service|"
    "Rue (domicile)=street|Ville (domicile)=city|Dép/Région (domicile)=state|Code postal (domicile)=postcode|"
    "Pays/Région (domicile)=country|Télécopie (bureau)|Téléphone (bureau)=phone|Téléphone (domicile)=phone|"
    "Tél. mobile=mobile|Adresse de messagerie=email|Notes=note",
    "Outlook es": "Título|Nombre=first_name|Segundo nombre=infix|Apellidos=last_name|Organización=company|"
    "Calle del domicilio=street|Ciudad de domicilio=city|Provincia o estado de domicilio=state|"
    "Código postal de domicilio=postcode|País o región de domicilio=country|Teléfono del trabajo=phone|"
    "Móvil=mobile|Dirección de correo electrónico=email|Notas=note",
    "Meta fr": "id=external_id|created_time=created|ad_id|ad_name|campaign_name=campaign|form_name|is_organic|"
    "platform|nom_complet=name|e-mail=email|numéro_de_téléphone=phone|adresse_postale=street|ville=city|"
    "code_postal=postcode",
    "Less Annoying": "Contact Id=external_id|First Name=first_name|Middle Name=infix|Last Name=last_name|"
    "Company Name=company|Job Title|Email (Work)=email|Email (Personal)=email|Phone (Mobile)=mobile|"
    "Phone (Work)=phone|Address (Street)=street|Address (City)=city|Address (State)=state|Address (Zip)=postcode|"
    "Address (Country)=country|Background Info=note|Assigned To=rep|Date Added=created|Birthday",
    "Google de": "Vorname=first_name|Zweiter Vorname=infix|Nachname=last_name|Spitzname|"
    "Name der Organisation=company|Position in der Organisation|Geburtstag|Notizen=note|E-Mail 1 – Label|"
    "E-Mail 1 – Wert=email|Telefonnummer 1 – Label|Telefonnummer 1 – Wert=phone|Adresse 1 – Straße=street|"
    "Adresse 1 – Ort=city|Adresse 1 – Region=state|Adresse 1 – Postleitzahl=postcode|Adresse 1 – Land=country",
    "AFAS": "Naam=last_name|Roepnaam=first_name|Telefoonnr. werk=phone|Mobiel werk=mobile|E-mail werk=email|"
    "Straat=street|Huisnummer=house_number|Toevoeging aan huisnr.=street_2|Woonplaats=city|Datum aanmaak=created",
    "weclapp": "Straße=street|Hausnr.=house_number|PLZ=postcode|Ort=city|Mobiltelefon=mobile|Angefragt am=created",
    "noCRM": "Titre de l'opportunité=title|Champ : Prénom=first_name|Champ : Téléphone=phone|"
    "Champ : Code postal=postcode",
    "MarketSharp": "FullName=name|CellPhone=mobile|EmailAddr=email|Addr1=street|InqDate=created",
    "a Dutch and a French hand": "wie=name|vaste lijn=phone|Port.=mobile|Lieu du chantier=street|Connu par=source",
    "Of people or firms": "Nom / Raison sociale=name|Code postal=postcode",
    "Of people or firms, in Spanish": "Nombre o razón social=name|C.P.=postcode",
    "Of people or firms, in German": "Firma/Nachname=last_name|Vorname=first_name|LKZ=country|Vertreter=rep",
    "Both names": "Vor- und Nachname=name|Handynummer=mobile",
    "Both names in Dutch": "Voor- en achternaam=name|Mobiel=mobile",
    "As it is shown": "Nombre mostrado=name|Móvil=mobile",
    "Hebrew": "שם=name|טלפון=phone|אימייל=email|כתובת=street|הערות=note",
    "Housecall jobs": "Job #=external_id|Customer name=name|Customer email=email|Customer mobile phone=mobile|"
    "Customer home phone=phone|Street=street|City=city|State=state|Zip=postcode|Job status=status|"
    "Job amount=value|Lead source=source|Assigned employees=rep|Job created date=created|Description=note",
}
PAIRS = {
    name: [(heading, field) for heading, _is, field in (pair.partition("=") for pair in table.split("|"))]
    for name, table in TABLES.items()
}


def understood(header: list[str], *rows: list[str]) -> FileColumns:
    return find_columns(TableRecord(number, cells) for number, cells in enumerate([header, *rows], 1))


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_understood(name: str) -> None:
    columns = understood([heading for heading, _field in PAIRS[name]])
    found = {heading: columns.code(at) for at, (heading, _field) in enumerate(PAIRS[name])}
    found = {heading: "" if code in (KEEP, LEAVE) else code for heading, code in found.items()}
    assert found == dict(PAIRS[name])


@pytest.mark.parametrize("name", TABLES)
def test_the_order_and_the_spelling_do_not_matter(name: str) -> None:
    alone = {"Adresse e-mail", "E-mail Display Name", "User name", "User email", "User phone"}
    pairs = [pair for pair in reversed(PAIRS[name]) if pair[0] not in alone]
    columns = understood([heading.upper() for heading, _field in pairs])
    # A product's marks are written as it writes them: of one that is not recognised most is still understood.
    right = sum(field == "" or columns.code(at) == field for at, (_heading, field) in enumerate(pairs))
    assert right >= 0.8 * len(pairs)


@pytest.mark.parametrize(
    "heading",
    ["Owner ID", "Created by", "Quote sent", "Modified Time", "Adjuster Phone", "E-mail 1 - Type", "Phone type",
     "Fax", "Number of calls", "Roof Type", "Year Built", "Email Opt Out", "Referral Name", "Last Updated",
     "Birth Date", "Company ID", "Ad Name", "Best time to call", "Shoe size", "", "#", "?", "x" * 5000, "a b " * 999],
)  # fmt: skip
def test_a_word_too_many_is_no_guess(heading: str) -> None:
    assert meaning_of(heading).field is None


@pytest.mark.parametrize(
    ("header", "rows", "meant"),
    [
        ("Customer|Job Address|Owner", ["5 Reef Way|x|Ann", "12 Oak Ave|y|Ann", "1 A St|z|Ann"],
         ["name", "street", "rep"]),
        ("Owner|Phone", ["Ann Lee|813-555-0100", "Bob Ray|813-555-0101", "Cy Day|813-555-0102"], ["name", "phone"]),
        ("Naam|Voornaam|Mail", ["Jansen|Piet|p@example.nl", "de Vries|Jan|j@example.nl"],
         ["last_name", "first_name", "email"]),
        ("Naam|Voornaam|Mail", ["Piet Jansen|Piet|p@example.nl", "Jan de Vries|Jan|j@example.nl"],
         ["name", "first_name", "email"]),
        ("Lead|Display Name|Phone", ["true|Ann Lee|813-555-0100", "false|Bob|813-555-0101"], ["keep", "name", "phone"]),
        ("Name|City|ST", ["Ann|Tampa|FL", "Bob|Macon|GA"], ["name", "city", "state"]),
        ("T.a.v.|Bezoekadres straat|Bezoekadres nr|Via", ["Ann|Dam|1|web"],
         ["name", "street", "house_number", "source"]),
        ("Klant|Contactpersoon|Bedrag", ["Bakkerij Smet|Koen Smet|5", "Griet Wals||6"],
         ["name", "contact_person", "value"]),
        ("Naam|Roepnaam|Mail", ["J.P. Jansen|Jan|p@example.nl", "M. 't Hart|Maartje|j@example.nl"],
         ["name", "first_name", "email"]),
        ("Nome|Via|CAP", ["Ann Riva|Via Roma|00184", "Bob Riva|Corso Italia|20121"], ["name", "street", "postcode"]),
        ("Name|Size|Entry", ["Ann|big|web", "Bob|small|call", "Cy|big|web"], ["name", "keep", "keep"]),
        ("Cust. First|Cust. Last|Last Cust.", ["Ann|Lee|2.3.2026", "Bob|Fox|4.3.2026", "Cy|Ray|5.3.2026"],
         ["first_name", "last_name", "touched"]),
        ("Telefon kom.|Gem.|Kom.", ["501 234 567|Gent|x", "602 345 678|Aalst|y", "603 456 789|Lier|z"],
         ["mobile", "city", "keep"]),
        ("Familienaam|Voornaam|Wie", ["Smet|Ann|Rita", "Wals|Bob|Rita", "Haan|Cy|Rita"],
         ["last_name", "first_name", "keep"]),
        ("PLZ Einsatzort|Einsatzort|Kunde", ["10115|Berlin|Ann", "80331|Ulm|Bob", "50667|Bonn|Cy"],
         ["postcode", "city", "name"]),
        ("Naam|Postc.|Wpl.", ["Ann Lee|1017 GC|Edam", "Bob Fox|1018 AB|Tiel", "Cy Ray|1019 AA|Ede"],
         ["name", "postcode", "city"]),
        ("Tél MO|Vestigingsnummer|Einsatzort Straße|Postcode en huisnummer",
         ["01 42 68 53 00|100234|Am Markt 3|1017 GC 12", "04 78 63 12 34|100235|Lindenweg 4|3511 AB 4",
          "02 40 99 48 00|100236|Schulstr. 7|4001 AA 1"], ["phone", "keep", "street", "keep"]),
        ("Contact|Comunidad|Departamento|City|Zip", ["2.3.2026|Sol|Ventas|5|Ann", "4.3.2026|Mar|Obras|6|Bob",
         "5.3.2026|Sol|Ventas|7|Cy"], ["keep", "keep", "keep", "keep", "keep"]),
        ("Name|Fax|Fax-Nr.|Fax (home)|Télécopie (bureau)", ["Ann|813-555-0100|813-555-0101|813-555-0103|813-555-0104",
         "Bob|813-555-0105|813-555-0106|813-555-0107|813-555-0108"], ["name", "keep", "keep", "keep", "keep"]),
        ("Name|Location", ["Ann|Sunset Condos West", "Bob|Palm Bay Plaza Two", "Cy|Delta Yard"], ["name", "keep"]),
        ("Name (Adressattyp Unternehmen)|Name (Adressattyp natürl. Person)|Vorname (Adressattyp natürl. Person)|Ort",
         ["Köhler KG|||Ulm", "|Lee|Ann|Bonn", "|Fox|Bob|Jena"], ["company", "last_name", "first_name", "city"]),
        ("Customer|Phone", ["Roof-7000|813-555-0100", "Roof-7001|813-555-0101", "Roof-7002|813-555-0102"],
         ["name", "phone"]),
        ("Card Name|Email", ["Ann Lee|a@a.example", "Bob Fox|b@b.example", "Cy Ray|c@c.example"], ["name", "email"]),
        ("Box Name|Email", ["Ann Lee|a@a.example", "Bob Fox|b@b.example", "Cy Ray|c@c.example"], ["name", "email"]),
        ("Property Owner|Owner|Phone", ["Ann Lee|Rita|813-555-0100", "Bob Ray|Rita|813-555-0101",
         "Cy Day|Rita|813-555-0102"], ["name", "rep", "phone"]),
        ("Eigenaar pand|Verkoper|Tel", ["Ann Lee|Rita|020 5550100", "Bob Ray|Rita|020 5550101",
         "Cy Day|Rita|020 5550102"], ["name", "rep", "phone"]),
        ("Name|Property Owner|Phone", ["Ann Lee|Palm LLC|813-555-0100", "Bob Ray|Palm LLC|813-555-0101",
         "Cy Day|Bay LLC|813-555-0102"], ["name", "keep", "phone"]),
        ("Contact|Famille client", ["Ann Lee|Pro", "Bob Fox|Privé", "Cy Ray|Pro", "Di Moe|Pro"], ["name", "keep"]),
        ("Nom|Nom commercial|Montant TTC", ["Ann|Lee Toits|12\u202f000,00 €", "Bob|Fox SARL|5\xa0500,00 €",
         "Cy|Ray & fils|900,00 €"], ["name", "company", "value"]),
        ("Vorname|Nachname|Namenszusatz", ["Ann|Lee|Privat", "Bob|Fox|Privat", "Cy|Ray|Privat"],
         ["first_name", "last_name", "keep"]),
        ("Personne - Nom|Personne - Organisation|Toev. huisnr.|Straße", ["Ann Lee|Lee KG|a|Am Markt 3"],
         ["name", "company", "street_2", "street"]),
        ("Nombre|Región|Estado / Provincia|Ciudad|Población|Calle", ["Ana Sá||Sevilla|Écija||C/ Luna 5"],
         ["name", "keep", "state", "city", "keep", "street"]),
        ("Name|Region|Address|State|Street", ["Ann|||FL|5 Reef Way", "Bob|||GA|12 Oak Ave"],
         ["name", "keep", "keep", "state", "street"]),
        ("Nombre|E-mail|Nombre de pantalla del correo", ["Ann|ann@a.example|Ann Lee (ann@a.example)",
         "Bob|bob@b.example|Bob Ray (bob@b.example)"], ["name", "email", "keep"]),
        ("properties.firstname|properties.lastname|properties.company|properties.zip|id",
         ["Ann|Lee|Lee LLC|33605|1", "Bob|Fox|Fox LLC|33606|2"],
         ["first_name", "last_name", "company", "postcode", "external_id"]),
        ("Anrede|Vorname|Nachname|Namenszusatz", ["Frau|Ann|Lee|", "Herr|Bob|Fox|"],
         ["keep", "first_name", "last_name", "keep"]),
    ],
)  # fmt: skip
def test_cells_tell_what_a_name_does_not(header: str, rows: list[str], meant: list[str]) -> None:
    columns = understood(header.split("|"), *(row.split("|") for row in rows))
    assert [columns.code(at) for at in range(columns.width)] == meant


def test_each_of_two_addresses_keeps_its_postcode() -> None:
    """A postal code is no postal address, and "Huisadres" is a home's in one word."""
    header = "Naam|Werkadres|Werkadres, postcode|Huisadres|Service Postal Code".split("|")
    assert address_of("Service Postal Code") == address_of("Service Street") < address_of("Postal Street")
    columns = understood(header)
    street, postcode = (next(f for f in columns.fields if f == name) for name in ("street", "postcode"))
    assert columns.first(street, ["Ann", "", "", "2 Home Rd", ""]) == "2 Home Rd"
    assert columns.first(postcode, ["Ann", "1 Work Rd", "1234 AB", "", ""]) == "1234 AB"


def test_of_two_addresses_the_first_one_a_row_has_is_taken_whole() -> None:
    header = "Name|Business Street|Business City|Home Street|Home City|Other Note".split("|")
    columns = understood(header)
    home = ["Ann", "1 Work Rd", "Tampa", "2 Home Rd", "Miami", "x"]
    street, city = (next(f for f in columns.fields if f == name) for name in ("street", "city"))
    assert (columns.first(street, home), columns.first(city, home)) == ("2 Home Rd", "Miami")
    assert dict(columns.rest(home)) == {"Business Street": "1 Work Rd", "Business City": "Tampa"}
    work = ["Ann", "1 Work Rd", "Tampa", "", "", ""]
    assert (columns.first(street, work), columns.first(city, work)) == ("1 Work Rd", "Tampa")
    assert dict(columns.rest(work)) == {}
