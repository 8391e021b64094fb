"""The words of signatures: what phones and programs add, how letters close, and how lawyers begin."""

# How a line of a phone begins, in small letters.
SENT_FROM = (
    "sent from", "sent via", "sent with", "sent by", "sent using", "sent on", "from my", "send from", "composed with",
    "written on", "typed on",
    "verstuurd vanaf", "verstuurd via", "verstuurd met", "verstuurd van", "verzonden vanaf", "verzonden met",
    "verzonden via", "verzonden van", "verzonden door", "gestuurd vanaf", "gestuurd met", "vanaf mijn",
    "von meinem", "von meiner", "gesendet von", "gesendet mit", "gesendet über", "gesendet via", "gesendet vom",
    "gesendet aus", "diese nachricht wurde von", "diese mail wurde von", "diese e-mail wurde von", "mit der",
    "envoyé de", "envoyé depuis", "envoyé à partir", "envoyé par", "envoyé avec", "envoyé via", "envoyée depuis",
    "provenance :", "provenance:", "expédié de",
    "enviado desde", "enviado con", "enviado por", "enviado a través", "enviado mediante", "enviado vía",
    "enviado via", "enviado de", "enviado do", "enviado pelo", "enviado a partir", "enviado com", "obtener",
    "inviato da", "inviato dal", "inviato con", "inviato tramite", "inviata da", "spedito da", "inviato dall",
    "sendt fra", "skickat från", "från min", "lähetetty", "wysłano z", "wysłane z", "odesláno z", "отправлено",
    "從我的", "从我的", "发自我的",
)  # fmt: skip
# What it is sent from: with the line's beginning it makes sure.
DEVICES = (
    "iphone", "ipad", "ipod", "apple watch", " mac ", "macbook", "android", "samsung", "galaxy", "huawei", "xiaomi",
    "redmi", "oneplus", " pixel", "nokia", " sony", "xperia", " htc", " lg ", "motorola", " moto ", "alcatel",
    "blackberry", "windows", "mobile", "mobiel", "phone", "telefoon", "toestel", " gsm", "smartphone", "tablet",
    "handy", "mobil", "téléphone", "portable", "móvil", "movil", "celular", "telefono", "cellulare", "telemóvel",
    "dispositivo", "outlook", "yahoo", "gmail", "airmail", "spark", "proton", " gmx", "web.de", "k-9", "fairmail",
    " aqua mail", "boxer", "mailbox", " aol", "hotmail", "tutanota", "tuta ", "bluemail", "edison", "superhuman",
    "polymail", "acompli", "newton", " nine ", "zoho", "verizon", "at&t", "t-mobile", "vodafone", "orange", " kpn",
    "ti-85", " cell", "thunderbird", "mail pour", "correo para", "posta per", "mail for", "mail voor", "mail für",
    "email app", "e-mail-app", "fairphone", "realme", "oppo", "honor", "icloud", "telekom", "gmx mail", "copilot",
    "電話", "手机", "傳送", "front ", "missive", "hey ", "ymail", "roundcube", "mailspring", "canary", "titan",
)  # fmt: skip
# What follows in a longer one.
EXCUSES = (
    "excuse", "typo", "brevity", "sorry", "pardon", "forgive", "please ignore", "korte", "tikfout", "typefout",
    "kürze", "tippfehler", "breve", "fautes", "concision", "erreurs", "disculp", "brevedad", "errores", "errori",
    "brevità", "brevidade", "erros", "k-9 mail gesendet", "gesendet", "free email", "secure email",
    "g smartphone", "lte smartphone",
)  # fmt: skip
OUTLOOK = (
    "outlook for ios", "outlook for android", "outlook for mac", "outlook for windows", "outlook voor ios",
    "outlook voor android", "outlook voor mac", "outlook für ios", "outlook für android", "outlook für mac",
    "outlook pour ios", "outlook pour android", "outlook pour mac", "outlook para ios", "outlook para android",
    "outlook para mac", "outlook per ios", "outlook per android", "outlook per mac", "outlook til ios",
    "outlook til android", "outlook för ios", "outlook för android", "bluemail for", "bluemail voor", "yahoo mail app",
    "mail for windows", "mail voor windows", "mail für windows", "courrier pour windows", "correo para windows",
    "posta per windows", "email para o windows", "correio para windows", "yahoo mail on android",
    "yahoo mail for iphone", "yahoo mail: search", "outlook.com", "the all-new aol app", "proton mail for ios",
    "proton mail for android",
)  # fmt: skip
# What a virus scanner adds.
SCANNED = (
    "virus-free", "virusvrij", "virenfrei", "garanti sans virus", "libre de virus", "privo di virus", "livre de vírus",
    "this email has been checked for viruses", "this e-mail has been checked for viruses",
    "dit e-mailbericht is gecontroleerd op virussen", "deze e-mail is gecontroleerd op virussen",
    "diese e-mail wurde von avast", "diese e-mail wurde auf viren", "l'absence de virus dans ce courrier",
    "cet e-mail a été vérifié", "el software de antivirus avast", "este correo electrónico ha sido comprobado",
    "questa e-mail è stata controllata", "este e-mail foi verificado", "este email foi escaneado",
)  # fmt: skip
# How a letter closes: the whole line.
CLOSINGS = frozenset(
    "regards|kind regards|best regards|warm regards|with kind regards|with best regards|many thanks|thanks|thank you|"
    "best|best wishes|all the best|cheers|sincerely|yours sincerely|yours faithfully|sincerely yours|respectfully|"
    "kindest regards|warmest regards|thanks and regards|thanks & regards|thanks again|with thanks|warmly|"
    "met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groet|groeten|groetjes|"
    "hartelijke groet|hartelijke groeten|met hartelijke groet|mvg|m.v.g|hoogachtend|met vr. groet|alvast bedankt|"
    "bedankt|vr. gr|gr|met groet|beste groeten|beste groet|bij voorbaat dank|dank u wel|dankjewel|"
    "mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|freundliche grüße|freundliche grüsse|"
    "viele grüße|viele grüsse|liebe grüße|liebe grüsse|beste grüße|beste grüsse|mfg|lg|vg|gruß|gruss|grüße|"
    "herzliche grüße|mit besten grüßen|vielen dank|danke|hochachtungsvoll|schöne grüße|"
    "cordialement|bien cordialement|bien à vous|salutations|meilleures salutations|sincères salutations|merci|"
    "merci d'avance|cdt|cdlt|amicalement|respectueusement|salutations distinguées|bonne journée|merci beaucoup|"
    "saludos|un saludo|saludos cordiales|atentamente|cordialmente|gracias|muchas gracias|un cordial saludo|"
    "reciba un cordial saludo|saludos atentos|atte|"
    "cordiali saluti|distinti saluti|saluti|un saluto|un cordiale saluto|grazie|grazie mille|cordialità|"
    "atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|att|abraço|abraços|obrigado|"
    "obrigada|muito obrigado|respeitosamente|saudações".split("|")
)
# How a legal notice begins …
CONFIDENTIAL_STARTS = (
    "this e-mail", "this email", "this message", "this communication", "the information contained", "the contents of",
    "the information in this", "the information transmitted", "confidentiality", "disclaimer", "privileged",
    "private and confidential", "private & confidential", "important notice", "notice:", "confidential", "caution:",
    "legal notice", "if you are not the intended", "if you have received", "privacy notice",
    "dit bericht", "dit e-mailbericht", "deze e-mail", "deze email", "de informatie", "de inhoud van", "dit e-mail",
    "vertrouwelijk", "aan dit bericht", "dit emailbericht", "op al onze",
    "diese e-mail", "diese email", "diese nachricht", "der inhalt dieser", "die information", "wichtiger hinweis",
    "vertraulichkeit", "haftungsausschluss", "diese mail", "vertraulich", "hinweis:", "rechtlicher hinweis",
    "ce message", "cet e-mail", "cet email", "ce courriel", "ce courrier", "les informations",
    "avis de confidentialité",
    "le contenu de", "ce mail", "confidentialité", "avertissement",
    "este mensaje", "este correo", "este e-mail", "la información", "el contenido de", "aviso legal", "aviso de",
    "aviso:", "confidencialidad", "advertencia", "en cumplimiento", "de conformidad con",
    "questo messaggio", "questa e-mail", "questa email", "il presente messaggio", "le informazioni", "la presente",
    "avviso", "ai sensi", "il contenuto", "riservatezza", "informativa privacy", "questa comunicazione",
    "esta mensagem", "este email", "a informação", "as informações", "aviso", "confidencialidade", "esta comunicação",
    "o conteúdo",
)  # fmt: skip
# … and what it says: three of these make it certain.
CONFIDENTIAL = (
    "confidential", "intended recipient", "intended solely", "solely for the", "only for the", "privileged",
    "received this", "in error", "delete", "notify the sender", "unauthorized", "unauthorised", "disclosure",
    "dissemination", "prohibited", "strictly", "liab", "virus", "legally",
    "vertrouwelijk", "bestemd voor", "uitsluitend", "geadresseerde", "vernietigen", "verwijderen", "ten onrechte",
    "niet toegestaan", "aansprakelijk", "afzender", "abusievelijk", "rechten", "openbaarmaking", "verspreiding",
    "vertraulich", "empfänger", "bestimmt", "irrtümlich", "vernichten", "löschen", "unbefugte", "nicht gestattet",
    "rechtlich geschützt", "weitergabe", "haftung", "absender",
    "confidentiel", "destinataire", "par erreur", "détruire", "supprimer", "interdit", "exclusi", "responsabilité",
    "diffusion", "expéditeur",
    "confidencial", "destinatario", "por error", "eliminar", "prohibid", "exclusiv", "responsabilidad", "remitente",
    "destrui", "divulgación",
    "riservat", "destinatari", "per errore", "cancellar", "distrugger", "vietat", "esclusiv", "mittente", "divulga",
    "destinatário", "por engano", "apagar", "proibid", "remetente", "responsabilidade", "por erro",
)  # fmt: skip
