"""What fits in a message, said in words."""

import pytest

from comms.composer.attachment_limits import FileFacts, advice, check
from crm.kernel.formats import size_in_words
from crm.kernel.refusal import Refused

PHOTO = "image/jpeg"


@pytest.mark.parametrize(
    ("medium", "media_type", "size"),
    [
        ("email", PHOTO, 18_000_000),
        ("sms", PHOTO, 5_000_000),
        ("whatsapp", PHOTO, 5_000_000),
        ("whatsapp", "video/mp4", 16_000_000),
        ("whatsapp", "audio/ogg", 16_000_000),
        ("whatsapp", "application/pdf", 100_000_000),
        ("whatsapp", "image/webp", 500_000),
    ],
)
def test_the_largest_file_fits_and_one_byte_more_does_not(medium: str, media_type: str, size: int) -> None:
    check(medium, [FileFacts("roof", media_type, size)])
    with pytest.raises(Refused, match="roof is"):
        check(medium, [FileFacts("roof", media_type, size + 1)])


def test_files_are_counted_together() -> None:
    check("email", [FileFacts("a", PHOTO, 9_000_000)] * 2)
    with pytest.raises(Refused, match=r"Together the files are 18\.9 MB\. At most 18 MB fit"):
        check("email", [FileFacts("a", PHOTO, 6_300_000)] * 3)
    with pytest.raises(Refused, match="At most 1 files fit"):
        check("whatsapp", [FileFacts("a", PHOTO, 1)] * 2)


def test_what_may_arrive_small_is_said() -> None:
    assert advice("sms", [FileFacts("a", PHOTO, 600_000)]) == ""
    assert "Above 600 kB" in advice("sms", [FileFacts("a", PHOTO, 600_001)])
    assert advice("email", [FileFacts("a", PHOTO, 9_000_000)]) == ""


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 kB"), (600_000, "600 kB"), (2_449_000, "2.4 MB"), (5_000_000, "5 MB")]
)
def test_sizes_are_said_as_people_do(size: int, words: str) -> None:
    assert size_in_words(size) == words
