"""What mail programs write around an answer, by language. Made here after their forms; nobody's mail."""

ATTRIBUTIONS = {
    "en": [
        "On Tue, Nov 3, 2026 at 2:05 PM Dak BV <info@dak.example> wrote:",
        "On 3 Nov 2026, at 14:05, Dak BV <info@dak.example> wrote:",
        "On 03/11/2026 14:05, Dak BV wrote:",
        "On Tuesday, November 3rd, 2026 at 2:05 PM, Dak BV <info@dak.example>\nwrote:",
        "On Tue, Nov 3, 2026 at 2:05 PM Dak BV, the roofers of Amsterdam and around <\n"
        "info+1f0a4b8c9d2e3f405162738495a6b7c8@dak.example> wrote:",
        "Dak BV <info@dak.example> wrote on Tue, 3 Nov 2026 at 14:05:",
        "---- On Tue, 03 Nov 2026 14:05:33 +0100 Dak BV <info@dak.example> wrote ----",
        "At 03:05 PM 11/3/2026, you wrote:",
        "2026-11-03 14:05 GMT+01:00 Dak BV <info@dak.example>:",
    ],
    "nl": [
        "Op di 3 nov 2026 om 14:05 schreef Dak BV <info@dak.example>:",
        "Op 3 nov. 2026, om 14:05 heeft Dak BV <info@dak.example> het volgende geschreven:",
        "Op 3 nov. 2026 om 14:05 heeft Dak BV <info@dak.example> het volgende\ngeschreven:",
        "Op 03-11-2026 om 14:05 schreef Dak BV:",
        "Op dinsdag 3 november 2026 om 14:05:33 CET schreef Dak BV <info@dak.example>:",
        "Dak BV <info@dak.example> schreef op 3 november 2026 14:05:",
        "Op di 3 nov 2026 om 14:05 schreef Dak BV, de dakdekkers van Amsterdam en\nomstreken <info@dak.example>:",
    ],
    "de": [
        "Am Di., 3. Nov. 2026 um 14:05 Uhr schrieb Dak BV <info@dak.example>:",
        "Am 03.11.2026 um 14:05 schrieb Dak BV <info@dak.example>:",
        "Am 03.11.26 um 14:05 schrieb Dak BV:",
        "Dak BV <info@dak.example> schrieb am Di., 3. Nov. 2026, 14:05:",
        "Dak BV <info@dak.example> hat am Dienstag, 3. November 2026 um 14:05 Folgendes geschrieben:",
        "Am Di., 3. Nov. 2026 um 14:05 Uhr schrieb Dak BV, die Dachdecker <\ninfo@dak.example>:",
    ],
    "fr": [
        "Le mar. 3 nov. 2026 à 14:05, Dak BV <info@dak.example> a écrit :",
        "Le 3 nov. 2026 à 14:05, Dak BV <info@dak.example> a écrit :",
        "Le 03/11/2026 à 14:05, Dak BV a écrit :",
        "Le mardi 3 novembre 2026 à 14:05:33 UTC+1, Dak BV <info@dak.example> a\nécrit :",
    ],
    "es": [
        "El mar, 3 nov 2026 a las 14:05, Dak BV (<info@dak.example>) escribió:",
        "El 3 nov 2026, a las 14:05, Dak BV <info@dak.example> escribió:",
        "El 03/11/2026 a las 14:05, Dak BV escribió:",
        "El martes, 3 de noviembre de 2026, 14:05:33 CET, Dak BV\n<info@dak.example> escribió:",
    ],
    "it": [
        "Il giorno mar 3 nov 2026 alle ore 14:05 Dak BV <info@dak.example> ha scritto:",
        "Il giorno 3 nov 2026, alle ore 14:05, Dak BV <info@dak.example> ha scritto:",
        "Il 03/11/2026 14:05, Dak BV ha scritto:",
        "Il mar 3 nov 2026, 14:05 Dak BV <info@dak.example> ha\nscritto:",
    ],
    "pt": [
        "Em ter., 3 de nov. de 2026 às 14:05, Dak BV <info@dak.example> escreveu:",
        "No dia 3 de nov. de 2026, às 14:05, Dak BV <info@dak.example> escreveu:",
        "Em 03/11/2026 14:05, Dak BV escreveu:",
        "Em terça-feira, 3 de novembro de 2026 às 14:05:33 WET, Dak BV\n<info@dak.example> escreveu:",
        "Às 14:05 de 03/11/2026, Dak BV escreveu:",
    ],
}

