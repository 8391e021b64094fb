"""Bar charts: one series with its usual range, several series side by side, or stacked."""

from collections.abc import Sequence

from crm.kernel.formats import plain_number
from crm.web.charts.drawing import ChartDrawing, ChartMark, ChartText
from crm.web.charts.frame import ChartFrame, build_frame, describe_mark, highest_of, legend_of
from crm.web.charts.values import Format, Series, series_css, table_of


def bar_chart(
    key: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    of: str,
    description: str = "",
    stacked: bool = False,
    height: float = 150,
    write: Format = plain_number,
    is_whole: bool = True,
) -> ChartDrawing:
    """Draw bars, one group per label. `of`: heading of the labels. Every series has a value for each label."""
    if stacked:
        highest = _highest_stack(series, len(labels))
    else:
        highest = highest_of(series)
    frame = build_frame(labels, highest, height=height, is_whole=is_whole)
    if stacked:
        marks = _stacked_bars(frame, series)
    else:
        marks = _grouped_bars(frame, series)
    return ChartDrawing(
        key=key,
        title=title,
        description=description,
        height=height,
        ticks=frame.ticks(write),
        marks=marks,
        table=table_of(labels, series),
        bands=[] if stacked else _band_marks(frame, series),
        texts=frame.texts() + _odd_numbers(series, marks),
        legend=legend_of(series),
        of=of,
    )


def _highest_stack(series: Sequence[Series], labels: int) -> float:
    return max((sum(one.values[at].number or 0 for one in series) for at in range(labels)), default=0)


def _grouped_bars(frame: ChartFrame, series: Sequence[Series]) -> list[ChartMark]:
    names = len(series) > 1
    width = _bar_width(frame, len(series))
    marks = []
    for at, label in enumerate(frame.labels):
        first = frame.middle(at) - width * len(series) / 2
        for place, one in enumerate(series):
            value = one.values[at]
            y = frame.axis.y(value.number or 0)
            if value.is_odd:
                css = "is-odd"
            else:
                css = f"{series_css(one, place)}{' is-dim' if value.is_partial else ''}"
            x = round(first + width * place, 1)
            height = round(frame.bottom - y, 1)
            marks.append(ChartMark(x, y, width, height, css, describe_mark(label, one, at, names=names), value.url))
    return marks


def _stacked_bars(frame: ChartFrame, series: Sequence[Series]) -> list[ChartMark]:
    width = _bar_width(frame, 1)
    marks = []
    for at, label in enumerate(frame.labels):
        below = 0.0
        for place, one in enumerate(series):
            value = one.values[at]
            base = frame.axis.y(below)
            below = below + (value.number or 0)
            y = frame.axis.y(below)
            x = round(frame.middle(at) - width / 2, 1)
            words = describe_mark(label, one, at, names=True)
            marks.append(ChartMark(x, y, width, round(base - y, 1), series_css(one, place), words, value.url))
    return marks


def _band_marks(frame: ChartFrame, series: Sequence[Series]) -> list[ChartMark]:
    """Return the marks of the usual range behind the bars of a single series."""
    if len(series) != 1:
        return []
    width = round(frame.slot * 0.84, 1)
    bands = []
    for at, value in enumerate(series[0].values):
        if value.band:
            low, high = (frame.axis.y(edge) for edge in value.band)
            x = round(frame.middle(at) - width / 2, 1)
            bands.append(ChartMark(x, high, width, max(round(low - high, 1), 2), "band", ""))
    return bands


def _odd_numbers(series: Sequence[Series], marks: Sequence[ChartMark]) -> list[ChartText]:
    """Return the numbers shown above the bars of unusual values."""
    if len(series) != 1:
        return []
    pairs = zip(series[0].values, marks, strict=True)
    return [ChartText(mark.x + mark.width / 2, mark.y - 4, one.said, css="odd") for one, mark in pairs if one.is_odd]


def _bar_width(frame: ChartFrame, side_by_side: int) -> float:
    return round(min(frame.slot * 0.62 / max(side_by_side, 1), 36), 1)
