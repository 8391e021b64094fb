"""Challenges: a filter in front of a person asks the sender to prove to be one."""

import re

from libs.inbound_mail.message import Mail

_SERVICES = re.compile(
    r"[@.](?:boxbe|spamarrest|mailblocks|bluebottle|choicemail|digiportal|knowspam|vanquish|sendio|0spam|spamlion"
    r"|mailfrontier"
    r"|cleanmail|mailinblack|uol|ipermitmail|spamfence|quarantainenet|usamail|oneclickspam|spam-?interceptor"
    r"|activespam"
    r"|mymailcheck|matador|qurb|hushmail-challenge|challenge-?response|antispameurope)\.",
    re.IGNORECASE,
)
_HEADERS = ("X-Boxbe-Notification", "X-TMDA-Fingerprint", "X-Spamarrest-Noauth", "X-ASK-Info", "X-Sendio-Challenge")
_CONFIRM_ADDRESS = re.compile(
    r"(?:-confirm-|\+confirm|\.confirm\.|^confirm[-+.])[\w.+-]{0,200}@|\+autoresponder@|@confirm\.", re.IGNORECASE
)
_SUBJECTS = re.compile(
    r"please confirm (?:your|the) (?:message|e-?mail|mail)|confirmation required|\(action required\)"
    r"|\[?confirm(?:ation)?\]? ?"
    r"(?:request|needed)|verif(?:y|ication) (?:required|requested|of your (?:message|e-?mail))|(?:sender"
    r"|spam) (?:verification|"
    r"authentication|challenge)|(?:your )?(?:message|mail|email) (?:requires|awaiting|needs"
    r"|is awaiting) (?:confirmation|"
    r"authentication|verification|approval)|authenti(?:fi)?cation (?:de|requise|demand)"
    r"|bitte bestätigen sie ihre (?:nachricht|"
    r"e-?mail|mail)|bestätigung (?:ihrer|erforderlich)|bevestig (?:uw|je) (?:bericht|e-?mail|mail)"
    r"|confirme su (?:mensaje|correo)"
    r"|confermi? (?:il|la) (?:suo|tua?|sua) (?:messaggio|mail|e-?mail)|confirme (?:a )?sua (?:mensagem|mail)",
    re.IGNORECASE,
)
_SENTENCES = re.compile(
    r"(?:confirm|prove|verify|to show|make sure) (?:to (?:me|us) )?that (?:you(?:.re| are)|your|it was|this (?:is"
    r"|was|message)|the "
    r"sender)|human (?:being|sender)|real person|not (?:a )?(?:spammer|robot|machine|an? automated)|(?:approved"
    r"|allowed|guest|"
    r"white) ?-?(?:senders?|lists?)|one[- ]time|in order (?:for|to) .{0,60}deliver|(?:held|holding|hold|quarantine"
    r"|pending).{0,40}"
    r"(?:until|for)|(?:click|clicking|reply|replying|respond).{0,80}(?:deliver|verif|confirm|approv|released?)"
    r"|challenge|"
    r"anti-?spam|requires? (?:your )?(?:server )?confirm|confirm this mail|menschlich|spam-?schutz|whitelist"
    r"|liste blanche"
    r"|protégé par|vous authentifier|lista blanca|spamfilter|spam-?beveilig",
    re.IGNORECASE,
)
_DEMANDS = re.compile(
    r"(?:click|follow|visit|go to|press|open|use).{0,100}(?:link|url|button|http|below|following).{0,300}(?:deliver"
    r"|verif|confirm|"
    r"approv|release|authenticat)|(?:repl(?:y|ying)|respond(?:ing)?) to this (?:message|e?-?mail|mail"
    r"|request).{0,200}(?:deliver|"
    r"confirm|verif|approv|accept|release)|requires? confirmation\. visit|(?:confirm|verify|release"
    r"|deliver).{0,200}(?:click|"
    r"repl(?:y|ying)|following link|link below|link hieronder|http)",
    re.IGNORECASE | re.DOTALL,
)


def is_challenge(mail: Mail) -> bool:
    """Whether an answer is asked for before our mail is shown to anybody."""
    senders = [mail.headers.get(name)[:400] for name in ("From", "Return-Path", "Sender", "Reply-To")]
    if any(name in mail.headers for name in _HEADERS) or any(
        _CONFIRM_ADDRESS.search(each.strip("<>")) for each in senders
    ):
        return True
    text = f"{mail.subject[:300]}\n{mail.text[:6_000]}".replace("\n", " ")
    demanded = bool(_DEMANDS.search(text) and _SENTENCES.search(text))
    if any(_SERVICES.search(each) for each in senders):
        return demanded or bool(mail.report.kind or _SUBJECTS.search(mail.subject[:300]))
    return demanded and bool(_SUBJECTS.search(mail.subject[:300]) or _names_our_mail(mail, text))


_OURS = re.compile(
    r"(?:your|the) (?:e-?mail|message|mail)(?: \w+){0,6} (?:has been|is being|is|was|will be|to) (?:being )?(?:held"
    r"|quarantined|"
    r"placed|stored|blocked|pending|queued|not (?:yet )?(?:be(?:en)? )?delivered|kept)|(?:server|sender|first time"
    r"|message) .{0,30}"
    r"requires confirmation|(?:not (?:on|in) (?:my|our|the|his|her)) .{0,40}(?:list|senders)"
    r"|you have not .{0,40}before",
    re.IGNORECASE,
)


def _names_our_mail(mail: Mail, text: str) -> bool:
    """Whether it is said of a mail of ours, by no person."""
    automatic = (
        "Auto-Submitted" in mail.headers or mail.return_path == "" or bool(mail.in_reply_to) or bool(mail.report.kind)
    )
    return automatic and bool(_OURS.search(text))
