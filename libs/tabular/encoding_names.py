"""The encodings a table may be in, with their labels, and the codecs of the labels that chardet returns."""

from libs.sentence import Sentence as _

# Encodings a person may choose, the usual ones first. Others are not guessed either: few spreadsheets write them.
ENCODINGS: dict[str, str] = {
    "utf-8-sig": "UTF-8",
    "cp1252": _("Windows-1252 (Western Europe, America)"),
    "mac_roman": _("Mac Roman (Western, older Macs)"),
    "cp850": _("DOS 850 (Western)"),
    "cp858": _("DOS 858 (Western, with €)"),
    "cp437": _("DOS 437 (American)"),
    "iso8859-15": _("ISO 8859-15 (Western, with €)"),
    "cp860": _("DOS 860 (Portuguese)"),
    "cp865": _("DOS 865 (Nordic)"),
    "mac_iceland": _("Mac (Icelandic)"),
    "cp861": _("DOS 861 (Icelandic)"),
    "cp1250": _("Windows-1250 (Central Europe)"),
    "iso8859-2": _("ISO 8859-2 (Central Europe)"),
    "iso8859-16": _("ISO 8859-16 (Romanian)"),
    "mac_latin2": _("Mac (Central Europe)"),
    "cp852": _("DOS 852 (Central Europe)"),
    "cp1254": _("Windows-1254 (Turkish)"),
    "mac_turkish": _("Mac (Turkish)"),
    "cp857": _("DOS 857 (Turkish)"),
    "cp1257": _("Windows-1257 (Baltic)"),
    "iso8859-13": _("ISO 8859-13 (Baltic)"),
    "iso8859-4": _("ISO 8859-4 (Baltic, older)"),
    "cp775": _("DOS 775 (Baltic)"),
    "cp1251": _("Windows-1251 (Cyrillic)"),
    "koi8-r": _("KOI8-R (Russian)"),
    "koi8-u": _("KOI8-U (Ukrainian)"),
    "iso8859-5": _("ISO 8859-5 (Cyrillic)"),
    "cp866": _("DOS 866 (Cyrillic)"),
    "cp855": _("DOS 855 (Cyrillic)"),
    "cp1125": _("DOS 1125 (Ukrainian)"),
    "mac_cyrillic": _("Mac (Cyrillic)"),
    "cp1253": _("Windows-1253 (Greek)"),
    "iso8859-7": _("ISO 8859-7 (Greek)"),
    "mac_greek": _("Mac (Greek)"),
    "cp737": _("DOS 737 (Greek)"),
    "cp869": _("DOS 869 (Greek)"),
    "cp1255": _("Windows-1255 (Hebrew)"),
    "cp862": _("DOS 862 (Hebrew)"),
    "cp1256": _("Windows-1256 (Arabic)"),
    "iso8859-6": _("ISO 8859-6 (Arabic)"),
    "cp720": _("DOS 720 (Arabic)"),
    "cp1258": _("Windows-1258 (Vietnamese)"),
    "cp874": _("Windows-874 (Thai)"),
    "cp932": _("Shift JIS (Japanese)"),
    "euc_jp": _("EUC-JP (Japanese)"),
    "iso2022_jp": _("ISO-2022-JP (Japanese)"),
    "gb18030": _("GB 18030 (Chinese)"),
    "big5": _("Big5 (Chinese, Taiwan)"),
    "cp949": _("EUC-KR (Korean)"),
    "utf-16": "UTF-16",
}
# Labels of the detector, or their beginnings, and our codecs: each of its bytes is the same character in ours.
ALIASES = {
    "windows-": "cp",
    "ibm": "cp",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "macroman": "mac_roman",
    "maclatin2": "mac_latin2",
    "maccyrillic": "mac_cyrillic",
    "macgreek": "mac_greek",
    "macturkish": "mac_turkish",
    "maciceland": "mac_iceland",
    "tis-620": "cp874",
    "iso-8859-8": "cp1255",
    "iso-8859-9": "cp1254",
    "iso-8859-1": "cp1252",
    "iso-8859-": "iso8859-",
}


def codec_of_label(label: str) -> str:
    """Return our codec for a label of the detector, or the label itself."""
    name = label.lower()
    for theirs, ours in ALIASES.items():
        if name == theirs or ((theirs.endswith("-") or theirs == "ibm") and name.startswith(theirs)):
            return ours + name.removeprefix(theirs)
    return name
