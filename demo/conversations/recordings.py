"""The recording of a demo call: a line that rings, then two voices without words: nobody’s real voice is kept here."""

import io
import wave
from collections.abc import Iterable
from math import pi, sin

from comms.models import Message, Recording
from crm.platform.files import stored_files

_RATE = 8000
# Hertz and seconds: rings, then one voice and another in turn.
_TONES = ((440, 1.0), (0, 0.8), (440, 1.0), (0, 0.6), (180, 1.2), (0, 0.2), (235, 1.4), (0, 0.2), (165, 1.6))


def create_recording(calls: Iterable[Message]) -> None:
    """Keep a recording of the latest call that somebody took."""
    taken = max((call for call in calls if call.medium == "call" and call.duration), key=lambda call: call.at)
    name, told = "recording.wav", {"purpose": "recording", "content_type": "audio/wav"}
    file = stored_files.store_file(io.BytesIO(_sound()), name, by=None, days=None, **told)
    Recording.objects.create(message=taken, file=file, created_at=taken.at)


def _sound() -> bytes:
    samples = bytearray()
    for hertz, seconds in _TONES:
        count = int(seconds * _RATE)
        for at in range(count):
            # Soft at both ends, or it clicks.
            loud = 30 * sin(pi * at / count) if hertz else 0
            samples.append(128 + int(loud * sin(2 * pi * hertz * at / _RATE)))
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(_RATE)
        file.writeframes(bytes(samples))
    return made.getvalue()
