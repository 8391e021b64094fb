"""Separate a customer's own text from quotations, and detect reactions that phones send as text. Pure.

Telephones send a reaction as a text: a short beginning and our words in quotation marks (Liked “…”, 👍 to “…”, A Rita
le gustó “…”). It is one where nearly all of it is a quotation of ours, whatever the language of the beginning.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from comms.language.clauses import fold_word

# What stands around the quotation is short; a quotation of less than this proves nothing by itself.
LONGEST_AROUND = 60
SHORTEST_QUOTED = 4
# So much of a message is looked at.
_READ = 4000
_QUOTED = re.compile(r"[“”\"„«‹](?P<quoted>[^“”\"„«‹‟»›]{1,3000})[”“\"‟»›]", re.DOTALL)
_LINE = re.compile(r"^[ \t]{0,8}>.{0,2000}$", re.MULTILINE)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f]")
_NOT_WORDS = re.compile(r"[\W_]+")
# What the telephones write, folded: for a quotation that is of no message we have.
_TOLD_SIGNS = {
    sign: tuple(told.strip() for told in beginnings.split(","))
    for sign, beginnings in {
        "👍": """liked, vond leuk, vindt leuk, gefallt mir, hat mit gefallt mir markiert, a aime, aime, le gusto,
                 le ha gustado, me gusta, heeft geliket""",
        "❤": "loved, vond geweldig, hat mit einem herz markiert, a adore, le encanto, le encanta",
        "👎": "disliked, vond niet leuk, hat mit gefallt mir nicht markiert, na pas aime, no le gusto",
        "😂": "laughed at, lachte om, hat uber gelacht, a ri de, se rio de",
        "‼": "emphasized, emphasised, benadrukte, hat hervorgehoben, a insiste sur, enfatizo",
        "❓": "questioned, plaatste vraagtekens bij, hat mit einem fragezeichen versehen, cuestiono",
        "": "reacted to, reacted",
    }.items()
}
_REMOVED = re.compile(
    r"\b(?:removed|verwijderd|verwijderde|entfernt|zuruckgenommen|supprime|retire|quito|elimino|quitado|eliminado)\b"
)
# Of a photo they have no words to quote.
_OF_A_FILE = re.compile(
    r"(?P<around>liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted (?:\S{1,8} )?to"
    r"|removed an? [a-z ]{3,20} from)"
    r" (?:an?|your) (?:image|photo|picture|video|movie|attachment|sticker|audio message|voice message|contact|location)"
)
# Whoever quotes us and says one of these says it himself.
_OWN_WORDS = frozenset(
    "i you we me my can could please call but no not yes ok stop cancel wrote said re dont why what when who how is "
    "are ik u jij wij we mijn kan graag bel maar nee niet ja waarom wat wanneer hoe is ich sie wir kann bitte "
    "aber nein nicht ja warum was wann wie vous nous peut mais non pas oui pourquoi quand yo usted puede "
    "pero no si por que cuando reschedule verzetten confirm confirmed".split()
)


@dataclass(frozen=True)
class TextReaction:
    """A reaction sent as text. `quoted`: the quoted words; `sign`: its emoji, "" if unknown."""

    quoted: str
    sign: str
    is_removed: bool = False


def read_reaction(text: str, ours: Iterable[str] = ()) -> TextReaction | None:
    """Parse a reaction: a short prefix and a quotation of one of our messages. None for other text.

    Where the quotation is of none of `ours`, the beginning must be one that telephones write.
    """
    stripped = _INVISIBLE.sub("", text[:_READ]).strip()
    folded = fold_text(stripped)
    if of_a_file := _OF_A_FILE.fullmatch(folded):
        return _build_reaction("", stripped, of_a_file["around"])
    texts = list(ours)
    for first, last in _quoted_places(stripped):
        quoted = stripped[first + 1 : last].strip()
        around = f"{stripped[:first]} {stripped[last + 1 :]}".strip()
        if not around or len(around) > LONGEST_AROUND or "\n" in around or "?" in around:
            continue
        is_ours = any(begins_alike(quoted, words) for words in texts)
        if _is_told(around) or (is_ours and first > 0 and _is_a_report(around, quoted)):
            return _build_reaction(quoted, around, fold_text(around))
    return None


def _build_reaction(quoted: str, around: str, folded: str) -> TextReaction:
    signs = "".join(letter for letter in around if unicodedata.category(letter) == "So")
    sign_text = next(
        (sign for sign, beginnings in _TOLD_SIGNS.items() if f" {folded}".endswith(_with_space(beginnings))), ""
    )
    return TextReaction(quoted, signs or sign_text, bool(_REMOVED.search(folded)))


def _with_space(beginnings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f" {beginning}" for beginning in beginnings)


def _is_told(around: str) -> bool:
    """True if the text around a quotation is a known phone's wording: "A Rita le gustó", "👍 to"."""
    folded = fold_text(around)
    words = folded.split()
    if len(words) > 7 or folded.startswith(tuple(f"{word} " for word in ("i", "ik", "ich", "yo"))):
        return False
    if any(unicodedata.category(letter) == "So" for letter in around):
        return not _OWN_WORDS & set(words)
    is_removal = folded.startswith(("removed a ", "removed an ")) and words[-1] == "from"
    beginnings_of_signs = [beginning for beginnings in _TOLD_SIGNS.values() for beginning in beginnings]
    return is_removal or any(
        folded == one or (" " in one and folded.endswith(f" {one}")) for one in beginnings_of_signs
    )


def _is_a_report(around: str, quoted: str) -> bool:
    """True if the text around our words reports a reaction: few words, shorter than ours."""
    words = fold_text(around).split()
    return 0 < len(words) <= 6 and len(quoted) > len(around) and not _OWN_WORDS & set(words)


def _quoted_places(text: str) -> list[tuple[int, int]]:
    """Return the positions of quotations: from the first mark to the last, then each pair."""
    places = [at for at, letter in enumerate(text) if letter in '“”"„«»‟']
    if len(places) < 2:
        return []
    pieces = [(piece.start(), piece.end() - 1) for piece in _QUOTED.finditer(text)]
    return [(places[0], places[-1]), *pieces[:4]]


def part_quotations(text: str, ours: Iterable[str] = ()) -> tuple[str, str]:
    """Return a customer's own text and the quoted parts: lines with ">" and our words in quotation marks."""
    if ">" not in text and not any(mark in text for mark in '“"„«'):
        return text, ""
    quoted = [line.strip() for line in _LINE.findall(text)]
    own = _LINE.sub("", text)
    texts = list(ours)
    for piece in list(_QUOTED.finditer(own)):
        words = piece["quoted"].strip()
        if len(words) >= SHORTEST_QUOTED and any(begins_alike(words, each) for each in texts):
            quoted.append(piece[0])
            own = own.replace(piece[0], " ", 1)
    if quoted:
        own = re.sub(r"^\s{0,20}(?:re|aw|antw|sv)\s{0,3}:\s{0,20}", "", own, flags=re.IGNORECASE)
    return own.strip(), "\n".join(quoted)


def begins_alike(quoted: str, ours: str) -> bool:
    """True if a quotation is the beginning of a message of ours, however it is cut or quoted."""
    short = fold_text(quoted.rstrip("…."))
    whole = fold_text(ours)
    return len(short) >= SHORTEST_QUOTED and whole.startswith(short)


def fold_text(text: str) -> str:
    """Return the folded words of a text, with single spaces."""
    return " ".join(fold_word(word) for word in _NOT_WORDS.split(text) if word)
