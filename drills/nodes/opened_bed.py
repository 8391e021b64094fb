"""A test bed with a company in it, for the time of a drill."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from drills.nodes import company
from drills.nodes.bed import PRODUCT, VISITOR, Bed
from drills.nodes.machine import wait_until
from drills.nodes.mail_peer import PORT
from drills.report import Report

# Seconds for the schema and the first answer, on a machine that does much else.
PATIENCE = 600


@contextmanager
def open_bed(report: Report, release: Path | None = None) -> Iterator[tuple[Bed, Sequence[company.DrillMember]]]:
    """Start all machines and create the company. Yields the bed and the members. `release`: the checkout to start."""
    with tempfile.TemporaryDirectory(prefix="crm-nodes-", ignore_cleanup_errors=True) as folder:
        bed = Bed(Path(folder))
        bed.release = release or bed.release
        try:
            with report.measure("all machines started, with the schema made from nothing"):
                bed.build()
                bed.create_database()
                bed.manage(*company.CREATE)
                script = company.SCRIPT % {"host": VISITOR, "port": PORT}
                members = company.read_members(bed.manage("shell", "--no-imports", "-c", script))
                bed.start_product(*PRODUCT)
                wait_until(lambda: bed.answers("/readyz"), "the product is ready", patience=PATIENCE)
            yield bed, members
        finally:
            bed.remove()
