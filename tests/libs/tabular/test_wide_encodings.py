"""UTF-16 and UTF-32 of any script, with a mark or without, are read; nothing binary is taken for them."""

import io
import random
import struct
import zlib

import pytest

from libs.tabular import UnreadableTable, survey
from libs.tabular.encoding import guess_encoding

SCRIPTS = {
    "western": "Name,Email,City\nJürgen Müller,j@example.de,Köln\n",
    "cyrillic": "Имя;Телефон;Город\nИванов Сергей;+7 495 123-45-67;Москва\n",
    "cyrillic-names": "Имя\nСергей Иванов\nАнна Петрова\n",
    "greek": "Όνομα\tΠόλη\nΆννα Παππά\tΑθήνα\n",
    "japanese": "氏名,市\n山田太郎,新宿区\n高橋ケン,横浜市\n",
    "kana": "なまえ,まち\nあいうえお,かきくけこ\nいしだ,おおさか\n",
    "chinese": "姓名,城市\n王伟,一一区\n李一一,北京市朝阳区\n",
    "korean": "이름,도시\n김철수,서울\n",
    "hebrew": "שם,עיר\nיוסי כהן,תל אביב\n",
    "arabic": "الاسم|المدينة\nمحمد علي|القاهرة\n",
    "thai": "ชื่อ,เมือง\nสมชาย,กรุงเทพ\n",
    "hindi": "नाम,शहर\nराज कुमार,दिल्ली\n",
    "armenian": "Անուն,Քաղաք\nԱրամ,Երևան\n",
    "georgian": "სახელი,ქალაქი\nგიორგი,თბილისი\n",
    "emoji": "Имя;Метка\nАнна;😀 звонить\n",
}
CODECS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_wide_encoding_is_certain(script: str, codec: str, marked: bool) -> None:
    text = SCRIPTS[script]
    content = (("\ufeff" if marked else "") + text).encode(codec)
    found = survey(io.BytesIO(content))
    assert found.layout.candidates == ()
    assert [found.layout.delimiter.join(record.cells) for record in found.sample] == text.splitlines()


@pytest.mark.parametrize("codec", CODECS)
def test_a_long_note_leaves_few_delimiters(codec: str) -> None:
    text = "姓名,备注\n" + "".join(f"王伟,{'请致电屋顶漏水需要更换瓦片' * 6}\n" for _row in range(300))
    assert guess_encoding(io.BytesIO(text.encode(codec))).codec == codec


def _noise(seed: int, length: int = 6000) -> bytes:
    return random.Random(seed).randbytes(length)


BINARY = {
    "noise": b"\0" + _noise(1),
    "noise of few": b"\0,\n" + _noise(2, 40),
    "packed": b"\0" + zlib.compress(_noise(3)),
    "small numbers": struct.pack("<3000H", *(n % 256 for n in range(3000))),
    "growing numbers": struct.pack("<3000H", *range(3000)),
    "numbers of four bytes": struct.pack("<3000I", *range(3000)),
    "sound": struct.pack("<3000h", *map(random.Random(4).randint, [-900] * 3000, [900] * 3000)),
    "real numbers": struct.pack("<800d", *(n / 7 for n in range(800))),
    "records": b"".join(struct.pack("<20sIH", b"Jan Jansen", n, n % 7) for n in range(90)),
    "ascii with a NUL": b"Name,Email\nJan,jan\0@example.nl\nPiet,piet@example.nl\n" * 30,
    "ended by NULs": b"Name\0Email\0\nJan\0jan@example.nl\0\n" * 30,
    "ended by NULs, evenly": b"Names\0Mails\0\nAnnas\0a@b.n\0\n" * 30,
    "every tenth": b"Some words\0more word" * 50,
    "zeros": bytes(5000),
    "text and zeros": b"Name,Email\nJan,jan@example.nl\n" + bytes(600),
    "two bytes": b"\0,",
    "western cut by one": "Name,Email\nJürgen,j@example.de\n".encode("utf-16-le")[1:] + _noise(5, 50),
}


@pytest.mark.parametrize("what", BINARY)
def test_nothing_binary_is_taken_for_a_wide_encoding(what: str) -> None:
    with pytest.raises(UnreadableTable):
        survey(io.BytesIO(BINARY[what]))


def test_noise_is_never_a_wide_encoding() -> None:
    for seed in range(2000):
        content = b"\0" + _noise(seed, 3 + seed % 60)
        with pytest.raises(UnreadableTable):
            guess_encoding(io.BytesIO(content))


def test_a_wide_encoding_that_is_damaged_further_on_is_refused() -> None:
    text = SCRIPTS["cyrillic"] * 4000
    for codec in CODECS:
        content = text.encode(codec)
        with pytest.raises(UnreadableTable):
            survey(io.BytesIO(content[:300_000] + bytes(40) + content[300_040:]))
