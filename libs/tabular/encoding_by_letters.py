"""Rank the possible encodings of bytes by the letters they would be.

A kept detector (chardet) knows how often letters stand beside each other in some fifty languages. A list of names is
short, though, so its best few are judged once more: no word has a capital in its middle, or a sign of trade.
"""

import re
from collections.abc import Mapping

import chardet

from libs.tabular.encoding_names import ENCODINGS, codec_of_label
from libs.tabular.letter_fit import fit_at, plausibility

_ORDER = list(ENCODINGS)
# Those that share nearly all letters, as "Ά" is another byte to ISO than to Windows: where one may be meant, so may the
# others, and the text where they differ says which.
_SISTERS = (
    ("cp1252", "iso8859-15"),
    ("cp850", "cp858", "cp437"),
    ("cp1250", "iso8859-2"),
    ("cp1257", "iso8859-13"),
    ("cp1253", "iso8859-7"),
    ("koi8-r", "koi8-u"),
    ("cp1251", "mac_cyrillic"),
)
_AS_MUCH = 0.99
# Added where the detector does not name them: most files that are not UTF-8 are one of these. Their weight is a share
# of the best's: a name or two tells it little, and then the usual one is meant.
_UNTOLD = 0.06
_PREFERRED = 1.06
_USUAL = {"cp1252": 0.97, "mac_roman": 0.9, "cp850": 0.85, "cp437": 0.8}
# Less than is close (_CLOSE): elsewhere they come up only where what the detector names reads badly.
_ELSE = 0.69
# Hardly anybody has written by these, and what the others' accents are there are letters as well.
_SELDOM = {"iso8859-4": 0.7, "iso8859-16": 0.7}
# A second one that comes this close to the first could be meant as well; of Chinese and Japanese two share most bytes.
_CLOSE = 0.7
_CLOSE_IN_THE_EAST = 0.4
_FEW = 80
_EASTERN = frozenset({"cp932", "euc_jp", "gb18030", "big5", "cp949"})
_MOST = 5
_KANA = re.compile("[\u3041-\u30fa]")


def rank_encodings(sample: bytes) -> list[str]:
    """Return the possible encodings of bytes, likeliest first; several if unclear."""
    # Keyed by the text, so that encodings that give the same one are no doubt.
    texts: dict[str, tuple[float, str]] = {}
    for codec, weight in sorted(_detector_weights(sample).items(), key=lambda each: _ORDER.index(each[0])):
        text = _decode_sample(sample, codec)
        score = weight * plausibility(text)
        # Japanese letters have the same bytes in Chinese, where they are not used.
        if codec == "gb18030" and _KANA.search(text):
            score *= 0.3
        if score > texts.get(text, (0.0, ""))[0] * 1.001:
            texts[text] = score, texts[text][1] if text in texts else codec
    order = sorted(texts, key=lambda text: -texts[text][0])
    if order:
        best, first = texts[order[0]]
    else:
        best, first = (0.0, "")
    least = best * (_CLOSE_IN_THE_EAST if first in _EASTERN else _CLOSE)
    read = {texts[text][1]: text for text in order if texts[text][0] >= least}
    return [codec for codec in read if not _reads_better_in_a_sister(codec, read)][:_MOST]


def _reads_better_in_a_sister(codec: str, read: Mapping[str, str]) -> bool:
    """True if a similar encoding makes better words of the characters in which they differ."""
    mine = read[codec]
    for sister in next((group for group in _SISTERS if codec in group), ()):
        theirs = read.get(sister, mine)
        differ = [at for at, (one, other) in enumerate(zip(mine, theirs, strict=False)) if one != other]
        if differ and fit_at(mine, differ) < _CLOSE * fit_at(theirs, differ):
            return True
    return False


def _detector_weights(sample: bytes) -> dict[str, float]:
    """Return the detector's weights of encodings; if it is unsure, the usual ones get weight, too."""
    weights: dict[str, float] = {}
    for detection in chardet.detect_all(sample) if sample else []:
        codec = codec_of_label(str(detection["encoding"] or ""))
        if codec in ENCODINGS:
            weight = float(detection["confidence"] or 0) * _SELDOM.get(codec, 1)
            weights[codec] = max(weights.get(codec, 0), weight)
    for sisters in _SISTERS:
        best_sister = max(weights.get(codec, 0) for codec in sisters)
        weights |= {codec: max(weights.get(codec, 0), best_sister * _AS_MUCH) for codec in sisters if best_sister}
    best = max(weights.values(), default=_UNTOLD)
    if best <= _UNTOLD:
        weights["cp1252"] = weights.get("cp1252", 0) * _PREFERRED
        weights |= {codec: max(weights.get(codec, 0), best * share) for codec, share in _USUAL.items()}
    is_eastern = any(weights.get(codec) == best for codec in _EASTERN)
    if not is_eastern:
        weights |= {codec: max(weights.get(codec, 0), best * share * _ELSE) for codec, share in _USUAL.items()}
    elif sum(byte > 127 for byte in sample) < _FEW:
        # A name or two could be any of them.
        weights |= {codec: max(weights.get(codec, 0), best * _CLOSE) for codec in _EASTERN}
    return weights


def _decode_sample(sample: bytes, codec: str) -> str:
    try:
        return sample.decode(codec)
    except UnicodeDecodeError as error:
        # The sample ends between two bytes of one letter.
        if error.start > len(sample) - 4 and error.start:
            return sample[: error.start].decode(codec)
        return ""
