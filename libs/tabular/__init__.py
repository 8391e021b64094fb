"""Rows of CSV and XLSX files: encodings detected, hostile files refused, constant memory.

README.md has an example. Applications import from here alone.
"""

from libs.tabular.archives import element_count, is_workbook, unpacked_size
from libs.tabular.delimited_text import TableRecord, line_count, survey
from libs.tabular.encoding_names import ENCODINGS
from libs.tabular.unreadable import UnreadableTable
from libs.tabular.workbook import Workbook

__all__ = [
    "ENCODINGS",
    "TableRecord",
    "UnreadableTable",
    "Workbook",
    "element_count",
    "is_workbook",
    "line_count",
    "survey",
    "unpacked_size",
]
