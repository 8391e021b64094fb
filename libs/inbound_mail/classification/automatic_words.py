"""How automatic answers call themselves: subjects of Exchange, Gmail, Notes and others, and their first sentences."""

import re

_AUTOMATIC = (
    # English
    r"auto(?:matic(?:ally)?|mated)?[-_ ]{0,2}(?:repl(?:y|ies|ied)|response|responder|answer|respond"
    r"|acknowledge?ment|e-?mail|message)"
    r"|autoreply|autoresponse|autoresponder|autoantwort|auto ?:",
    # German, Dutch, French, Spanish, Italian, Portuguese, Catalan
    r"automatische? (?:antwort|beantwortung|rückmeldung|nachricht|eingangsbestätigung|e-?mail)"
    r"|auto(?:matische)?[- ]?antwort"
    r"|automatisch(?:e)? (?:antwoord|beantwoording|bericht|reactie|ontvangst\w*)|autoantwoord|auto-?antwoord",
    r"r[ée]ponse automatique|message automatique|r[ée]pondeur automatique|r[ée]ponse auto|respuesta autom[aá]tica"
    r"|respuesta auto"
    r"|contestaci[oó]n autom[aá]tica|mensaje autom[aá]tico|risposta automatica|messaggio automatico"
    r"|risponditore automatico"
    r"|resposta autom[aáà]tica|mensagem autom[aá]tica",
    # Danish, Swedish, Norwegian, Finnish
    r"auto(?:matisk(?:t)?)?[- ]?svar|automaattinen (?:vastaus|poissaolo\w*)|automaattivastaus",
    # Polish, Czech, Slovak, Hungarian, Romanian, Slovenian, Croatian, Bulgarian, Baltic
    r"(?:automatyczna odpowied[źz]|odpowied[źz] automatyczna|autoodpowied[źz])|automatick[áa] odpove[ďd]"
    r"|automatická odpověď"
    r"|automatikus v[áa]lasz|r[ăa]spuns automat|samodejni odgovor|automatski odgovor|автоматичен отговор"
    r"|automaatvastus"
    r"|automātiskā atbilde|automatinis atsak\w*",
    # Russian, Ukrainian, Greek, Turkish, Hebrew, Arabic
    r"автоматический ответ|автоответ\w*|автоматична відповідь|автовідповід\w*|αυτόματη απάντηση"
    r"|otomatik (?:yan[ıi]t|cevap)"
    r"|תגובה אוטומטית|מענה אוטומטי|רד אוטומטי|رد تلقائي|الرد التلقائي",
    # Japanese, Chinese, Korean, Vietnamese, Thai, Indonesian
    r"自動応答|自動返信|自动(?:答复|回复|应答)|自動(?:回覆|回復|答覆)|자동 ?(?:회신|응답|답장)"
    r"|trả lời tự động|ตอบกลับอัตโนมัติ|balasan otomatis"
    r"|jawapan automatik",
)
_ABSENT = (
    r"(?:vacation|holidays?|annual leave|on leave)[ .!]{0,3}$",
    r"out[- ]of[- ](?:the[- ])?office|out of town|ooo\b|ooto\b|away from (?:the |my )?(?:office|desk|mail|e-?mail)"
    r"|vacation"
    r" (?:reply|notice|response|message|auto)|on (?:vacation|holidays?|annual leave|maternity leave|paternity leave"
    r"|parental leave"
    r"|leave)\b|i(?:.m| am) (?:away|out|on holiday|on vacation|on leave|currently)|currently (?:out|away)"
    r"|absence (?:notice|message)",
    r"abwesen(?:d|heit)\w*|nicht im (?:büro|haus|office)|(?:ich bin )?im urlaub|urlaubsvertretung|außer haus"
    r"|bin (?:derzeit |zur zeit )?"
    r"(?:nicht|im urlaub|abwesend)",
    r"afwezig(?:heid\w*)?|niet (?:aanwezig|op kantoor)|buiten kantoor|(?:ik ben |i\.v\.m\. "
    r"|wegens )?(?:op )?vakantie\b"
    r"|ik ben (?:er )?(?:niet|even niet|afwezig|op vakantie|met verlof)|met verlof",
    r"absent(?:e)?(?: du bureau)?\b|absence(?: du bureau)?\b|message d.absence|notification d.absence|en (?:congés?"
    r"|vacances)\b|hors du "
    r"bureau|je suis (?:absent|en cong|en vacances)",
    r"fuera de (?:la )?oficina|ausente\b|ausencia\b|de vacaciones|estoy (?:fuera|de vacaciones|ausente)"
    r"|no estoy en la oficina",
    r"fuori (?:ufficio|sede)|assen(?:te|za)\b(?: dall.ufficio)?|in ferie|sono (?:assente|in ferie|fuori)",
    r"fora do escrit[oó]rio|aus[êe]ncia\b|ausente\b|(?:de|em) f[ée]rias|estou (?:ausente|de f|em f|fora)",
    r"ikke (?:på kontoret|til ?stede)|fravær\w*|frånvar\w*|ej på kontoret|semester\b|på ferie|poissa\b|lomalla\b"
    r"|poissaolo\w*"
    r"|poza biurem|nieobecn\w*|urlop\w*|mimo kancelář\w*|nepřítomnost|na dovolené|házon kívül|szabadság\w*"
    r"|nu sunt la birou|absent din",
    r"вне офиса|нет на (?:месте|работе)|в отпуске|отсутств\w*|у відпустці|відсутн\w*|εκτός γραφείου|απουσία"
    r"|ofis dışında|ofiste değil"
    r"|izinde|odsoten|odsutan|odsutnost",
    r"不在|休暇|外出|外出中|休假|不在办公室|부재중|휴가|מחוץ למשרד|חופשה|خارج المكتب",
)
# At its very beginning a subject may have the name of a list or a ticket in brackets.
_BEGIN = r"^(?:\[[^\]]{0,60}\][ :-]{0,3}|\*{1,3} ?|\"|“|'|«|!|⚠️? ?|✈️? ?|🌴 ?){0,3}"
SUBJECT_AUTOMATIC = re.compile(f"{_BEGIN}(?:{'|'.join(_AUTOMATIC)})", re.IGNORECASE)
SUBJECT_ABSENT = re.compile(f"{_BEGIN}(?:{'|'.join(_ABSENT)})", re.IGNORECASE)
# As programs call a notice, or put it in front of our subject: nobody else writes so.
SUBJECT_LABELLED = re.compile(
    rf"{_BEGIN}(?:(?:out[- ]of[- ](?:the[- ])?office|ooo|vacation|afwezig(?:heid)?|abwesen(?:d|heit)"
    r"|absence(?: du bureau)?|fuera de (?:la )?oficina|fuori (?:ufficio|sede)|fora do escrit[oó]rio"
    r"|frånvar(?:o|ande)|fravær|poissaolo|nieobecno[śs][ćc]|urlop) ?:"
    r"|(?:vacation (?:reply|response|notice|auto-?reply)|abwesenheits\w{4,20}|afwezigheids\w{4,20}"
    r"|poissaolo\w{4,20}|frånvaro\w{4,20}|fraværs\w{4,20}) ?(?::|$))",
    re.IGNORECASE,
)
# Behind or within brackets, as AOL and vacation programs put it.
SUBJECT_MARKED = re.compile(rf"[\[(<] ?(?:{'|'.join(_AUTOMATIC + _ABSENT[:7])})[^\])>]{{0,40}}[\])>]", re.IGNORECASE)
SENTENCE_ABSENT = re.compile("|".join(rf"(?:\b|(?<=\W))(?:{each})" for each in _ABSENT), re.IGNORECASE)
# "Ann Smith is out of the office", as Notes has it.
SUBJECT_NAMED = re.compile(
    r"^[^:?]{2,60} (?:is|will be|ist|est|está|è|é) (?:currently |derzeit |momenteel "
    r"|actuellement )?(?:out of (?:the )?office|away"
    r"|on (?:vacation|leave|holiday)|außer haus|nicht im (?:büro|haus)|abwesend|afwezig|niet aanwezig|op vakantie"
    r"|absente?\b|en congé|fuera de la oficina|ausente|assente|fuori ufficio)",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"\b(?:thank(?:s| you)(?: very much| so much)? for (?:your|the|contacting|getting|reaching|writing)"
    r"|(?:hartelijk |harte)?"
    r"(?:dank|bedankt) voor (?:uw|je|jouw|het)|(?:vielen |herzlichen )?dank für (?:ihre|deine)"
    r"|merci (?:beaucoup )?(?:pour|de) "
    r"(?:votre|ton|m.avoir|nous)|gracias por (?:su|tu|ponerse|contactar|escribir)|grazie per (?:la|il|aver|l.)"
    r"|obrigad[oa] "
    r"(?:por|pel[ao]))",
    re.IGNORECASE,
)
RECEIVED = re.compile(
    r"\breceived your (?:e-?mail|message|request|enquiry|inquiry|ticket|question)|(?:uw|je|jouw) (?:bericht|e-?mail"
    r"|mail|vraag|"
    r"aanvraag|verzoek) (?:\w+ ){0,4}ontvangen|ihre (?:nachricht|anfrage|e-?mail|mail) (?:\w+ ){0,4}(?:erhalten"
    r"|eingegangen)"
    r"|reçu votre (?:message|demande|e-?mail|mail|courriel)|recibido (?:su|tu) (?:mensaje|correo|solicitud"
    r"|consulta)|ricevuto "
    r"(?:la|il) (?:tu[ao]|su[ao]|vostr[ao]) (?:richiesta|messaggio|e-?mail|mail)|recebemos (?:o |a )?(?:seu"
    r"|sua) (?:mensagem"
    r"|e-?mail|pedido|solicitação)",
    re.IGNORECASE,
)
QUEUED = re.compile(
    r"\bticket\b|case number|reference number|within (?:\w+ ){1,2}(?:business |working )?(?:hours?|days?)"
    r"|binnen (?:\w+ ){1,2}"
    r"(?:werk)?(?:dag|uur)|zaaknummer|innerhalb von|werktag|dans les (?:plus brefs|meilleurs)|jours? ouvr"
    r"|a la (?:mayor )?"
    r"brevedad|en un plazo|il prima possibile|entro \d|o mais (?:breve|rápido)|em até \d",
    re.IGNORECASE,
)
# What a receipt says, in the languages of Outlook; it is that or nothing.
RECEIPT = re.compile(
    r"was (?:read|displayed|deleted|opened)|(?:sent|verzonden|gesendet|envoy[ée]e?|enviad[oa]|inviato|skickat"
    r"|sendt): |read on"
    r"|gelezen|geopend|gelesen|angezeigt|a été (?:lu|affich)|fue le[ií]do|se ha le[ií]do|è stat[oa] lett|foi lid"
    r"|receipt"
    r"|verwijderd|gelöscht|supprimé|eliminad|eliminat",
    re.IGNORECASE,
)
REACHABLE = re.compile(
    r"\b(?:reach(?:able|ed)|available|urgent|colleague|bereikbaar|dringend|spoed|collega|erreichbar|vertretung"
    r"|kolleg|joignable"
    r"|urgence|collègue|disponible|urgencia|compañer|raggiungibil|urgenz|collega|dispon[íi]vel|urg[êe]n)",
    re.IGNORECASE,
)
RETURNING = re.compile(
    r"\b(?:until|till|bereikbaar|erreichbar|return(?:ing)?|back (?:on|in|at)|limited access|away|urgent|bis (?:zum"
    r"|einschl|einschließlich"
    r"|\d)|zurück|wieder "
    r"(?:da|im|erreich)|dringend|tot (?:en met|\d|maandag|dinsdag|woensdag|donderdag|vrijdag)|t/m|terug|dringend"
    r"|spoed|jusqu|retour|"
    r"reviens|urgen|hasta|vuelv|volver|regres|fino al|rientr|ritorn|torn|até|volt|retorn|regress|tilbage|tillbaka"
    r"|tilbake|takaisin|"
    r"powrot|wrac|zpět|vissza|до|с \d|вернусь)",
    re.IGNORECASE,
)
_BEING_REVIEWED = r"your (?:request|ticket|case|enquiry|inquiry)(?: \(#?\w{1,20}\))? has been received and is being"
BEING_REVIEWED = re.compile(_BEING_REVIEWED, re.IGNORECASE)
# In a mail that a program sent: that something came in.
CONFIRMED = re.compile(
    r"\b(?:we|we.ve|have|has been) (?:got|received)\b|\bontvangen\b|\b(?:erhalten|eingegangen)\b|\breçu\b"
    r"|\brecibid[oa]\b|\bricevut[oa]\b|\brecebemos\b|successfully (?:delivered|sent)|was (?:read|opened|displayed)",
    re.IGNORECASE,
)
_MAIL = r"(?:e-?mail|message|mail|reply|response|notification|acknowledge?ment|confirmation)"
# Of the mail itself: that an invoice "was generated automatically" a person writes as well.
SENTENCE_AUTOMATIC = re.compile(
    rf"\b(?:this (?:is|was) an? (?:auto(?:matic(?:ally)?|mated)?|system|computer)[- ]?(?:generated |sent )?{_MAIL}"
    rf"|(?:this|the) (?:\w+ )?{_MAIL} (?:was|is|has been) (?:being )?(?:auto|(?:sent|generated"
    rf"|created) (?:out )?auto)"
    rf"|(?:do not|don.t) (?:reply|respond) (?:directly )?to this {_MAIL}|automated (?:reply|response) (?:from|to"
    rf"|confirm)"
    rf"|{_BEING_REVIEWED}"
    r"|(?:dies|das|hier) (?:ist|handelt es sich um) eine (?:auto\w+ )(?:\w+ )?(?:nachricht|antwort|e-?mail|mail|"
    r"\w*best[äa]tigung|benachrichtigung)|diese (?:e-?mail|nachricht|mail|antwort) (?:wurde|ist|wird) (?:auto"
    r"|vom system)"
    r"|antworten sie (?:bitte )?nicht auf diese|auf diese (?:e-?mail|nachricht|mail) (?:bitte )?nicht"
    r"|dit is een (?:auto\w+ )(?:\w+ )?(?:bericht|antwoord|e-?mail|mail|\w*bevestiging|reactie|melding)"
    r"|(?:deze|dit) (?:e-?mail|bericht|mail|antwoord) (?:is|wordt|werd) auto"
    r"|niet (?:te )?(?:reageren|antwoorden|beantwoorden)? ?op (?:deze|dit) (?:e-?mail|bericht"
    r"|mail) (?:te )?(?:reageren|"
    r"antwoorden)|(?:niet (?:te )?(?:reageren|antwoorden)|reageer niet) op (?:deze|dit)"
    r"|ceci est un(?:e)? (?:message|e-?mail|mail|courriel|réponse) (?:auto|envoyé auto|généré auto)|(?:ce|cet"
    r"|cette) (?:message|"
    r"e-?mail|mail|courriel|réponse) (?:est|a été) (?:généré|envoyé|auto)[\w ]{0,12}auto"
    r"|ne pas r[ée]pondre (?:directement )?à ce"
    r"|(?:este|esto) es un(?:a)? (?:mensaje|correo|respuesta)(?: electrónico)? (?:auto|generad)|no responda a este"
    r"|este (?:mensaje|correo)(?: electrónico)? (?:ha sido|fue|es) (?:generado|enviado)? ?auto"
    r"|quest[ao] è una? (?:risposta|mail|e-?mail|messaggio) (?:auto|generat)|quest[ao] (?:messaggio|mail"
    r"|e-?mail) (?:è stat[ao] )?"
    r"(?:generat[ao]|inviat[ao]) (?:auto|in auto)|non rispondere a quest"
    r"|est[ae] é uma? (?:mensagem|resposta|e-?mail) (?:auto|gerad)|est[ae] (?:mensagem|e-?mail) (?:foi"
    r"|é) (?:gerad[ao]|enviad[ao])? ?"
    r"auto|n[ãa]o responda a? ?est)",
    re.IGNORECASE,
)
SUBJECT_RECEIPT = re.compile(
    r"^(?:read|not read|read receipt|return receipt|gelesen|ungelesen|nicht gelesen|gelezen|niet gelezen|lu|non lu"
    r"|le[ií]do|no le[ií]do"
    r"|letto|non letto|lid[ao]|n[ãa]o lid[ao]|læst|läst|lest|luettu|przeczytano|přečteno|прочитано|ulæst"
    r"|leesbevestiging"
    r"|lesebestätigung|empfangsbestätigung|accusé de (?:lecture|réception)|confirmación de lectura"
    r"|conferma di lettura"
    r"|confirmação de leitura|afleveringsbevestiging|delivered|relayed|zugestellt|afgeleverd|remis|entregado"
    r"|recapitato|entregue)"
    r"(?: \(displayed\))? ?:",
    re.IGNORECASE,
)
SUBJECT_CALENDAR = re.compile(
    r"^(?:accepted|declined|tentative(?:ly accepted)?|invitation (?:accepted|declined)|zugesagt|abgelehnt"
    r"|mit vorbehalt|mit vorbehalt "
    r"zugesagt|angenommen|geaccepteerd|geweigerd|afgewezen|voorlopig(?: geaccepteerd)?|accept[ée]|refus[ée]"
    r"|provisoire|aceptad[oa]|"
    r"rechazad[oa]|provisional|accettato|rifiutato|provvisorio|aceit[oea]|recusad[oa]|provisório) ?:",
    re.IGNORECASE,
)
