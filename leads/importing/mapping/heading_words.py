"""Words of column names and what each means, in English, Dutch, German, French and Spanish, abbreviations included.

Of Italian, Portuguese and Polish those of how somebody is called, reached and found.

Without accents and case. What words mean together is in heading_senses.py.
"""

from collections.abc import Iterable
from functools import lru_cache

# One meaning a line; a word may have several. The words of one meaning are of all languages.
_WORDS = {
    # Whose it is says nothing, as all is the lead's.
    "party": (
        "personne personnes contact contacts contacter customer customers cust client clients person people "
        "homeowner homeowners ho prospect prospects applicant consumer guest subscriber klant klanten contactpersoon "
        "persoon relatie aanvrager kunde kunden kundin ansprechpartner kontakt kontakte kontaktperson "
        "interessent interessenten auftraggeber resident residents occupant occupants contacto contactos cliente "
        "clientes persona interlocuteur interesado bewohner klienta contatto contato consument bewoner bewoners "
        "invitee invitees attendee attendees respondent respondents buyer buyers purchaser recipient registrant "
        "registrants visitor caller payer insured policyholder participant shopper borrower borrowers "
        "enquirer opdrachtgever opdrachtgevers koper kopers deelnemer afnemer debiteur inschrijver geadresseerde "
        "bauherr bauherren bauherrin besteller bestellerin kaufer kauferin mandant mandanten patient teilnehmer "
        "empfanger debitor absender anfragender anfragesteller kontaktpersonen ansprechpersonen ansprechperson "
        "acheteur acquereur demandeur destinataire beneficiaire titulaire abonne adherent inscrit comprador "
        "solicitante titular destinatario suscriptor asistente committente acquirente intestatario richiedente "
        "referente clienti nominativo contatti contatos comprador klienci nabywca odbiorca zamawiajacy"
    ),
    "whose": (
        "primary main default preferred best your display individual hoofd haupt person principal principale "
        "full complete volledig volledige vollstandig vollstandige complet completa completo current other "
        "others alternate alt secondary second additional overig overige andere sonstige autre otro otra "
        "original traffic associated related externe externo oorspronkelijke oorspronkelijk ursprungliche "
        "ursprunglich vollstandiger internal intern interne interna interno direct daytime evening day night "
        "overdag avond tagsuber abends journee soir contactable mostrado affiche zugehorig zugehorige zugehoriger "
        "zugehoriges zugeordnet zugeordnete zugeordneter zugeordnetes verknupft verknupfte verknupftes liee lie lies "
        "associee associe asociada asociado relacionada relacionado vinculada vinculado gerelateerd gerelateerde "
        "gekoppeld gekoppelde linked primair primaire primar primares primarer management mgmt"
    ),
    # As the tax office knows them: a firm's name, mostly.
    "legal": "legal legale fiscal fiscale juridique statutaire",
    "lead": (
        "lead leads inquiry enquiry inquiries inq request anfrage anfragen aanvraag demande solicitud record entry "
        "piste pistes fiche ficha registro datensatz card box karte carte tarjeta kaart"
    ),
    "home": (
        "home hm res house huis residence residential personal private priv prive thuis privat domicile "
        "domicilio particular dom privee privees privada privado particulier hogar maison woon wohn wohnsitz domicilie "
        "zuhause casa residencia residenza abitazione"
    ),
    "work": (
        "work wk office business biz professional bureau zakelijk werk geschaft geschaftlich dienstlich "
        "beruflich buro professionnel pro travail trabajo oficina profesional laboral vestiging vest dienst "
        "firmen geschaftsadresse werkplek zentrale centrale switchboard siege sede ufficio lavoro"
    ),
    "site": (
        "property prop site job jobsite service svc location loc project installation install physical mailing "
        "mail billing bill shipping postal bezoek objekt baustelle projekt chantier facturation livraison liefer "
        "rechnung rechnungsanschrift facturacion envio obra obras travaux werkzaamheden factuur werk werf klus "
        "uitvoering ausfuhrung einsatz cantiere montaz worksite bldg building premises premise immobilie "
        "immobile gebaude "
        "logement bien vivienda inmueble nave uitvoer uitvoerings objecten afleverings aflever lever "
        "montage"
    ),
    # Whom a bill or parcel goes to is the customer too.
    "bill": (
        "bill billing shipping ship delivery facturation rechnung facturacion factuur livraison liefer lieferung "
        "envio versand fatturazione spedizione lever aflever afleverings entrega consegna wysylki dostawy"
    ),
    "buyer": (
        "customer customers cust client clients kunde kunden kundin klant klanten cliente clientes opdrachtgever "
        "koper bauherr auftraggeber besteller acheteur comprador committente"
    ),
    "and": "and et und y e en",
    "by": "by von door par",
    # With those of questions: "What is your postcode?".
    "small": (
        "the a an of for to is s what whats our in et und and y e en de la le les el los las del du des d l der "
        "die das dem den het een van zu zum zur fur pour para por op am im o ou oder how did you about us where "
        "your are we can could which live do please enter my wat je jouw uw u welk welke waar woon "
        "woont kunnen bent wie lautet ihre ihr ihrer deine dein was ist welcher welchem welchen wohnen wohnst "
        "unter wir sie quel quelle est votre vos dans habitez vous pouvons que cual es su tu sus vive vives "
        "podemos di della dello da w i field fields custom veld velden feld felder champ champs campo campos cf "
        "il lo gli un una uno mi mij mijn mein meine mon ma mes mis mio mia vul graag bitte unsere unser notre "
        "nos nuestro nuestra seu sua ci nous je tu ich ik ce cette quels wo waarop worauf sur con met mit avec with at"
    ),
    "email": (
        "email emails mail mails messagerie eml courriel courriels correo correos mel emailadres mailadres epost "
        "mailadresse posta mailbox maildres emailaddr emailaddress emailaddresses poczta"
    ),
    "reach": (
        "reach erreichen bereiken bereikbaar joindre contactar contactarte rejoindre recapito recapiti raggiungere"
    ),
    "electronic": (
        "electronic electronico electronique elektronisch elettronica elettronico eletronico elektroniczna "
        "elektroniczny"
    ),
    "phone": (
        "phone phones ph phn telephone tel tele telefon telefoon telefono telefonos fon fono landline rufnummer "
        "rufnr festnetz fixe fijo vast vaste telefonnr tlf tfno tlfno phonenumber telnr telno callback telefone "
        "telefones fisso fixo stacjonarny telefonu telefoonnummers bel belnummer doorkies doorkiesnummer "
        "durchwahl fernruf telefonnummern telephonique telefonico telefonica dial contactnumber phonenr "
        "fonnummer tfn telef"
    ),
    "mobile": (
        "mobile mob mobil mobiel mobiele cell cellphone cellular cel handy handynr gsm portable movil celular "
        "cellulare cellulari telemovel komorka komorkowy whatsapp whats natel smartphone iphone text sms "
        "mobilfunk mobilnr handynummer mobilnummer mobiltelefon mobieltje smartphonenummer komorkowe"
    ),
    "no": "no nr num number numbers nummer nummern numero nos nro n numer",
    "street": (
        "street addy str strasse straat rue calle addr addresse address addresses adres adresse adressen "
        "direccion indirizzo morada endereco rua ulica anschrift straatnaam voie via avenida domicile domicilio "
        "adr adresregel wohnanschrift strassenname viale corso piazza gasse chemin sokak lane avda direcc "
        "strassen anschriften hausanschrift laan direccio"
    ),
    "line": "line partie lijn regel zeile ligne linea lines regels zeilen lignes lineas riga linha",
    # A place that may be an address, or no more than a town.
    "spot": "location locatie standort lieu lugar ubicacion emplacement loc",
    # Google's second line of an address, and the whole of it in one cell.
    "extended": "extended",
    "formatted": "formatted",
    # The second line of an address.
    "unit": (
        "unit suite apt apartment apartments ste appartement wohnung piso flat suites appt puerta planta "
        "lokal mieszkanie adresszusatz anschriftenzusatz strassenzusatz complement toev toevoeging bus busnummer "
        "apartamento habitacion depto dpto dept pta portal esc escalera escalier bat batiment etage verdieping stiege "
        "compl cplt cpl zusatz addressline2"
    ),
    # One word for the number of a house.
    "houseno": "civico hausnr hsnr hnr huisnr hausnummer huisnummer housenumber",
    "house": "house huis haus casa civico domu dom",
    "zip": (
        "cap cep zip zipcode postcode plz postleitzahl codepostal cp pc postalcode eircode pincode "
        "postleitzahlen postcodes postnummer codpostal zips codigopostal"
    ),
    "post": "post postal postale pocztowy",
    "code": "code codigo kod cod cd",
    "city": (
        "citta cidade localidade miasto miejscowosc city cty town stadt ort wohnort plaats woonplaats plaatsnaam "
        "ville commune ciudad localidad poblacion localita comune municipio municipality gemeente gemeinde "
        "locality suburb stad ortschaft cities dorp village parish ortsname stadtname pueblo concelho freguesia "
        "municipalite ciudades bourg localite localites municipalites kommune"
    ),
    # A part of a town.
    "suburb": "suburb parish village freguesia ortsteil wijk quartier barrio",
    "state": (
        "state province prov region dep bundesland provincie regio departement provincia kanton county autonoma "
        "states provinces stateprovince uf prowincja wojewodztwo cantone canton"
    ),
    # A part of Spain, or the owners of a house together.
    "community": "comunidad",
    # A country as well as a part of one.
    "staat": "staat stato",
    "country": "country land pays pais lkz landerkurzel nation landcode staat nazione paese kraj countries nacion",
    "name": "name names naam namen nom noms nombre nombres nm nome nazwa denomination denominazione denominacion "
    "anzeigename weergavenaam affichage",
    "first": "first given fore f 1st 1e 1er eerste erste erster premier premiere primer primera pila",
    "firstname": (
        "imie fname firstname forename vorname vornamen voornaam prenom prenoms roepnaam rufname forenames "
        "christian prenume voorletters voorletter initialen initials givenname firstnames voornamen roepnamen"
    ),
    "last": "last family sur famille familie",
    "lastname": (
        "lname lastname surname nachname familienname zuname achternaam familienaam cognome sobrenome nazwisko "
        "apellido apellidos surnames lastnames familyname patronyme zunamen achternamen nachnamen apelido "
        "cognomi familiennamen"
    ),
    "further": "zweiter weitere weiterer deuxieme second segundo segunda tweede",
    "middle": "middle middelste infix tussenvoegsel tussenvoegsels voorvoegsel namenszusatz",
    "company": (
        "companies organisatie firmy azienda company co firm firma firmen firmenname unternehmen unternehmens "
        "organisation organization organizacion org betrieb entreprise societe raison sociale empresa compania "
        "bedrijf bedrijfsnaam onderneming razon social account accounts sociedad arbeitgeber employer employers "
        "workplace practice gesellschaft kanzlei firmenbezeichnung firmierung etablissement enseigne organisme "
        "employeur ditta societa impresa empresas societes bedrijven companyname businessname firmenkunde zaak "
        "werkgever organisatienaam ste cia"
    ),
    "date": (
        "date dates dt datum fecha time timestamp jour dia zeit zeitpunkt tijd tijdstip heure hora datetime day "
        "on at am vom op le el since seit sinds depuis desde uhrzeit f"
    ),
    "since": "since seit sinds depuis desde",
    "created": (
        "created create creation added add entered entry received recd submitted submission came in opened "
        "registered requested logged submit erstellt erstellung angelegt anlage eingang eingegangen erfasst "
        "erfassung anfragedatum erstelldatum aangemaakt aanmaak ontvangen ontvangst binnengekomen binnenkomst "
        "toegevoegd invoer angefragt solicitado cree creee ajout ajoute recu reception creado creada creacion alta "
        "recibido registro registrado registriert hinzugefugt aangevraagd intake inbound erstkontakt erstanfrage"
    ),
    "modified": (
        "modified updated update changed change edited geandert anderung aktualisiert gewijzigd wijziging "
        "bijgewerkt modifie modification modificado modificacion actualizado actualizacion mise jour"
    ),
    "latest": "last latest most recent letzte letzter letzten letztes laatste laatst dernier derniere ultimo ultima",
    "touched": (
        "contacted called call calls activity activities touch touched spoke spoken reached conversation "
        "aktivitat kontaktiert angerufen anruf activiteit gesproken gebeld activite appel appele actividad "
        "llamada llamado contactado kontaktaufnahme contactmoment"
    ),
    "next": "next upcoming nachste nachster nachsten nachstes volgende prochain prochaine proximo proxima siguiente",
    "followup": (
        "followup followups wiedervorlage opvolging opvolg vervolg relance seguimiento nachfassen rappel "
        "relancer suivi rappeler terugbel terugbellen llamar"
    ),
    "step": (
        "step action activity task todo schritt aktion aktivitat aufgabe stap actie taak etape tache accion paso "
        "tarea vervolgstap vervolgactie activiteit"
    ),
    "due": "due fallig faellig echeance vencimiento deadline",
    "source": (
        "source src origin quelle herkunft bron herkomst provenance origine fuente origen procedencia channel "
        "kanal kanaal canal leadquelle leadbron medium referrer hear heard found gefunden"
    ),
    "campaign": "campaign kampagne campagne campana",
    "stage": "stage phase fase etappe etape etapa stufe milestone",
    "status": "status statut situation situacion estatus disposition stand stat",
    # A part of a country, or how it stands with somebody.
    "estado": "estado etat",
    "rep": (
        "owner owners owned inhaber leadinhaber rep reps representative salesperson salesman salesrep sales "
        "assigned assignee agent agente vertreter "
        "responsible estimator consultant advisor verantwortlich verantwortlicher verantwortliche zustandig "
        "zustandiger bearbeiter sachbearbeiter besitzer betreuer verkaufer vertriebler vertrieb verkoper eigenaar "
        "adviseur verantwoordelijke toegewezen behandelaar accountmanager vendeur commercial responsable "
        "proprietaire assigne attribue relatiebeheerder vendedor propietario asignado comercial conseiller asesor "
        "medewerker mitarbeiter"
    ),
    "user": "user users usuario utilisateur gebruiker benutzer employee employees",
    "value": (
        "value amount amt price total estimate estimated est bid quote quoted quotation contract budget revenue "
        "worth size ca money wert betrag summe umsatz preis angebot angebotssumme volumen auftragswert bedrag waarde "
        "prijs omzet offerte orderwaarde montant valeur prix devis chiffre affaires importe valor monto precio "
        "presupuesto forecast revenu revenus "
        "ingreso ingresos estime estimee"
    ),
    "tax": (
        "tax taxes taxe ht ttc hors tva btw vat mwst ust iva net nett netto brutto gross excl excluding incl including "
        "exclusief inclusief exkl inkl exklusive inklusive sin con ohne"
    ),
    "cost": "cost costs fee fees kosten leadkosten cout couts coste costo spend",
    "currency": "currency wahrung waehrung devise moneda divisa valuta munteenheid",
    "note": (
        "note notes comment comments remark remarks memo details detail message messages description desc info "
        "information notiz notizen bemerkung bemerkungen kommentar kommentare anmerkung anmerkungen beschreibung "
        "nachricht hinweis notitie notities opmerking opmerkingen omschrijving toelichting bericht beschrijving "
        "summary background hintergrund opm obs bem anm remarque remarques commentaire commentaires informations "
        "nota notas comentario comentarios observacion "
        "observaciones observations mensaje descripcion bijzonderheden"
    ),
    "id": (
        "id ids identifier uuid guid key kennung identifiant identificador ref reference referenz referentie "
        "referencia referenznummer kundennummer kundennr klantnummer klantnr kenmerk"
    ),
    "title": (
        "title subject topic deal deals sales verkoop vertrieb vente ventes venta ventas "
        "opportunity opportunities job jobs project projects betreff titel titre objet "
        "sujet titulo asunto proyecto projet projekt vorhaben auftrag onderwerp opdracht kans negocio oportunidad "
        "affaire oppotunite opportunite verkaufschance verkoopkans anliegen trato tratos "
        "klus bauvorhaben"
    ),
    "lost": (
        "lost loss lose dead rejected declined verloren verlust verlies afgewezen abgelehnt perdu perdue perdido "
        "perdida perte disqualified unqualified absage"
    ),
    "reason": "reason why grund ursache reden raison motif motivo razon",
    "won": "won sold signed gewonnen verkauft verkocht gagne gagnee vendu ganado vendido akkoord",
    "ended": (
        "closed ended finished completed geschlossen abgeschlossen beendet afgesloten gesloten beeindigd ferme "
        "cloture termine cerrado terminado finalizado"
    ),
    "close": "close closing closure abschluss sluit sluiting cierre",
    "expected": (
        "expected forecast projected target erwartet erwartetes erwarteter erwartete voraussichtlich "
        "voraussichtliches verwacht "
        "verwachte prevu prevue estimado prevista previsto espere esperado "
        "esperada attendu potential potentiel potentielle potenziell potencial potentieel"
    ),
    "priority": "priority prio prioritat priorite prioridad prioriteit urgency urgent dringlichkeit urgentie urgence",
    "language": "language lang sprache langue idioma taal voertaal korrespondenzsprache",
    "pipeline": "pipeline pipelines funnel workflow pijplijn embudo",
    "kind": (
        "type types kind typ art soort tipo genre category categorie kategorie categoria label labels etikett tag"
    ),
    "brand": (
        "brand label merk marke marque marca vestiging division branch filiale filiaal niederlassung agence sucursal"
    ),
    "claim": "claim claims schaden schade sinistre siniestro schadennummer schadenummer",
    "insurer": (
        "insurer ins insurance carrier versicherung versicherer verzekeraar verzekering assurance assureur seguro "
        "aseguradora"
    ),
    # Somebody, or something, else's.
    "other": (
        "fax telefax faxnummer faxnr telecopie telecopieur adj asst assistant assistants adjuster spouse wife husband "
        "tenant tenants emergency mortgage realtor "
        "supervisor manager inspector referral referred referrer referring creator user form ad adset ads set "
        "platform page organic opt opted verified valid bounced unsubscribed domain count birthday birth dob "
        "geburtstag geburtsdatum geboortedatum naissance nacimiento website web url site photo image nickname "
        "salutation anrede aanhef civilite tratamiento suffix prefix position function funktion functie fonction "
        "cargo puesto age gender lat latitude lng longitude attachment signature subcontractor crew foreman sent "
        "opened clicked sync synced assistent yomi phonetic pobox attempts times consent optin gdpr avg "
        "dsgvo vat btw iban bic kvk architect architects broker lender landlord engineer locataire huurder "
        "inquilino mieter partner partners child children relative neighbour neighbor guarantor trustee attorney "
        "lawyer accountant host organizer organiser sender setter closer technician installer processor "
        "architekt architekten architecte arquitecto ayudante conjoint conjointe conyuge ehefrau ehemann ehepartner "
        "echtgenoot echtgenote epoux epouse marido esposa pareja vermieter verhuurder bailleur fournisseur lieferant "
        "leverancier proveedor bauleiter polier conducteur vorgesetzter vorgesetzten leidinggevende superviseur "
        "firmenzusatz underwriter vendor supplier team portal login username password photographer agency plumber"
    ),
}


