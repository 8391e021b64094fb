"""The words of a bounce that is none by its form: senders, subjects, sentences, in the languages of mail servers."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


DAEMONS = _any(
    r"^(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|postmaster|post[-_.]?master|mailsystem|mailadmin"
    r"|mail-?delivery|ndr"
    r"|bounces?|bounce-|microsoftexchange[0-9a-f]{16,}|mailerdaemon|mail\.daemon|mail-system|imap-?daemon|system"
    r"|smtpd?"
    r"|nondelivery|no-?delivery|mail_system|mailman-bounces|e?mail-?admin|amavis|antispam|mcafee|interscan)",
)
DAEMON_NAMES = _any(
    r"mail(?:er)?[- ]?(?:delivery|daemon|administrator|system|subsystem|server)|postmaster|system ?administrator"
    r"|delivery (?:sub)?system|systembeheerder|administrateur système|administrador del sistema"
    r"|internet mail delivery"
    r"|microsoft (?:exchange|outlook)|daemon|amministratore di sistema|administrador do sistema|email delivery"
    r"|mail router",
)
SUBJECTS = _any(
    r"^(?:\[[^\]]{0,40}\] ?|\*{1,5}[^*]{0,30}\*{1,5} ?)?(?:undeliver(?:able|ed)|non[- ]?deliver(?:y|able)"
    r"|delivery (?:status "
    r"notification|notification|failure|failed|report|problem|error|has failed|incomplete|delayed)"
    r"|deliver(?:y)? ?\(?(?:"
    r"failure|error)|failure notice|failure delivery|failed delivery|mail (?:delivery|system error|could not"
    r"|failure|not "
    r"delivered|undeliverable|status report|returned)|message (?:delivery|undeliverable|could not be delivered"
    r"|status - "
    r"undeliverable|not delivered|delayed|you sent (?:was )?blocked)|returned (?:mail|message|to sender|email)"
    r"|return(?:ed)"
    r"? to sender|unable to deliver|user unknown|unknown (?:user|recipient)|warning: (?:could not send|message)"
    r"|warning from|email not delivered|e?-?mail delivery|permanent delivery|(?:automatic(?:ally)? )?rejected"
    r"|rejected mail"
    r"|undelivered|mailbox (?:full|unavailable)|recipient (?:unknown|rejected)|error sending|bounced?(?: mail"
    r"| e-?mail)"
    r"|nondeliverable|not delivered|could not (?:send|deliver)|address (?:unknown|not found)|(?:over ?quota"
    r"|quota exceeded)|message rejected"
    r"|your (?:e-?mail|message|mail) (?:to|could not|was not|has not|cannot|has been (?:rejected|delayed|returned))"
    r"|delayed(?: mail)?|mail status|smtp error|failed mail|mail failed|banned|spam|considered unsolicited|virus)",
    r"^(?:unzustellbar|nicht zustellbar|zustellung|unzustellbarkeits|mail konnte nicht|fehler bei der zustellung"
    r"|nachricht (?:nicht|konnte nicht))",
    r"^(?:onbestelbaar|niet[- ](?:afgeleverd|bezorgd|bestelbaar)|bezorging|aflevering|kan niet worden|bericht niet)",
    r"^(?:non remis|non distribu|remise|[ée]chec|notification d.[ée]tat de remise|message non|retour de courrier"
    r"|impossible de remettre|courrier non)",
    r"^(?:no se (?:ha |puede |pudo )|no entregad|error de entrega|entrega|notificaci[oó]n de (?:estado|entrega|fallo)"
    r"|devuelto|mensaje (?:no|devuelto)|correo (?:no|devuelto)|fallo)",
    r"^(?:non recapitabil|impossibile recapitare|mancat[oa] (?:recapito|consegna)|notifica di (?:mancat|stato)"
    r"|recapito"
    r"|messaggio non|errore (?:di|nella) consegna|avviso di mancat)",
    r"^(?:n[ãa]o (?:entregue|[ée] poss[íi]vel|foi poss[íi]vel)|n[ãa]o foi entregue|falha (?:na|de|no) (?:entrega"
    r"|envio)"
    r"|mensagem n[ãa]o|notifica[çc][ãa]o de (?:status|estado|falha)|devolu)",
    r"^(?:kunne ikke leveres|kan inte levereras|olevererbar|det gick inte att leverera|ikke leveret|niedostarczon"
    r"|zwrot|nelze doručit|nedoručiteln|kézbesíthetetlen|недостав|не удалось|сообщение не|teslim edilemedi"
    r"|配信不能|配達不能|メール配信|未送達|无法(?:送达|传递)|系统退信|退信|未传递|반송"
    r"|ei voitu toimittaa|perille toimittamaton)",
)
SENTENCES = _any(
    r"(?:could|can|cannot|can.t|was|were|has|have|were|is|are)(?: ?not|n.t)? (?:yet )?(?:be(?:en)? )?(?:delivered"
    r"|sent to|reached"
    r"|returned)",
    r"unable to deliver|undeliverable|not deliverable|delivery (?:to|of|has|failed|failure|was|attempt|status|error)",
    r"(?:did|does|have|has) not (?:reach|receive)|failed (?:recipient|address|delivery|permanently)|permanent(?:ly)? "
    r"(?:error|fail|fatal)|fatal error|transcript of (?:the )?session|returned (?:mail|message|to sender)",
    r"wasn.t able to deliver|not able to deliver|could not deliver|was(?: not|n.t) delivered|user unknown"
    r"|unknown user"
    r"|no such user|mailbox (?:is )?(?:full|unavailable|not found|unknown)|recipient(?:.s)? (?:address )?rejected"
    r"|does not exist|doesn.t exist|is not (?:a )?(?:known|valid)|invalid (?:recipient|mailbox|address|final)"
    r"|no mailbox"
    r"|not listed in|unknown (?:recipient|address)|over ?quota|exceed(?:s|ed|ing)? .{0,30}(?:quota|size|limit"
    r"|storage)",
    r"rcpt to:|remote (?:host|server) (?:said|returned)|smtp error|554|550[ -]|5\.\d\.\d|your message .{0,60}"
    r"(?:blocked|rejected|refused|delayed)|(?:blocked|rejected|refused) (?:by|because|your)|was (?:rejected|refused"
    r"|blocked)",
    r"delivery attempts will continue|will (?:be retried|keep trying|continue to try)|still being (?:attempted"
    r"|retried)",
    r"nicht (?:zugestellt|zustellbar|übermittelt|ausgeliefert)|konnte nicht|unbekannter empf|postfach (?:ist )?voll",
    r"niet (?:worden )?(?:afgeleverd|bezorgd|besteld|bestelbaar|bereikt|verzonden)|onbestelbaar|kon niet",
    r"n.a pas pu (?:être|etre) (?:remis|distribu|d[ée]livr)|non remis|impossible de (?:remettre|distribuer|livrer)"
    r"|[ée]chec de",
    r"no se (?:ha )?(?:podido|pudo|puede|pueden) entregar|no (?:ha sido|fue|pudo ser) entregad|no se ha podido",
    r"non (?:è stato|[eè] stato possibile|[eè] possibile|pu[oò] essere) (?:possibile )?(?:recapita|consegna)"
    r"|impossibile"
    r" (?:recapitare|consegnare)|mancat[oa] (?:recapito|consegna)",
    r"n[ãa]o (?:foi poss[íi]vel|p[ôo]de ser|pode ser|foi) entreg|n[ãa]o foi poss[íi]vel|falha na entrega",
    r"nie (?:została|mogła|można|zostala)|kunne ikke leveres|kunde inte levereras|не (?:может|удалось|было"
    r"|была) (?:быть )?"
    r"доставл|配信できません|配信不能|送信できません|无法(?:送达|传递)|退信|deliver program",
)
# So plain that a null sender is enough beside it.
PLAIN = _any(
    r"could not be delivered to:? {0,3}<[^<>\s@]{1,80}@|delivery to the following (?:recipient|address)"
    r"|following address(?:es)? had (?:permanent|delivery)|message could not be delivered to",
)
LATE = _any(
    r"(?:delivery|message|mail|has been|is|been) (?:temporarily )?delayed|still being (?:attempted|retried)"
    r"|will (?:be retried|keep trying|continue to (?:try|be)|retry|try again)|attempts will continue"
    r"|not yet (?:been )?deliver"
    r"|no action is required|warning message only|do not need to resend|don.t need to (?:send|resend)"
    r"|has not been delivered"
    r" (?:yet|within)|delivery (?:delayed|incomplete)|is delayed|(?:wurde|ist) (?:noch nicht|verzögert)|vertraagd"
    r"|retard[ée]e?"
    r"|con retraso|se ha retrasado|in ritardo|atrasad|could not send message for past|temporarily unable",
    r"noch nicht (?:zugestellt|übermittelt)|weiter(?:hin)? versucht|verzögert|nog niet (?:afgeleverd|bezorgd)"
    r"|n.a pas encore"
    r"|(?:aún|todavía) no (?:se )?ha|non (?:è )?ancora (?:stato )?(?:consegnat|recapitat)|ainda não (?:foi|pôde)"
    r"|notification \(delay\)",
)
# Where the copy of our own mail begins.
COPY = re.compile(
    r"^[ \t>]{0,8}(?:-{2,60} ?(?:below this line|this is a copy|original message|start of returned|enclosed"
    r"|returned|the "
    r"(?:header|message|following(?! (?:e-?mail )?(?:address|recipient|user)))|message (?:header|text|follows)"
    r"|unsent|copy of|forwarded|body of|full|included"
    r"|attached)"
    r"|(?:below this line|original message|included (?:is|below)|message (?:header|text|contents?)s? follows?"
    r"|returned message"
    r"|the (?:original|returned|first|full) (?:message|mail|text|lines|header)|your (?:original )?message (?:reads"
    r"|follows)"
    r"|here is your|original headers|(?:the )?body of the|a copy of|copy of (?:the |your )?message|this is a copy"
    r"|unsent "
    r"message|old message|message contents|\*+ ?(?:end of|original)|-{5,60} message|old-|ursprüngliche|oorspronkelijk"
    r"|message d.origine|mensaje original|messaggio originale|mensagem original|original-kopfzeilen|en-t[eê]tes)"
    r"|return-path: |received: ?(?:from|by) |x-[a-z-]{1,30}: |dkim-signature: |message-id: ?|mime-version: )",
    re.IGNORECASE | re.MULTILINE,
)
REPLIED = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|antw|sv|vs|tr|rv|ref|i|enc|doorst"
    r"|betr)(?:\[\d{1,3}\])?\s{0,3}:\s{0,3}){1,20}",
    re.IGNORECASE,
)
