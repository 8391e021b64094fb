"""Read a file's rows, whichever of the two kinds it is."""

import io

from libs.tabular import TableRecord, Workbook, is_workbook, survey


def read_rows(content: bytes, *, sheet: str = "") -> list[TableRecord]:
    """Return all rows of a file; of a workbook those of one sheet, or of the first."""
    file = io.BytesIO(content)
    rows: list[TableRecord] = []
    if is_workbook(file):
        rows.extend(Workbook(file).rows(sheet))
    else:
        survey(file, rows.append)
    return rows


def read_cells(content: bytes, *, sheet: str = "") -> list[list[str]]:
    """Return the cells of all rows."""
    return [record.cells for record in read_rows(content, sheet=sheet)]