# A word cut short has so many letters, with a full stop behind it and without; only a shorter one lacks its vowels.
_CUT_SHORT, _CUT_UNMARKED, _WITHOUT_VOWELS, _SHORTEST_CUT = 3, 4, 6, 2
# What is cut short without a full stop: how a customer is called, reached and found; other words would be chance.
_OFTEN_CUT = frozenset(
    "party home work site email phone mobile no street line unit house houseno zip city state country name first "
    "firstname last lastname company other".split()
)
_MOST_READINGS = 3
_VOWELS = frozenset("aeiou")


@lru_cache(maxsize=1)
def meanings() -> dict[str, frozenset[str]]:
    """Map each word to what it may mean."""
    found: dict[str, set[str]] = {}
    for meaning, words in _WORDS.items():
        for word in words.split():
            found.setdefault(word, set()).add(meaning)
    return {word: frozenset(each) for word, each in found.items()}


# Not split off: too short to tell from a part of another word.
_SHORTEST = 3
# What German and Dutch put between the words they join.
_JOINTS = ("", "s", "n", "en", "es", "e")


@lru_cache(maxsize=4096)
def parts_of(word: str) -> tuple[str, ...]:
    """Split a compound into known words: "telefonnummer", "auftragswert", "phonenumber"; () where one is unknown."""
    if word in meanings():
        return (word,)
    if len(word) > 40:
        return ()
    if word.endswith("nr") and (numbered := parts_of(word[:-2])):
        return (*numbered, "nr")
    for end in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
        if (first := word[:end]) in meanings():
            for joint in _JOINTS:
                rest = word[end + len(joint) :]
                if word[end:].startswith(joint) and len(rest) >= _SHORTEST and (more := parts_of(rest)):
                    return (first, *more)
    return ()


