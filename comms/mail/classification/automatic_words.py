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
# Behind or within brackets, as AOL and vacation programs put it.
SUBJECT_MARKED = re.compile(rf"[\[(<] ?(?:{'|'.join(_AUTOMATIC + _ABSENT[:7])})[^\])>]{{0,40}}[\])>]", re.IGNORECASE)
SENTENCE_ABSENT = re.compile("|".join(rf"(?:\b|(?<=\W))(?:{each})" for each in _ABSENT), re.IGNORECASE)
RETURNING = re.compile(
    r"\b(?:until|till|return(?:ing)?|back (?:on|in|at)|limited access|away|urgent|bis (?:zum|einschl|einschließlich"
    r"|\d)|zurück|wieder "
    r"(?:da|im|erreich)|dringend|tot (?:en met|\d|maandag|dinsdag|woensdag|donderdag|vrijdag)|t/m|terug|dringend"
    r"|spoed|jusqu|retour|"
    r"reviens|urgen|hasta|vuelv|volver|regres|fino al|rientr|ritorn|torn|até|volt|retorn|regress|tilbage|tillbaka"
    r"|tilbake|takaisin|"
    r"powrot|wrac|zpět|vissza|до|с \d|вернусь)",
    re.IGNORECASE,
)
SENTENCE_AUTOMATIC = re.compile(
    r"\b(?:this (?:is|e?-?mail is|message is|message was|mail was|e-?mail was|was) an? ?(?:auto|system[- ]generated"
    r"|computer[- ]generated)"
    r"|(?:this|the) (?:e-?mail|message|mail|reply|response) (?:was|is|has been) (?:sent |generated "
    r"|being )?(?:auto)|automatically "
    r"(?:generated|sent)|(?:do not|please don.t|please do not) (?:reply|respond) (?:directly )?to this"
    r"|automated (?:message|reply|"
    r"response|e-?mail|notification|acknowledge?ment)|auto(?:matic)?[- ]?(?:reply|response|generated)"
    r"|(?:dies|das) ist eine (?:auto|system)|diese (?:e-?mail|nachricht|mail) (?:wurde|ist) auto"
    r"|automatisch (?:generiert|erzeugt|erstellt"
    r"|versendet)|(?:bitte )?antworten sie nicht auf|dit is een auto|(?:deze|dit) (?:e-?mail|bericht|mail) (?:is"
    r"|wordt|werd) auto"
    r"|automatisch (?:gegenereerd|verzonden|verstuurd|bericht|antwoord)|niet (?:te )?(?:reageren|antwoorden"
    r"|beantwoorden) op"
    r"|ceci est un (?:message|e-?mail|mail|courriel) auto|(?:ce|cet) (?:message|e-?mail|mail|courriel) (?:est"
    r"|a été) (?:généré|envoyé) auto"
    r"|(?:merci de )?ne pas r[ée]pondre|r[ée]ponse automatique|(?:este|esto) es un (?:mensaje|correo) auto"
    r"|(?:por favor,? )?no responda"
    r"|generado autom|respuesta autom|questa è una (?:risposta|mail|e-?mail) auto"
    r"|questo (?:è un )?messaggio (?:è stato )?(?:generato )?auto|"
    r"(?:si prega di )?non rispondere|(?:esta|este) (?:é uma?|mensagem|e-?mail) .{0,30}autom|n[ãa]o responda)",
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
