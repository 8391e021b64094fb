"""The drawing at the top of the job page: a roof that fills shingle by shingle, or a plain bar. Pure geometry."""

from itertools import pairwise
from typing import NamedTuple

# Of the roof: the left end of its ridge and of its eaves, the height of both, its rows, and half its width.
RIDGE_X = 132.0
EAVES_X = 48.0
RIDGE_Y = 30.0
EAVES_Y = 124.0
ROWS = 6
MIDDLE = 200.0
SHINGLE = 15.0


class Roof(NamedTuple):
    """SVG path data of the finished, current and open parts of the roof."""

    laid: str
    part: str
    bare: str


def roof_paths(percent: int) -> Roof:
    """Return the roof's paths; shingles fill from the eaves up, left to right."""
    shingles = [path for row in reversed(range(ROWS)) for path in _row_shingles(row)]
    laid = len(shingles) * min(max(percent, 0), 100) // 100
    under_way = 0
    if 0 < percent < 100:
        under_way = 1
    parts = shingles[:laid], shingles[laid : laid + under_way], shingles[laid + under_way :]
    return Roof(*("".join(paths) for paths in parts))


def _row_shingles(row: int) -> list[str]:
    """Return the shingles of a row; odd rows are shifted by half a shingle."""
    top = _row_y(row)
    bottom = _row_y(row + 1)
    width = 2 * (MIDDLE - _left_edge(top))
    count = round(width / SHINGLE)
    shift = 0.0
    if row % 2:
        shift = 0.5
    cuts = [0.0, *((at + shift) / count for at in range(0 if shift else 1, count)), 1.0]
    return [_shingle_path(top, bottom, begins, ends) for begins, ends in pairwise(cuts)]


def _shingle_path(top: float, bottom: float, begins: float, ends: float) -> str:
    corners = (
        (_x_at(top, begins), top),
        (_x_at(top, ends), top),
        (_x_at(bottom, ends), bottom),
        (_x_at(bottom, begins), bottom),
    )
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in corners) + "z"


def _row_y(row: int) -> float:
    return RIDGE_Y + (EAVES_Y - RIDGE_Y) * row / ROWS


def _left_edge(y: float) -> float:
    return RIDGE_X + (EAVES_X - RIDGE_X) * (y - RIDGE_Y) / (EAVES_Y - RIDGE_Y)


def _x_at(y: float, share: float) -> float:
    """Return the x coordinate of a fraction of the roof's width at a height."""
    return _left_edge(y) + 2 * (MIDDLE - _left_edge(y)) * share