@lru_cache(maxsize=4096)
def written_out(word: str, *, is_marked: bool) -> tuple[str, ...]:
    """List words one may be cut short of, the likeliest first: "fam", "gem", "postc" before a full stop, "mgr", "strt".

    One for each meaning they have; the meaning of most of them goes first, and of its words the shortest. Where it is
    cut too short to tell ("pl.", "wpl."), it comes first itself, and these are guesses for the cells to agree to.
    """
    if not _SHORTEST_CUT <= len(word) <= 12 or not word.isalpha() or (len(word) < _CUT_SHORT and not is_marked):
        return ()
    known = meanings()
    long_enough = is_marked or len(word) >= _CUT_UNMARKED
    found = [full for full in known if long_enough and len(full) > len(word) and full.startswith(word)]
    if not is_marked or not found:
        is_bare = len(word) <= _WITHOUT_VOWELS and not _VOWELS & set(word[1:])
        found += [full for full in known if is_bare and len(word) >= _CUT_SHORT and _lacks_vowels(word, full)]
    if is_marked and (len(word) < _CUT_SHORT or not found):
        fits = str.startswith if len(word) < _CUT_SHORT else _is_abridged
        return (word, *_likeliest(full for full in known if known[full] & _OFTEN_CUT and fits(full, word)))
    return _likeliest(full for full in found if is_marked or known[full] & _OFTEN_CUT)


def _likeliest(words: Iterable[str]) -> tuple[str, ...]:
    by_meaning: dict[frozenset[str], list[str]] = {}
    for full in words:
        by_meaning.setdefault(meanings()[full], []).append(full)
    likeliest = sorted(by_meaning.values(), key=lambda words: (-len(words), min(map(len, words))))
    return tuple(min(words, key=len) for words in likeliest[:_MOST_READINGS])


def _is_abridged(full: str, word: str) -> bool:
    """Whether a word's letters stand in another in their order, from its first on: "wpl" in "woonplaats"."""
    letters = iter(full)
    return full[0] == word[0] and all(letter in letters for letter in word)


def _lacks_vowels(word: str, full: str) -> bool:
    """Whether a word is another's consonants, or all of them but one; of a vowel at its start none is missing."""
    bare = full[0] + "".join(letter for letter in full[1:] if letter not in _VOWELS)
    if word == bare or word[0] in _VOWELS or len(bare) != len(word) + 1:
        return word == bare
    return any(bare[:at] + bare[at + 1 :] == word for at in range(1, len(bare) - 1))
