"""Decode bytes of any charset into clean text: declared, else UTF-8, else guessed.

What is declared is often not meant: Latin-1 is Windows-1252 (and very often UTF-8), gb2312 is gb18030, Shift JIS is
Microsoft's. The names are the WHATWG's labels where a browser and a mail program agree.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

import chardet
from chardet.enums import EncodingEra

from libs.charsets import charset_of
from libs.inbound_mail.lexicon import load_words

# What the detector is shown: it costs a millisecond a kilobyte.
_SAMPLE = 8_000
_LONGEST_NAME = 60
# How certain it has to be against what is declared.
_SURE = 0.1
_TABLES = load_words("charsets")
_MEANT = _TABLES["meant"]
_OTHER_NAMES = _TABLES["names"]
# Declared by programs that never thought about it, so that bytes which are UTF-8 are just that.
_UNTHINKING = frozenset({"", "cp1252", "cp1254", "iso8859-15", "mac_roman"})
_LATIN = tuple("cp1252 cp1250 cp1254 cp1257 iso8859- mac_roman mac_latin2 cp437 cp85 cp3 cp500 cp7".split())
_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
# In which set of letters the following is.
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([D-Q]|\$A|[(.][A-Z])")
_META = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127])
# Marks that reorder whatever is shown behind them.
_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# A piece ends before a character that nothing before it is joined with, if one comes.
_PIECE = re.compile(r"[\s\S]{1,250}[^\x00-\x7f]{0,250}")
_SURROGATES = re.compile("[\ud800-\udfff]")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Decode invalid UTF-8 bytes as Windows-1252, as in text pasted from another source."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("inbound-mail-as-windows", _as_windows)


@lru_cache(maxsize=500)
def codec_of(name: str) -> str:
    """Return the Python codec of a declared charset; "" for none."""
    name = name.strip(" \t\"'<>;").lower().removeprefix("charset=")[:_LONGEST_NAME]
    name = _OTHER_NAMES.get(name, name)
    if name[:3] in {"cp-", "cp_"}:
        name = f"cp{name[3:]}"
    if codec := charset_of(name):
        return _MEANT.get(codec, codec)
    if re.fullmatch(r"(?:cp|windows|win|ansi)[-_ ]?125[0-8]", name):
        return codec_of(f"cp{name[-4:]}")
    return ""


def decode(data: bytes, declared: str = "", hint: str = "") -> str:
    """Decode bytes without raising. `hint`: the surrounding charset, for raw headers."""
    codec = codec_of(declared)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not codec.startswith("utf-16"):
        return clean(data.decode("utf-16", "replace"))
    if codec == "utf-7" and b"+" in data:
        return clean(data.decode("utf-7", "replace"))
    if data.isascii() and not codec.startswith(("hz", "iso2022")) and not (codec.startswith("utf-") and 0 in data[:99]):
        if not _JAPANESE.search(data, 0, _SAMPLE):
            return clean(data.decode("ascii"))
        codec = "iso2022_jp_ext"
    if codec in _UNTHINKING and (text := _decode_strictly(data, "utf-8")) is not None:
        return clean(text)
    if codec == "cp1252" and len(data) >= 12 and _is_dense(data):
        codec = _other_script(data) or codec
    if codec.startswith("iso2022_jp") and (text := _decode_japanese(data)) is not None:
        return clean(text)
    if codec and (text := _decode_strictly(data, codec)) is not None:
        return clean(text)
    return clean(_decode_by_guess(data, codec, codec_of(hint)))


def _decode_japanese(data: bytes) -> str | None:
    """Decode ISO-2022-JP with Microsoft's extensions (①, 髙), which Python lacks; None if it fails.

    Its two bytes a letter are those of Shift JIS after a bit of arithmetic (JIS X 0208, annex 1).
    """
    first, *rest = _ESCAPE.split(data)
    pieces = [first]
    for escape, letters in zip(rest[::2], rest[1::2], strict=True):
        if escape in (b"$@", b"$B"):
            letters = bytes(
                byte for pair in zip(letters[::2], letters[1::2], strict=False) for byte in _shift_jis_bytes(*pair)
            )
        elif escape == b"(I":
            letters = bytes(byte | 0x80 for byte in letters)
        elif escape not in (b"(B", b"(J", b"(H"):
            return None
        pieces.append(letters)
    return _decode_strictly(b"".join(pieces), "cp932")


def _shift_jis_bytes(row: int, cell: int) -> tuple[int, int]:
    if not (0x20 < row < 0x7F and 0x20 < cell < 0x7F):
        return row, cell
    if row % 2 == 0:
        second = cell + 0x7E
    else:
        second = cell + (0x20 if cell > 0x5F else 0x1F)
    first = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    return first, second


def _other_script(data: bytes) -> str:
    """Return the codec of the script that bytes declared as Latin are in; "" if they are Latin."""
    codec, confidence = _detect_charset(_sample_lines(data))
    if confidence < _SURE or codec.startswith(_LATIN):
        return ""
    return codec


def _decode_strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _decode_by_guess(data: bytes, codec: str, hint: str) -> str:
    """Decode text with a wrong or missing charset."""
    if codec == "utf-8":
        return _damaged_utf8(data)
    if (text := _decode_strictly(data, "utf-8")) is not None:
        return text
    if codec and codec not in _UNTHINKING:
        # A byte or two amiss in an Eastern text; else another charset is meant.
        text = data.decode(codec, "replace")
        if text.count("\ufffd") * 20 <= len(text):
            return text
    if hint and hint != "utf-8" and (text := _decode_strictly(data, hint)) is not None:
        return text
    if codec == "cp1252":
        if data.count(0x81) + data.count(0x90) == 0:
            return data.decode("cp1252", "replace")
        return _by_letters(data)
    return _by_letters(data)


def _damaged_utf8(data: bytes) -> str:
    """Decode text that is mostly UTF-8; None if it never was."""
    text = data.decode("utf-8", "inbound-mail-as-windows")
    right = sum(1 for character in data.decode("utf-8", "ignore")[:200_000] if character > "\x7f")
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    if right >= wrong or len(data) < 40:
        # Cut in the middle of its last letter: that one is nothing.
        if wrong == 1 and data[-1] > 127:
            return data.decode("utf-8", "ignore")
        return text
    return _by_letters(data)


def _by_letters(data: bytes) -> str:
    codec = guess(data)
    text = None
    if codec:
        text = _decode_strictly(data, codec)
    if text is None:
        return data.decode("cp1252", "replace")
    return text


def guess(data: bytes) -> str:
    """Return the likely codec of bytes by their letters; "" if unclear."""
    sample = _sample_lines(data)
    if not sample:
        return ""
    codec, confidence = _detect_charset(sample)
    # An accent here and there tells the detector little, and then the usual one is meant; a text all beyond ASCII is
    # of another script.
    if confidence >= (0.01 if _is_dense(sample) else 0.15):
        return codec
    return ""


def _sample_lines(data: bytes) -> bytes:
    """Return the beginning of the lines with non-ASCII bytes."""
    return b"\n".join(line for line in data[: _SAMPLE * 8].splitlines() if not line.isascii())[:_SAMPLE]


def _detect_charset(sample: bytes) -> tuple[str, float]:
    detection = chardet.detect(sample, encoding_era=EncodingEra.ALL & ~EncodingEra.MAINFRAME)
    return codec_of(str(detection["encoding"] or "")), float(detection["confidence"] or 0)


def _is_dense(data: bytes) -> bool:
    """True if non-ASCII bytes are as frequent as in another script."""
    sample = data[:_SAMPLE]
    return len(sample) > 3 and sum(byte > 127 for byte in sample) * 5 > len(sample) * 2


def html_charset(data: bytes) -> str:
    """Return the charset in an HTML head; "" for none."""
    match = _META.search(data[:2_000])
    if match:
        return match[1].decode("ascii")
    return ""


def clean(text: str) -> str:
    """Drop control characters, replace lone surrogates, normalize line ends, and compose letters (NFC)."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _compose_letters(_SURROGATES.sub(chr(0xFFFD), text).replace("\ufeff", "")).translate(_OVERRIDES)
    if text.isprintable():
        return text
    return text.translate(_CONTROLS)


def _compose_letters(text: str) -> str:
    """Compose letters in pieces, as a run of accents takes quadratic time (26 s for 131,072)."""
    return "".join(unicodedata.normalize("NFC", piece) for piece in _PIECE.findall(text))
