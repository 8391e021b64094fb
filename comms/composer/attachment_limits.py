"""Size limits of attachments by channel, checked before sending."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.kernel.formats import KB, MB, size_in_words
from crm.kernel.refusal import Refused


@dataclass(frozen=True)
class FileFacts:
    """The properties of a file that the limits depend on."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class MediumLimit:
    """The limits of a channel, in bytes. `per_kind`: by media type or its first half."""

    per_message: int
    files: int
    per_kind: dict[str, int]
    # Above this it may not arrive, or arrive small.
    advised: int = 0


# Mail is a third larger on its way than its files are: providers and receivers stop at 25 MB.
EMAIL = MediumLimit(18 * MB, 50, {})
# What Twilio takes; carriers make more than 600 kB smaller or drop it.
MMS = MediumLimit(5 * MB, 10, {}, advised=600 * KB)
# https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media: one file a message.
WHATSAPP = MediumLimit(
    100 * MB, 1, {"image": 5 * MB, "video": 16 * MB, "audio": 16 * MB, "image/webp": 500 * KB, "": 100 * MB}
)
LIMITS = {"email": EMAIL, "sms": MMS, "whatsapp": WHATSAPP}


def check(medium: str, files: Sequence[FileFacts]) -> None:
    """Raise Refused with the first reason why the files can't be sent by a medium."""
    limit = LIMITS[medium]
    if len(files) > limit.files:
        raise Refused(_("At most %(most)s files fit in one message.") % {"most": limit.files})
    for file in files:
        most = limit.per_kind.get(file.media_type) or limit.per_kind.get(file.media_type.partition("/")[0])
        most = most or limit.per_kind.get("") or limit.per_message
        if file.size > most:
            words = _("%(name)s is %(size)s. At most %(most)s can be sent this way.")
            raise Refused(words % {"name": file.name, "size": size_in_words(file.size), "most": size_in_words(most)})
    total = sum(file.size for file in files)
    if total > limit.per_message:
        words = _("Together the files are %(size)s. At most %(most)s fit in one message.")
        raise Refused(words % {"size": size_in_words(total), "most": size_in_words(limit.per_message)})


def advice(medium: str, files: Sequence[FileFacts]) -> str:
    """Return a warning about files that are allowed but may not arrive; empty if none."""
    limit = LIMITS[medium]
    total = sum(file.size for file in files)
    if not limit.advised or total <= limit.advised:
        return ""
    words = _("Above %(most)s some phone networks make pictures smaller or leave them out.")
    return words % {"most": size_in_words(limit.advised)}
