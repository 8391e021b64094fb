"""Match abbreviated types of work: `reroof` is "Re-roof", `ST` "Storm damage".

A guess counts only where one name fits and no other does.
"""

from collections.abc import Iterable, Mapping

from crm.kernel.normalization import name_key

# Words roofers use for one kind of work.
_SAME = (
    "replacement replace reroof reroofing rr tearoff newroof fullroof vervanging nieuwdak",
    "storm st hail wind insurance ins claim hurricane stormschade verzekering",
    "repair repairs fix leak patch service maintenance reparatie herstel lekkage onderhoud",
    "new newbuild construction newconstruction nieuwbouw",
    "gutter gutters gutterwork goot dakgoot",
    "commercial comm flat flatroof zakelijk bedrijf",
    "residential resi res home particulier woning",
    "solar pv panels zonnepanelen",
    "inspection inspect inspectie",
)
_NOISE = frozenset("job jobs work roof roofing project the of and a pipeline lead leads type".split())


def work_type(cell: str, names: Mapping[str, int]) -> int | None:
    """Return the one of the names (by name key) that a cell abbreviates; None if none or several match."""
    key = name_key(cell[:60])
    for fits in (_is_same_joined, _is_initials, _begins_word, _shares_words, _means_same):
        matches = {pk for name, pk in names.items() if _significant_words(key.split()) and fits(key, name)}
        if matches:
            if len(matches) == 1:
                return matches.pop()
            return None
    return None


def _join_words(key: str) -> str:
    return key.replace(" ", "")


def _is_same_joined(key: str, name: str) -> bool:
    return _join_words(key) == _join_words(name)


def _is_initials(key: str, name: str) -> bool:
    words = name.split()
    return len(words) > 1 and _join_words(key) == "".join(word[0] for word in words)


def _begins_word(key: str, name: str) -> bool:
    return len(_join_words(key)) > 1 and any(word.startswith(key) for word in name.split())


def _shares_words(key: str, name: str) -> bool:
    """True if all significant words of one name are in the other."""
    words = _significant_words(key.split())
    named = _significant_words(name.split())
    return bool(words and named) and (words <= named or named <= words)


def _means_same(key: str, name: str) -> bool:
    return bool(_word_senses(key) & _word_senses(name))


def _significant_words(words: Iterable[str]) -> frozenset[str]:
    return frozenset(words) - _NOISE


def _word_senses(key: str) -> set[int]:
    words = {*key.split(), _join_words(key)}
    return {at for at, same in enumerate(_SAME) if words & set(same.split())}
