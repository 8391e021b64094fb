"""Charts: what they draw lies where its number says, opens its list, and stands in the table as well."""

import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from crm.web.charts.bars import bar_chart
from crm.web.charts.frame import build_scale
from crm.web.charts.line import line_chart
from crm.web.charts.matrix import MatrixCell, MatrixRow, build_matrix
from crm.web.charts.sparkline import build_sparkline
from crm.web.charts.values import ChartValue, Series
from tests.markup import flat

LINK = re.compile(r'<a href="([^"]*)"')
DAYS = ["Mon", "Tue", "Wed"]


def series(*numbers: float | None, name: str = "Leads") -> Series:
    return Series(name, [ChartValue(number, f"/list/{at}") for at, number in enumerate(numbers)])


@pytest.mark.parametrize("highest", [0, 0.4, 1, 3, 7, 10, 16, 99, 100, 101, 1_234, 9_999_999, 1e12])
def test_the_axis_has_few_round_numbers_and_room_for_the_highest(highest: float) -> None:
    axis = build_scale(highest, bottom=100, top=10)
    assert axis.most >= highest
    assert 2 <= len(axis.ticks) <= 6
    assert all(tick == int(tick) for tick in axis.ticks), "things that are counted come in whole numbers"
    steps = {round(high - low, 6) for low, high in pairwise(axis.ticks)}
    assert len(steps) == 1
    assert (axis.y(0), axis.y(axis.most), axis.y(-5), axis.y(axis.most * 2)) == (100, 10, 100, 10)


def test_bars_are_as_high_as_their_numbers_and_stacked_ones_stand_on_each_other() -> None:
    one = bar_chart("a", "Leads", DAYS, [series(4, 0, 8)], of="Day")
    heights = [mark.height for mark in one.marks]
    assert heights[2] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[1] == 0
    assert all(mark.y + mark.height == pytest.approx(126) for mark in one.marks)
    stacked = bar_chart("b", "Both", DAYS, [series(4, 0, 8), series(2, 1, 0, name="Calls")], of="Day", stacked=True)
    lower, upper = stacked.marks[0], stacked.marks[1]
    assert upper.y + upper.height == pytest.approx(lower.y, abs=0.1)
    assert lower.height == pytest.approx(2 * upper.height, abs=0.2)
    assert [entry.name for entry in stacked.legend] == ["Leads", "Calls"]
    assert not one.legend


def test_a_line_has_a_gap_where_nothing_was_measured_and_its_band_goes_there_and_back() -> None:
    values = [
        ChartValue(3, "/a", band=(1, 4)),
        ChartValue(None),
        ChartValue(2, "/c"),
        ChartValue(5, "/d", band=(1, 4), is_odd=True),
    ]
    drawn = line_chart("c", "Median", [*DAYS, "Thu"], [Series("Minutes", values)], of="Day")
    assert [mark.url for mark in drawn.marks] == ["/a", "/c", "/d"]
    assert [css for css, _d in drawn.paths] == ["band", "band", "line k1"]
    assert drawn.marks[2].css == "point is-odd"
    assert drawn.table.rows[1].cells[0].text == "–"


def test_the_labels_never_run_into_each_other_and_the_last_one_stands() -> None:
    labels = [f"September {day}" for day in range(1, 31)]
    drawn = bar_chart("d", "Leads", labels, [series(*range(30))], of="Day")
    words = [text for text in drawn.texts if not text.css]
    assert words[-1].words == labels[-1]
    assert 2 <= len(words) <= 7
    assert all(after.x - before.x > 6 * len(before.words) for before, after in pairwise(words))


def test_a_wide_label_at_the_right_edge_is_not_cut_off() -> None:
    months = [f"month {at} of the year" for at in range(9)]
    before, last = bar_chart("a", "Leads", months, [series(*range(9))], of="Month").texts[-2:]
    assert (last.x, last.anchor) == (520, "end")
    assert last.x - 6 * len(last.words) > before.x + 3 * len(before.words), "it stands clear of the one before"


def test_a_wide_number_of_the_axis_has_room_on_the_left() -> None:
    values = [Series("Won", [ChartValue(1.0), ChartValue(2.0)])]
    narrow = bar_chart("won", "Won", ["May", "June"], values, of="Month")
    wide = bar_chart("won", "Won", ["May", "June"], values, of="Month", write=lambda number: f"US$ {number:g} mln.")
    assert narrow.view_box.startswith("0 0 520 ")
    assert wide.view_box.startswith("-22 0 542 ")


def test_a_sparkline_stays_in_its_place_and_a_flat_one_lies_in_the_middle() -> None:
    drawn = build_sparkline([1, 9, 4], band=(2, 6))
    assert drawn.last
    assert 4 <= drawn.last[1] <= 24
    assert drawn.last[0] == 84
    assert build_sparkline([5, 5, 5]).last == (84, 14)
    assert build_sparkline([]).path == ""


def test_the_heat_of_a_cell_is_its_share_of_the_most() -> None:
    cells = [MatrixCell(10, url="/a"), MatrixCell(1, level="late", limit=True), MatrixCell(0)]
    (row,) = build_matrix("Open leads", ["today", "1–2", "3–5"], [MatrixRow("Contact", cells, 11)]).rows
    assert [cell.css for cell in row.cells] == ["ok heat-5", "late heat-1 limit", ""]


def test_every_mark_and_every_cell_of_its_table_is_a_link_to_the_same_list() -> None:
    chart = bar_chart("e", "Leads <in>", DAYS, [series(4, 1, 8)], of="Day", description="High on Wed")
    page = flat(render_to_string("components/chart/chart.html", {"chart": chart}))
    drawing, table = page.split("</svg>")
    links = [f"/list/{at}" for at in range(3)]
    assert LINK.findall(drawing) == LINK.findall(table) == links
    assert "<title>Mon: 4</title>" in drawing
    assert "Leads &lt;in&gt;" in page
    assert "style=" not in page, "the pages' policy lets no style attribute through"
    nothing = bar_chart("f", "Leads", DAYS, [series(None, None, None)], of="Day")
    assert "<svg" not in render_to_string("components/chart/chart.html", {"chart": nothing})
