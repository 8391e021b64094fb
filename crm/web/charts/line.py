"""Line charts: series over time, each with the band of its usual or likely values."""

from collections.abc import Sequence

from crm.kernel.formats import plain_number
from crm.web.charts.drawing import ChartDrawing, ChartMark
from crm.web.charts.frame import ChartFrame, build_frame, describe_mark, highest_of, legend_of
from crm.web.charts.values import Format, Series, series_css, table_of

# A point is drawn as wide as this, and may be pressed.
POINT = 6


def line_chart(
    key: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    of: str,
    description: str = "",
    height: float = 170,
    write: Format = plain_number,
    is_whole: bool = True,
) -> ChartDrawing:
    """Draw lines with points and bands. A missing value leaves a gap."""
    frame = build_frame(labels, highest_of(series), height=height, is_whole=is_whole)
    paths = []
    points = list[ChartMark]()
    for place, one in enumerate(series):
        css = series_css(one, place)
        paths += [("band", d) for d in _band_paths(frame, one)]
        paths += [(f"line {css}", d) for d in _line_paths(frame, one)]
        points += _point_marks(frame, one, css, names=len(series) > 1)
    return ChartDrawing(
        key=key,
        title=title,
        description=description,
        height=height,
        ticks=frame.ticks(write),
        marks=points,
        table=table_of(labels, series),
        paths=paths,
        texts=frame.texts(),
        legend=legend_of(series),
        of=of,
    )


def _gapless_runs(present: Sequence[bool]) -> list[list[int]]:
    """Return the runs of consecutive indexes that have values."""
    runs: list[list[int]] = []
    for at, is_there in enumerate(present):
        if is_there and at and present[at - 1]:
            runs[-1].append(at)
        elif is_there:
            runs.append([at])
    return runs


def _line_paths(frame: ChartFrame, series: Series) -> list[str]:
    runs = _gapless_runs([value.number is not None for value in series.values])
    return [_svg_path(frame, [(at, series.values[at].number or 0) for at in run]) for run in runs if len(run) > 1]


def _band_paths(frame: ChartFrame, series: Series) -> list[str]:
    drawn = []
    for run in _gapless_runs([value.band is not None for value in series.values]):
        bands = [(at, series.values[at].band or (0, 0)) for at in run]
        high = [(at, band[1]) for at, band in bands]
        low = [(at, band[0]) for at, band in reversed(bands)]
        drawn.append(_svg_path(frame, [*high, *low]) + "Z")
    return drawn


def _svg_path(frame: ChartFrame, points: Sequence[tuple[int, float]]) -> str:
    return "M" + "L".join(f"{frame.middle(at)} {frame.axis.y(value)}" for at, value in points)


def _point_marks(frame: ChartFrame, series: Series, css: str, *, names: bool) -> list[ChartMark]:
    points = []
    for at, value in enumerate(series.values):
        if value.number is not None:
            x = round(frame.middle(at) - POINT / 2, 1)
            y = round(frame.axis.y(value.number) - POINT / 2, 1)
            if value.is_odd:
                point_css = "is-odd"
            else:
                point_css = css
            words = describe_mark(frame.labels[at], series, at, names=names)
            points.append(ChartMark(x, y, POINT, POINT, f"point {point_css}", words, value.url))
    return points
