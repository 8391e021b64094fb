"""Words of column names and what each means, in English, Dutch, German, French and Spanish, abbreviations included.

Of Italian, Portuguese and Polish those of how somebody is called, reached and found.

Without accents and case. What words mean together is in senses.py.
"""

from functools import lru_cache

# One meaning a line; a word may have several. The words of one meaning are of all languages.
_WORDS = {
    # Whose it is says nothing, as all is the lead's.
    "party": (
        "kd personne personnes contact contacts contacter customer customers cust client clients person people "
        "homeowner homeowners beneficiary ho prospect prospects applicant consumer guest subscriber klant klanten "
        "contactpersoon "
        "persoon relatie aanvrager kunde kunden kundin ansprechpartner kontakt kontakte kontaktperson interessent "
        "interessenten auftraggeber resident residents occupant occupants contacto contactos cliente clientes persona "
        "interlocuteur interesado bewohner klienta contatto contato consument bewoner bewoners invitee invitees "
        "attendee attendees respondent respondents buyer buyers purchaser recipient registrant registrants visitor "
        "caller payer insured policyholder participant shopper borrower borrowers enquirer opdrachtgever "
        "opdrachtgevers koper kopers deelnemer afnemer debiteur inschrijver geadresseerde bauherr bauherren bauherrin "
        "besteller bestellerin kaufer kauferin mandant mandanten patient teilnehmer empfanger debitor absender "
        "anfragender anfragesteller kontaktpersonen ansprechpersonen ansprechperson acheteur acquereur demandeur "
        "destinataire beneficiaire titulaire abonne adherent inscrit comprador solicitante titular destinatario "
        "suscriptor committente acquirente intestatario richiedente functionaris bestuurder gestionnaire presidente "
        "president voorzitter referente clienti nominativo contatti contatos klienci nabywca odbiorca zamawiajacy "
        "anrufer anruferin beller appelant llamante interessentin gerechtigde gerechtigden contractant contractanten "
        "requester filleul filleuls recomendado recomendada referido referida friend friends cli clt vertragspartner "
        "bauherrschaft eigentumer eigentumerin eigentumerschaft copropietario coproprietaire coproprietaires "
        "geworbener interessees titularis"
    ),
    "whose": (
        "primary main default preferred best your display individual hoofd haupt person principal principale full "
        "complete volledig volledige vollstandig vollstandige complet completa completo current other others "
        "alternate alt secondary second additional overig overige andere sonstige autre otro otra alternativo "
        "alternativa alternatif alternative alternatief alternatieve weiteres weitere weiterer original traffic "
        "associated related externe externo oorspronkelijke oorspronkelijk ursprungliche ursprunglich vollstandiger "
        "internal intern interne interna interno direct daytime evening day night overdag avond tagsuber abends "
        "journee soir contactable mostrado affiche zugehorig zugehorige zugehoriger zugehoriges zugeordnet "
        "zugeordnete zugeordneter zugeordnetes verknupft verknupfte verknupftes liee lie lies associee associe "
        "asociada asociado relacionada relacionado vinculada vinculado gerelateerd gerelateerde gekoppeld gekoppelde "
        "linked primair primaire primar primares primarer management mgmt algemeen algemene allgemein general "
        "generale generales angezeigter angezeigte nw nieuwe nieuw new neu neuer neue nouveau nouvelle nuevo nueva"
    ),
    # As the tax office knows them: a firm's name, mostly.
    "legal": "trading registered legal legale fiscal fiscale juridique juridico juridica statutaire",
    "lead": (
        "lead leads inquiry enquiry inquiries inq request anfrage anfragen aanvraag demande solicitud record entry "
        "piste pistes fiche ficha registro datensatz card box karte carte tarjeta kaart"
    ),
    "home": (
        "home hm res house huis residence residential personal private priv prive thuis privat domicile domicilio "
        "particular dom privee privees privada privado particulier hogar maison woon wohn wohnsitz domicilie zuhause "
        "casa residencia residenza abitazione"
    ),
    "work": (
        "work wk office business biz professional bureau zakelijk werk geschaft geschaftlich dienstlich beruflich "
        "buro professionnel pro travail trabajo oficina profesional laboral vestiging vest dienst firmen "
        "geschaftsadresse werkplek zentrale centrale switchboard siege sede ufficio lavoro arbeit arbeitsplatz"
    ),
    "site": (
        "property prop site job jobsite service svc location loc project installation install physical mailing mail "
        "billing bill shipping postal bezoek objekt baustelle projekt chantier facturation livraison liefer rechnung "
        "rechnungsanschrift facturacion envio obra obras travaux werkzaamheden factuur werk werf klus uitvoering "
        "ausfuhrung einsatz cantiere montaz worksite bldg building premises premise immobilie immobile gebaude "
        "logement bien vivienda inmueble nave uitvoer uitvoerings objecten afleverings aflever lever montage "
        "correspondentie facturatie korrespondenz correspondance correspondencia projet projets proyecto proyectos "
        "maildress depart arrivee vertrek aankomst laad los auszug einzug recogida pickup dropoff collection situs "
        "chantiers"
    ),
    # Whom a bill or parcel goes to is the customer too.
    "bill": (
        "bill billing shipping ship delivery facturation rechnung facturacion factuur livraison liefer lieferung "
        "envio versand fatturazione spedizione lever aflever afleverings entrega consegna wysylki dostawy facturen "
        "korrespondenz correspondance correspondencia correspondentie mail invoice facture fattura"
    ),
    "buyer": (
        "customer customers cust client clients kd kunde kunden kundin klant klanten cliente clientes opdrachtgever "
        "koper bauherr auftraggeber besteller acheteur comprador committente"
    ),
    "and": "and et und y e en",
    "by": "by von door par",
    # With those of questions: "What is your postcode?".
    "small": (
        "the a an of for to is s what whats our in et und and y e en de la le les el los las del du des d l der die "
        "das dem den het een van zu zum zur fur pour para por op am im o ou oder how did you about us where your are "
        "we can could which live do please enter my wat je jouw uw u welk welke waar woon woont kunnen bent wie "
        "lautet ihre ihr ihrer deine dein was ist welcher welchem welchen wohnen wohnst unter wir sie quel quelle est "
        "votre vos dans habitez vous pouvons que cual es su tu sus vive vives podemos di della dello da w i field "
        "fields custom veld velden feld felder champ champs campo campos cf il lo gli un una uno mi mij mijn mein "
        "meine mon ma mes mis mio mia vul graag bitte unsere unser notre nos nuestro nuestra seu sua ci nous ich ik "
        "ce cette quels wo waarop worauf sur con met mit avec with at from them they their who whom whose voor se "
        "situait situe stands te llamas llama enviamos mandamos heissen heet heten appelez envoyer sturen local"
    ),
    "email": (
        "email emails mail mails messagerie eml courriel courriels correo correos mel emailadres mailadres epost "
        "mailadresse posta mailbox maildres emailaddr emailaddress emailaddresses poczta"
    ),
    "reach": (
        "reach erreichen bereiken bereikbaar joindre contactar contactarte rejoindre recapito recapiti raggiungere "
        "ruckruf devolver rappeler terugbel"
    ),
    "electronic": (
        "electronic electronico electronique elektronisch elettronica elettronico eletronico elektroniczna "
        "elektroniczny"
    ),
    "phone": (
        "phone phones ph phn telephone tel tele telefon telefoon telefono telefonos fon fono landline rufnummer rufnr "
        "festnetz fixe fijo vast vaste telefonnr tlf tfno tlfno phonenumber telnr telno callback telefone telefones "
        "fisso fixo stacjonarny telefonu telefoonnummers bel belnummer doorkies doorkiesnummer durchwahl fernruf "
        "telefonnummern telephonique telefonico telefonica dial contactnumber phonenr fonnummer tfn telef ddi"
    ),
    "mobile": (
        "mobile mob mobil mobiel mobiele cell cellphone cellular cel handy handynr gsm portable movil celular "
        "cellulare cellulari telemovel komorka komorkowy handi whatsapp whats natel smartphone iphone text sms "
        "mobilfunk mobilnr handynummer mobilnummer mobiltelefon mobieltje smartphonenummer komorkowe"
    ),
    "no": "no nr num number numbers nummer nummern numero nos nro n numer",
    "street": (
        "street addy str strasse straat rue calle addr addresse address addresses adres adresse adressen direccion "
        "indirizzo morada endereco rua ulica anschrift straatnaam voie via avenida domicile domicilio adr adresregel "
        "wohnanschrift strassenname carretera road viale corso piazza gasse chemin sokak lane avda direcc strassen "
        "anschriften hausanschrift laan direccio"
    ),
    # A street alone, whose name has a column; "Address name" is who lives there.
    "way": "street str strasse straat rue calle road lane voie via ulica rua",
    "line": "line partie lijn regel zeile ligne linea lines regels zeilen lignes lineas riga linha",
    # A place that may be an address, or no more than a town.
    "spot": "location locatie standort lieu lugar ubicacion emplacement loc",
    # Google's second line of an address, and the whole of it in one cell.
    "extended": "extended",
    "formatted": "formatted",
    # The second line of an address.
    "unit": (
        "unit subpremise suite apt apartment apartments ste appartement wohnung piso flat suites appt puerta planta "
        "lokal mieszkanie adresszusatz anschriftenzusatz strassenzusatz complement toev toevoeging bus busnummer room "
        "floor lot boite apartamento habitacion depto dpto dept pta portal esc escalera escalier bat batiment etage "
        "verdieping stiege compl cplt cpl zusatz addressline2 bte tur top complt whg"
    ),
    # One word for the number of a house.
    "houseno": "civico hausnr hsnr hnr huisnr hausnummer huisnummer housenumber",
    "house": "house maison huis haus casa civico domu dom",
    "zip": (
        "cap cep zip zipcode postcode plz postleitzahl codepostal cp pc postalcode eircode pincode postleitzahlen "
        "postcodes postnummer codpostal zips codigopostal npa"
    ),
    "post": "post postal postale pocztowy",
    "code": "code codigo kod cod cd",
    "city": (
        "pob citta cidade localidade miasto miejscowosc city cty town stadt ort wohnort plaats woonplaats plaatsnaam "
        "ville commune ciudad localidad poblacion localita comune municipio municipality gemeente gemeinde locality "
        "suburb stad ortschaft cities dorp village parish ortsname stadtname pueblo concelho freguesia municipalite "
        "ciudades bourg dorf hameau localite localites municipalites kommune"
    ),
    # A part of a town.
    "suburb": "suburb parish village freguesia ortsteil wijk quartier barrio",
    "state": (
        "state province prov region dep bundesland provincie regio departement provincia kanton county landkreis "
        "comte territory comarca autonoma states provinces stateprovince uf prowincja wojewodztwo cantone canton kt "
        "edo provi"
    ),
    # A part of Spain, or the owners of a house together.
    "community": "comunidad",
    # A country as well as a part of one.
    "staat": "staat stato",
    "country": (
        "country land pays pais lkz landerkurzel landercode landerkennzeichen nation landcode staat nazione paese kraj "
        "countries"
    ),
    "name": (
        "name names naam namen nom noms nombre nombres nm nome nazwa denomination denominazione denominacion "
        "anzeigename weergavenaam affichage"
    ),
    "first": "first given fore f 1st 1e 1er eerste erste erster premier premiere primer primera pila",
    "firstname": (
        "imie fname firstname forename vorname vornamen voornaam prenom prenoms roepnaam rufname forenames christian "
        "prenume voorletters voorletter initialen initials givenname firstnames voornamen roepnamen vnaam vrnaam vnm "
        "rn voorn fnm givennames"
    ),
    "last": "last family sur famille familie",
    "lastname": (
        "lname lastname surname nachname familienname zuname achternaam familienaam cognome sobrenome nazwisko "
        "apellido apellidos surnames lastnames familyname patronyme zunamen achternamen nachnamen apelido cognomi "
        "familiennamen anaam famnaam lnm"
    ),
    "further": "zweiter weitere weiterer deuxieme second segundo segunda tweede",
    "middle": "middle middelste infix tv tussenvoegsel tussenvoegsels voorvoegsel namenszusatz",
    # Somebody the customer brings along.
    "guest": "guest guests",
    "company": (
        "companies organisatie firmy azienda company co firm firma firmen firmenname unternehmen unternehmens "
        "organisation organization organizacion org betrieb entreprise societe raison sociale empresa compania "
        "bedrijf bedrijfsnaam onderneming razon social account accounts kontoname tiers handelsnaam sociedad "
        "arbeitgeber employer employers workplace practice gesellschaft kanzlei firmenbezeichnung firmierung "
        "etablissement enseigne organisme employeur ditta societa impresa empresas societes bedrijven companyname "
        "businessname firmenkunde zaak werkgever organisatienaam ste cia emp vve copropriete copro hausverwaltung hoa "
        "immobilienverwaltung objektverwaltung wegverwaltung syndic "
        "organizations organisations organizaciones organisaties organisationen compte cuenta konto companie "
        "compagnie"
    ),
    "date": (
        "date dates dt datum fecha time timestamp jour dia zeit zeitpunkt tijd tijdstip heure hora datetime day on at "
        "am vom op le el since seit sinds depuis desde uhrzeit f"
    ),
    "since": "since seit sinds depuis desde",
    "created": (
        "created create creation added add entered entry received recd submitted submission came in opened registered "
        "requested logged submit erstellt erstellung angelegt anlage eingang eingegangen erfasst erfassung "
        "anfragedatum erstelldatum aangemaakt aanmaak ontvangen ontvangst binnengekomen binnenkomst toegevoegd invoer "
        "angefragt solicitado cree creee ajout ajoute recu reception creado creada creacion alta recibido registro "
        "registrado registriert hinzugefugt aangevraagd intake inbound erstkontakt erstanfrage"
    ),
    "modified": (
        "modified updated update changed change edited geandert anderung aktualisiert gewijzigd wijziging bijgewerkt "
        "modifie modification modificado modificacion actualizado actualizacion mise jour"
    ),
    "latest": "last latest most recent letzte letzter letzten letztes laatste laatst dernier derniere ultimo ultima",
    "touched": (
        "contacted called call calls activity activities touch touched spoke spoken reached conversation aktivitat "
        "kontaktiert angerufen anruf activiteit gesproken gebeld activite appel appele actividad llamada llamado "
        "contactado kontaktaufnahme contactmoment"
    ),
    "next": "next upcoming nachste nachster nachsten nachstes volgende prochain prochaine proximo proxima siguiente",
    "followup": (
        "followup followups wiedervorlage opvolging opvolg vervolg relance seguimiento nachfassen rappel relancer "
        "suivi rappeler terugbel terugbellen llamar"
    ),
    "step": (
        "step action activity task todo schritt aktion aktivitat aufgabe stap actie taak etape tache accion paso tarea "
        "vervolgstap vervolgactie activiteit"
    ),
    "due": "due fallig faellig echeance vencimiento deadline",
    "source": (
        "source src origin quelle herkunft bron herkomst provenance origine fuente origen procedencia channel kanal "
        "kanaal canal leadquelle leadbron medium referrer hear heard found gefunden"
    ),
    "campaign": "campaign kampagne campagne campana",
    "stage": "stage phase fase etappe etape etapa stufe milestone",
    "status": "status statut situation situacion estatus disposition stand stat",
    # A part of a country, or how it stands with somebody.
    "estado": "estado etat",
    "rep": (
        "owner owners owned inhaber leadinhaber rep reps representative salesperson salesman salesrep sales assigned "
        "assignee agent agente vertreter responsible estimator consultant advisor verantwortlich verantwortlicher "
        "verantwortliche zustandig zustandiger bearbeiter sachbearbeiter besitzer betreuer verkaufer vertriebler "
        "vertrieb verkoper eigenaar adviseur verantwoordelijke toegewezen behandelaar accountmanager vendeur "
        "commercial responsable proprietaire assigne attribue relatiebeheerder vendedor propietario asignado "
        "comercial conseiller asesor medewerker mitarbeiter proprio proprios"
    ),
    "user": "user users usuario utilisateur gebruiker benutzer employee employees",
    "value": (
        "honoraires honorar honorarium honorarios "
        "value amount amt price total estimate estimated est bid quote quoted quotation contract budget revenue worth "
        "size ca money wert betrag summe umsatz preis angebot angebotssumme volumen auftragswert bedrag waarde prijs "
        "omzet offerte orderwaarde montant valeur prix devis chiffre affaires importe valor monto precio presupuesto "
        "forecast revenu revenus ingreso ingresos estime estimee"
    ),
    "tax": (
        "tax taxes taxe tin abn ein ssn ht ttc hors tva btw vat mwst ust iva net nett netto brutto gross excl "
        "excluding incl including exclusief inclusief exkl inkl exklusive inklusive sin con ohne"
    ),
    "cost": "cost costs fee fees kosten leadkosten cout couts coste costo spend",
    "currency": "currency wahrung waehrung devise moneda divisa valuta munteenheid",
    "note": (
        "note notes comment comments remark remarks memo details detail message messages description desc info "
        "information notiz notizen bemerkung bemerkungen kommentar kommentare anmerkung anmerkungen beschreibung "
        "nachricht hinweis notitie notities opmerking opmerkingen omschrijving toelichting bericht beschrijving "
        "summary background hintergrund opm obs bem anm remarque remarques commentaire commentaires informations nota "
        "notas comentario comentarios observacion observaciones observations mensaje descripcion bijzonderheden"
    ),
    "id": (
        "aktenzeichen expediente uci iuc "
        "id ids identifier uuid guid key kennung identifiant identificador ref reference referenz referentie "
        "referencia referenznummer kundennummer kundennr klantnummer klantnr kenmerk"
    ),
    "title": (
        "title subject topic deal deals sales verkoop vertrieb vente ventes venta ventas opportunity opportunities job "
        "jobs project projects betreff titel titre objet sujet titulo asunto proyecto projet projekt vorhaben auftrag "
        "onderwerp opdracht kans negocio oportunidad affaire oppotunite opportunite verkaufschance verkoopkans "
        "anliegen trato tratos klus bauvorhaben"
    ),
    "lost": (
        "lost loss lose dead rejected declined verloren verlust verlies afgewezen abgelehnt perdu perdue perdido "
        "perdida perte disqualified unqualified absage"
    ),
    "reason": "reason why grund ursache reden raison motif motivo razon",
    "won": "won sold signed gewonnen verkauft verkocht gagne gagnee vendu ganado vendido akkoord",
    "ended": (
        "closed ended finished completed geschlossen abgeschlossen beendet afgesloten gesloten beeindigd ferme cloture "
        "termine cerrado terminado finalizado"
    ),
    "close": "close closing closure abschluss sluit sluiting cierre",
    "expected": (
        "expected forecast projected target erwartet erwartetes erwarteter erwartete voraussichtlich voraussichtliches "
        "verwacht verwachte prevu prevue estimado prevista previsto espere esperado esperada attendu potential "
        "potentiel potentielle potenziell potencial potentieel"
    ),
    "priority": "priority prio prioritat priorite prioridad prioriteit urgency urgent dringlichkeit urgentie urgence",
    "language": "language lang sprache langue idioma taal voertaal korrespondenzsprache",
    "pipeline": "pipeline pipelines funnel workflow pijplijn embudo",
    "order": (
        "case cases receipt matter dossier zaak petition permit invoice factuur facture factura rechnung "
        "bestell ot order orders wo workorder workorders ticket tickets werkbon werkorder bestelling bestellung "
        "commande pedido encargo"
    ),
    # What is done: "Trade", "Gewerk".
    "trade": "trade trades scope gewerk gewerke discipline metier oficio gremio corps prestation prestations",
    "kind": "type types kind typ art soort tipo genre category categorie kategorie categoria label labels etikett tag",
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
        "citizenship passport paspoort passeport pasaporte reisepass geburtsland birthplace "
        "nacionalidad nationality nationalite nationaliteit nationalitat staatsangehorigkeit vestigingsnummer "
        "vestigingsnr faxnumber fax telefax faxnummer faxnr telecopie telecopieur apn asistente adj asst assistant "
        "assistants adjuster spouse wife husband tenant tenants emergency mortgage realtor supervisor manager "
        "inspector referral referred referrer referring creator user form ad adset ads set platform page organic opt "
        "opted verified valid bounced unsubscribed domain count birthday birth dob geburtstag geburtsdatum "
        "geboortedatum naissance nacimiento website web url site photo image nickname salutation anrede aanhef "
        "civilite tratamiento suffix prefix position function funktion functie fonction cargo puesto age gender lat "
        "latitude lng longitude attachment signature subcontractor crew foreman sent opened clicked sync synced "
        "assistent yomi phonetic pobox attempts times consent optin gdpr avg dsgvo vat btw iban bic kvk architect "
        "architects broker lender landlord engineer locataire huurder inquilino mieter partner partners child "
        "children relative neighbour neighbor guarantor trustee attorney lawyer accountant host organizer organiser "
        "sender setter closer technician installer processor architekt architekten architecte arquitecto ayudante "
        "conjoint conjointe conyuge ehefrau ehemann ehepartner echtgenoot echtgenote epoux epouse marido esposa "
        "pareja vermieter verhuurder bailleur fournisseur lieferant leverancier proveedor bauleiter polier conducteur "
        "vorgesetzter vorgesetzten leidinggevende superviseur firmenzusatz underwriter vendor supplier team portal "
        "login username password photographer agency plumber auto car vehicle voiture coche fahrzeug voertuig "
        "vehicule vehiculo ip driver drivers chauffeur scaffolder scaffolding caretaker hausmeister hauswart "
        "concierge concierges empfehler empfohlen empfehlung parrain parrains marraine recomienda recomendo "
        "recomendador aanbrenger werber tipgever lord landlords steiger helper helpers offsider installateur monteur "
        "poseur operario tecnico mls expert experts nachbar nachbarn buurman buren voisin voisins vecino vecinos"
    ),
}


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
_SHORTEST_JOINED = 6
# What German and Dutch put between the words they join.
_JOINTS = ("", "s", "n", "en", "es", "e")


@lru_cache(maxsize=4096)
def parts_of(word: str) -> tuple[str, ...]:
    """Split a compound into known words: "telefonnummer", "auftragswert", "phonenumber"; () where one is unknown."""
    if word in meanings():
        return (word,)
    if len(word) > 40:
        return ()
    if len(word) > _SHORTEST_JOINED and word.endswith("s") and word[:-1] in meanings():
        # "Angebots-Nr.".
        return (word[:-1],)
    if word.endswith("nr") and (numbered := parts_of(word[:-2])):
        return (*numbered, "nr")
    for end in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
        if (first := word[:end]) in meanings():
            for joint in _JOINTS:
                rest = word[end + len(joint) :]
                if word[end:].startswith(joint) and len(rest) >= _SHORTEST and (more := parts_of(rest)):
                    return (first, *more)
    # "Telefoonummer": a letter that both have is typed once.
    ends = (end for end in range(len(word) - _SHORTEST, _SHORTEST, -1) if word[:end] in meanings())
    return next(((word[:end], word[end - 1 :]) for end in ends if word[end - 1 :] in meanings()), ())
