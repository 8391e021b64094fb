"""A brand's hue as email colours: hex triplets with sufficient contrast (WCAG 2)."""

from functools import cache
from math import cos, radians, sin
from typing import NamedTuple

# The product's own button: lightness and chroma of `--brand` (static/css/tokens.css).
LIGHTNESS = 0.5
CHROMA = 0.165
ENOUGH = 4.5


class ColorPair(NamedTuple):
    """A background and its text colour."""

    background: str
    text: str


class Palette(NamedTuple):
    """The colours of a brand's email: button and links, on white and on dark grey."""

    button: ColorPair
    link: str
    dark_link: str


@cache
def palette(hue: int) -> Palette:
    """Return the colours of an OKLCH hue in degrees, each with a contrast of at least 4.5."""
    return Palette(button(hue), _readable_color(hue, "#ffffff", -1), _readable_color(hue, "#1d1f23", 1))


@cache
def button(hue: int) -> ColorPair:
    """Return a button's background in the hue, with white or black text by contrast."""
    background = oklch(LIGHTNESS, CHROMA, hue)
    return ColorPair(background, max(("#ffffff", "#111111"), key=lambda text: contrast(background, text)))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_relative_luminance(one), _relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def oklch(lightness: float, chroma: float, hue: int) -> str:
    """Convert OKLCH to hex, reducing chroma until the colour is in the sRGB gamut."""
    while True:
        channels = _linear_rgb(lightness, chroma, hue)
        if all(-0.0001 <= channel <= 1.0001 for channel in channels) or chroma <= 0:
            return "#" + "".join(f"{round(_gamma(channel) * 255):02x}" for channel in channels)
        chroma -= 0.004


def _readable_color(hue: int, ground: str, step: int) -> str:
    lightness = 0.7
    if step < 0:
        lightness = LIGHTNESS
    while contrast(color := oklch(lightness, CHROMA * (1 if step < 0 else 0.7), hue), ground) < ENOUGH:
        lightness += 0.02 * step
    return color


def _linear_rgb(lightness: float, chroma: float, hue: int) -> tuple[float, float, float]:
    # Björn Ottosson's matrices: https://bottosson.github.io/posts/oklab/
    a = chroma * cos(radians(hue))
    b = chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    if channel <= 0.0031308:
        return 12.92 * channel
    return 1.055 * channel ** (1 / 2.4) - 0.055


def _relative_luminance(color: str) -> float:
    def linear_value(channel: float) -> float:
        if channel <= 0.04045:
            return channel / 12.92
        return ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear_value(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
