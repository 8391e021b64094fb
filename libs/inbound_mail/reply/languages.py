"""The words by which mail programs mark what is quoted, sent from or forwarded, in the languages they are written in.

First those we promise (English, Dutch, German, French, Spanish, Italian, Portuguese), then what came along.
"""

# "On … wrote:": how the line begins …
OPENERS = frozenset(
    "on at in op am le el il em no den på pe w dnia dne vào в ponedjeljak kl dňa a à às às dia date".split()
)
# … and the verb it has.
WROTE = frozenset(
    "wrote writes says said sent schreef geschreven schreven schrieb schrieben geschrieben écrit ecrit escribió "
    "escribio scritto scrive escreveu escribieron skrev napisał napisała napisal pisze napsal napsala napísal "
    "kirjoitti написал написала пишет пише написав írta yazdı viết scris έγραψε".split()
)
# Languages that put the name behind the verb: "Op 3 nov. schreef Jan <…>:".
NAME_FOLLOWS = frozenset("schreef schrieb skrev".split())
# Languages that put the date behind the verb: "Jan schreef op 3 november:", "Max schrieb am 3. November:".
DATE_FOLLOWS = frozenset("on op am le el il em den".split())

MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september "
    "october november december mrt mei okt januari februari maart juni juli augustus oktober "
    "jän januar februar märz mär mai dez jänner dezember janv févr fevr avr juin juil août aout déc janvier février "
    "mars avril juillet septembre octobre novembre décembre ene abr ago dic enero febrero marzo mayo junio julio "
    "agosto septiembre setiembre octubre noviembre diciembre gen mag giu lug set ott gennaio febbraio aprile maggio "
    "giugno luglio settembre ottobre dicembre fev mai out dez janeiro fevereiro março abril maio junho julho setembro "
    "outubro novembro dezembro maj sty lut kwi cze lip sie wrz paź lis gru stycznia lutego marca kwietnia maja czerwca "
    "lipca sierpnia września października listopada grudnia desember tháng янв фев мар апр мая июн июл авг сен окт ноя "
    "дек".split()
)

# The fields of a header block, as Outlook and others write them above what is answered or passed on.
FIELDS: dict[str, str] = {
    label: field
    for field, labels in {
        "from": "from|van|von|de|da|fra|från|od|lähettäjä|от|от кого|afzender|expéditeur|mittente|remetente|absender",
        "date": "sent|date|verzonden|verstuurd|datum|gesendet|envoyé|envoyé le|date d'envoi|enviado|enviado el|"
        "enviado em|enviada|enviada em|fecha|data|inviato|inviato il|sendt|dato|skickat|wysłano|odesláno|lähetetty|"
        "дата|отправлено|verzonden op|gesendet am|data de envio|fecha de envío|sent at|sent on|received",
        "to": "to|aan|an|à|a|para|pour|per|til|till|do|komu|vastaanottaja|кому|destinataire|destinatario|empfänger|"
        "ontvanger|ontvangers",
        "cc": "cc|kopie|copie|copie à|copia|kopia|kopi|dw|копия|cópia|c.c.|bcc|cci|cco|ccn|blindkopie",
        "subject": "subject|onderwerp|betreff|objet|sujet|asunto|oggetto|assunto|emne|ämne|temat|předmět|aihe|тема",
        "reply": "reply-to|antwoord aan|antwort an|antwoordadres|répondre à|responder a|rispondi a",
        "other": "importance|priority|prioriteit|urgentie|wichtigkeit|importancia|importanza|attachments|bijlagen|"
        "anlagen|pièces jointes|datos adjuntos|allegati|anexos|organization|organisatie|bijlage|signed by",
    }.items()
    for label in labels.split("|")
}
FIELDS |= {"από": "from", "ημερομηνία": "date", "εστάλη": "date", "στάλθηκε": "date", "προς": "to", "θέμα": "subject"}

# "-----Original Message-----": what is answered. Before what is passed on stands one of the second.
ORIGINAL = frozenset(
    "original message|reply message|original email|original text|oorspronkelijk bericht|origineel bericht|"
    "oorspronkelijke bericht|originele bericht|ursprüngliche nachricht|originalnachricht|original-nachricht|"
    "ursprüngliche e-mail|antwort nachricht|original nachricht|message d'origine|message d’origine|message original|"
    "message initial|mensaje original|messaggio originale|mensagem original|oprindelig meddelelse|oprindelig besked|"
    "original meddelelse|originalmeddelande|ursprungligt meddelande|opprinnelig melding|alkuperäinen viesti|"
    "wiadomość oryginalna|původní zpráva|исходное сообщение|original besked|opprinnelig besked|原始邮件|original mail|"
    "αρχικό μήνυμα|message d'origine de|original-mail|oorspronkelijke e-mail|correo original|e-mail original".split("|")
)
FORWARDED = frozenset(
    "forwarded message|begin forwarded message|forwarded mail|forwarded email|doorgestuurd bericht|"
    "begin doorgestuurd bericht|begin van doorgestuurd bericht|weitergeleitete nachricht|"
    "anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|message transféré|"
    "début du message transféré|début du message réexpédié|message réexpédié|mensaje reenviado|"
    "inicio del mensaje reenviado|inicio del mensaje transferido|messaggio inoltrato|inizio messaggio inoltrato|"
    "mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada|"
    "videresendt meddelelse|videresendt melding|vidarebefordrat meddelande|přeposlaná zpráva|пересылаемое сообщение|"
    "wiadomość przekazana|doorgestuurde mail|e-mail transféré|inizio del messaggio inoltrato".split("|")
)
# A subject that says the mail is passed on: its headers are what it is about.
PASSED_ON = frozenset("fwd fw wg tr rv i enc doorst fwrd vs vb weitergeleitet".split())

# "Reply above this line", in front of what we sent.
REPLY_ABOVE = frozenset(
    "reply above this line|please reply above this line|please type your reply above this line|"
    "type your reply above this line|write above this line to reply|reply above this line to respond|"
    "antwoord boven deze lijn|antwoord boven deze regel|reageer boven deze lijn|reageer boven deze regel|"
    "typ uw antwoord boven deze regel|typ je antwoord boven deze regel|antworten sie oberhalb dieser zeile|"
    "bitte antworten sie oberhalb dieser zeile|bitte oberhalb dieser zeile antworten|"
    "répondez au-dessus de cette ligne|veuillez répondre au-dessus de cette ligne|"
    "responda por encima de esta línea|escriba su respuesta por encima de esta línea|"
    "rispondere sopra questa riga|rispondi sopra questa riga|responda acima desta linha|"
    "por favor responda acima desta linha".split("|")
)
