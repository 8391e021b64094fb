"""Words by which a customer sounds upset (K12): whole words of five languages, in what they wrote themselves."""

from tickets.language.lexicon import Lexicon

# Folded, without accents; phrases as they stand in a sentence.
_WORDS = """
    angry unacceptable ridiculous furious terrible awful horrible disgusting disappointed lawyer attorney scam fraud
    complaint complain refund incompetent unprofessional outrageous
    boos woedend onacceptabel belachelijk schandalig teleurgesteld advocaat klacht oplichting oplichters waardeloos
    wanprestatie
    wutend inakzeptabel unverschamt anwalt beschwerde betrug enttauscht
    inacceptable scandaleux furieux avocat arnaque plainte decu
    inaceptable furioso abogado estafa queja decepcionado verguenza
""".split()
_PHRASES = (
    *("fed up", "nobody answers", "no one answers", "third time", "still no answer", "money back", "bbb complaint"),
    *("niemand reageert", "derde keer", "derde mail", "nog steeds geen", "geld terug", "ik ben het zat"),
)
UPSET = Lexicon(_WORDS, _PHRASES)


def upset_word(text: str) -> str:
    """Return the first word or phrase that sounds upset, of a text without quote and signature; "" for none."""
    return UPSET.first(text)
