"""A tenant chooses a hue and nothing else: whatever it chooses, its buttons can be read, light and dark."""

import re
from itertools import product
from math import cos, radians, sin
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS, BRAND = (CSS / "tokens.css").read_text(), (CSS / "brand.css").read_text()
HUES = sorted({int(hue) for hue in re.findall(r"--brand-h: (\d+);", BRAND)})
WHITE, SURFACE = (1, 0, 0), {"light": (1, 0, 0), "dark": (0.2, 0.008, 262)}


def luminance(lightness, chroma, hue):
    """Relative luminance (WCAG) of an OKLCH colour, clipped to sRGB as a screen does."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(1, max(0, channel)) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(*one), luminance(*other)))
    return (light + 0.05) / (dark + 0.05)


def brand(token, scheme, hue):
    """The colour a token has there, at the chroma a tenant may have at most."""
    found = re.search(rf"--{token}:\s+light-dark\(oklch\(([\d.]+) var\(--brand-c\).*?oklch\(([\d.]+) var", TOKENS)
    assert found
    return float(found[1 if scheme == "light" else 2]), 0.165, hue


@pytest.mark.parametrize(("token", "scheme"), list(product(("brand", "brand-hover"), ("light", "dark"))))
def test_a_button_can_be_read_in_every_hue(token, scheme):
    assert len(HUES) == 24
    unreadable = {hue for hue in HUES if contrast(WHITE, brand(token, scheme, hue)) < 4.5}
    assert unreadable == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_button_stands_out_in_every_hue(scheme):
    assert {hue for hue in HUES if contrast(SURFACE[scheme], brand("brand", scheme, hue)) < 3} == set()
