"""XLSX uploads: seconds and peak memory of our reader and of calamine, and which hostile files each refuses.

Both stand behind the same gate (libs/tabular/archives.py) and give the same records. Each reading is a
process of its own, for calamine may end the one it runs in. Seconds are the processor's, so that others' work on the
machine does not count. Calamine is measured where it is installed, which `bin/bench workbook` sees to.
"""

import hashlib
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from time import process_time
from typing import IO, Any

import django

from bench.cluster import ROOT
from bench.figures import Figure

SIZES = (10_000, 100_000)
# What a hostile file may take, in bytes and seconds, before it is let go.
ADDRESSES, PATIENCE = 4 << 30, 60


def measure() -> list[Figure]:
    """Make the workbooks and read each in a process of its own."""
    readers = ["ours", *(["calamine"] if importlib.util.find_spec("python_calamine") else [])]
    with tempfile.TemporaryDirectory() as folder:
        figures = _sound(Path(folder), readers)
        path = Path(folder) / "hostile.xlsx"
        for name, sheet in hostile().items():
            path.write_bytes(_with(sheet))
            for reader in readers:
                print(f"{name:<24} {reader:<9} {_outcome(reader, path)}")
    return figures


def _sound(folder: Path, readers: list[str]) -> list[Figure]:
    figures = []
    for texts in ("inline", "shared"):
        peaks = []
        for rows in SIZES:
            path = folder / f"{texts}.xlsx"
            _run("write", path, texts, rows)
            for reader in readers:
                told = json.loads(_run(reader, path).stdout)
                name = f"{reader}, {rows:,} rows, {texts} texts"
                figures.append(Figure(name, told["s"], "s", note=f"{told['MB']:.0f} MB; records {told['records']}"))
                peaks += [told["MB"]] if reader == "ours" else []
        # Texts that cells share are held while the sheet is read; the gate bounds them.
        most = 1.1 if texts == "inline" else None
        figures.append(
            Figure(f"memory at {SIZES[1]:,} to {SIZES[0]:,} rows, {texts} texts", peaks[1] / peaks[0], "×", most)
        )
    return figures


def _run(*words: object, **more: Any) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "bench.imports.bench_workbook", *map(str, words)]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, **({"check": True} | more))


def _outcome(reader: str, path: Path) -> str:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))

    try:
        done = _run(reader, path, check=False, timeout=PATIENCE, preexec_fn=bound)
    except subprocess.TimeoutExpired:
        return f"not done after {PATIENCE} s"
    if done.returncode < 0:
        return f"ENDED THE PROCESS by signal {-done.returncode}: {done.stderr.splitlines()[0]}"
    return f"refused: {done.stderr.splitlines()[-1]}" if done.returncode else f"read: {done.stdout.strip()}"


def hostile() -> dict[str, bytes]:
    """Sheets that are to be refused, or read without harm."""
    from tests.libs.tabular.workbooks import inline, sheet

    corner = '<row r="1"><c r="A1" t="str"><v>Name</v></c></row><row r="1048576"><c r="{}1048576"><v>1</v></c></row>'
    return {
        "far corner": sheet(corner.format("XFD")),
        "far corner, 500 columns": sheet(corner.format("SF")),
        "600 columns": sheet(inline(*["x"] * 600)),
        "a cell of 140,000 signs": sheet(inline("x" * 140_000)),
        "entities": sheet(inline("&b;"), '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
        "a web page as its sheet": b"<html><table><tr>",
        "nothing but markup": sheet("<x>" * 2_000_000),
        "digits lost before": sheet("<row><c><v>3.36E+10</v></c></row>"),
        "formula without result": sheet("<row><c><f>1+1</f></c></row>"),
    }


def write(path: Path, texts: str, rows: int) -> None:
    """A workbook of leads as a spreadsheet writes it: texts, some with leading zeros, numbers, a share, dates."""
    places: dict[str, int] = {}

    def text(value: str) -> str:
        if texts == "inline":
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c t="s"><v>{places.setdefault(value, len(places))}</v></c>'

    lines = "".join(_row(n, text) for n in range(rows))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{lines}</sheetData></worksheet>'
    shared = f'<sst xmlns="{space}">{"".join(f"<si><t>{value}</t></si>" for value in places)}</sst>'
    path.write_bytes(_with(sheet.encode(), shared.encode()))


def _row(n: int, text: Callable[[str], str]) -> str:
    texts = [f"Customer {n}", f"a{n}@example.com", f"0{n:08d}", f"{n} Palm Avenue", f"{n % 900:05d}", "Tampa", "FL"]
    texts += ["Website", "Wants the roof done before the rain.", "Call about the quote"]
    numbers = [str(n), f"{n % 400 * 100}.5", "0.25"]
    day = f'<c s="1"><v>{46_000 + n % 200}</v></c>'
    return f"<row>{''.join(map(text, texts))}{''.join(f'<c><v>{v}</v></c>' for v in numbers)}{day * 2}</row>"


def _with(sheet: bytes, shared: bytes = b"<sst/>") -> bytes:
    from tests.libs.tabular.workbooks import SHEET, altered, workbook

    # Its first cell format shows a date.
    return altered(workbook([[date(2026, 1, 1)]]), {SHEET: sheet, "xl/sharedStrings.xml": shared})


def read(reader: str, path: Path) -> dict[str, Any]:
    """Walk the first sheet in this process."""
    django.setup()
    from libs.tabular.workbook import Workbook

    digest, count = hashlib.sha256(), 0
    began = process_time()
    with path.open("rb") as file:
        if reader == "ours":
            book = Workbook(file)
        for record in book.rows(book.sheets[0].name) if reader == "ours" else _by_calamine(file):
            count += 1
            digest.update(json.dumps([record.row, record.cells]).encode())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 10 if sys.platform == "linux" else 1 << 20)
    return {"s": round(process_time() - began, 2), "MB": round(peak), "rows": count, "records": digest.hexdigest()[:8]}


def _by_calamine(file: IO[bytes]) -> Iterator[Any]:
    """Calamine's rows behind our gate and under our limits."""
    from python_calamine import CalamineWorkbook

    from libs.tabular.archives import open_workbook
    from libs.tabular.delimited_text import TableRecord
    from libs.tabular.unreadable import MAX_CELL, MAX_COLUMNS, UnreadableTable

    open_workbook(file)
    file.seek(0)
    sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
    margin = [""] * (sheet.start or (0, 0))[1]
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = margin + [_shown(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
            raise UnreadableTable("too many columns, or too long a cell")
        if cells:
            yield TableRecord(number, cells)


def _shown(value: Any) -> str:
    from libs.tabular.worksheet import number_text

    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(repr(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.replace(microsecond=0).isoformat(" ")
    return str(value)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    verb, path, *more = sys.argv[1:]
    if verb == "write":
        write(Path(path), more[0], int(more[1]))
    else:
        print(json.dumps(read(verb, Path(path))))


if __name__ == "__main__":
    main()