HEADER_BLOCKS = {
    "en": [
        "Original Message processed by david®\n[#17] Roof 2. September 2026, 12:53 Uhr\nVon Dak BV",
        "-------- Αρχικό μήνυμα --------\nΑπό: Dak BV <info@dak.example>\nΗμερομηνία: 3 Νοε 2026, 14:05\nΠρος: Jan",
        "From: Dak BV <info@dak.example>\nSent: Tuesday, November 3, 2026 2:05 PM\nTo: Jan\nSubject: Your roof",
        "________________________________\nFrom: Dak BV <info@dak.example>\nSent: 03 November 2026 14:05\n"
        "To: Jan Jansen <jan@home.example>\nCc: Piet\nSubject: Your roof",
        "*From:* Dak BV [mailto:info@dak.example]\n*Sent:* Tuesday, November 3, 2026 2:05 PM\n*To:* Jan",
        "-----Original Message-----\nFrom: Dak BV",
        "-------- Original message --------\nFrom: Dak BV <info@dak.example>\nDate: 03/11/2026 14:05 (GMT+01:00)",
        "------- Original Message -------",
    ],
    "nl": [
        "Van: Dak BV <info@dak.example>\nVerzonden: dinsdag 3 november 2026 14:05\nAan: Jan\nOnderwerp: Uw dak",
        "Van: Dak BV <info@dak.example>\nDatum: dinsdag, 3 november 2026 om 14:05\nAan: Jan\nOnderwerp: Uw dak",
        "-----Oorspronkelijk bericht-----\nVan: Dak BV",
        "-------- Oorspronkelijk bericht --------\nVan: Dak BV <info@dak.example>\nDatum: 03-11-2026 14:05 (GMT+01:00)",
    ],
    "de": [
        "Von: Dak BV <info@dak.example>\nGesendet: Dienstag, 3. November 2026 14:05\nAn: Jan\nBetreff: Ihr Dach",
        "Gesendet: Dienstag, 03. November 2026 um 14:05 Uhr\nVon: \"Dak BV\" <info@dak.example>\nAn: Jan\nBetreff: X",
        "-----Ursprüngliche Nachricht-----\nVon: Dak BV",
    ],
    "fr": [
        "De : Dak BV <info@dak.example>\nEnvoyé : mardi 3 novembre 2026 14:05\nÀ : Jan\nObjet : Votre toit",
        "-----Message d'origine-----\nDe : Dak BV",
    ],
    "es": [
        "De: Dak BV <info@dak.example>\nEnviado el: martes, 3 de noviembre de 2026 14:05\nPara: Jan\nAsunto: Tejado",
        "-----Mensaje original-----\nDe: Dak BV",
    ],
    "it": [
        "Da: Dak BV <info@dak.example>\nInviato: martedì 3 novembre 2026 14:05\nA: Jan\nOggetto: Il tetto",
        "-----Messaggio originale-----\nDa: Dak BV",
    ],
    "pt": [
        "De: Dak BV <info@dak.example>\nEnviada em: terça-feira, 3 de novembro de 2026 14:05\nPara: Jan\nAssunto: X",
        "-----Mensagem original-----\nDe: Dak BV",
    ],
}  # fmt: skip

TAGLINES = """\
Sent from my iPhone
Sent from my Samsung Galaxy smartphone.
Sent from Yahoo Mail on Android
Sent via the Samsung Galaxy S21 5G, an AT&T 5G smartphone
Sent from Outlook for Android
Get Outlook for iOS
Get Outlook for iOS<https://aka.ms/o0ukef>
Sent from Mail for Windows
Sent with Proton Mail secure email.
Sent from my mobile, please excuse any typos
Verstuurd vanaf mijn iPhone
Verzonden vanaf Outlook voor iOS
Verzonden vanaf mijn Samsung Galaxy-smartphone.
Outlook voor Android downloaden
Verzonden met Outlook voor Android
Von meinem iPhone gesendet
Gesendet von Outlook für Android
Von meinem Samsung Galaxy Smartphone gesendet.
Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.
Gesendet mit der GMX Mail App
Envoyé de mon iPhone
Envoyé depuis mon appareil Galaxy mobile
Envoyé à partir de Outlook pour Android
Télécharger Outlook pour iOS
Enviado desde mi iPhone
Enviado desde mi Samsung Galaxy
Obtener Outlook para Android
Inviato da iPhone
Inviato da Outlook per Android
Inviato dal mio Galaxy
Enviado do meu iPhone
Obter o Outlook para iOS
Enviado a partir do meu smartphone Samsung Galaxy.""".splitlines()

ANSWERS = {
    "en": "Yes, Tuesday is fine.\n\nCan you bring the samples?\n\nKind regards,\nJan",
    "nl": "Ja, dinsdag is prima.\n\nNeemt u de stalen mee?\n\nMet vriendelijke groet,\nJan",
    "de": "Ja, Dienstag passt.\n\nBringen Sie die Muster mit?\n\nViele Grüße\nJan",
    "fr": "Oui, mardi me convient.\n\nPouvez-vous apporter les échantillons ?\n\nCordialement,\nJean",
    "es": "Sí, el martes está bien.\n\n¿Puede traer las muestras?\n\nUn saludo,\nJuan",
    "it": "Sì, martedì va bene.\n\nPuò portare i campioni?\n\nCordiali saluti\nGianni",
    "pt": "Sim, terça-feira está bem.\n\nPode trazer as amostras?\n\nObrigado,\nJoão",
}

QUOTED = "Dear Jan,\n\nShall we come on Tuesday at nine?\n\nDak BV\n020 123 45 67"
