"""What `manage.py` does before a command runs."""

import subprocess
import sys
from pathlib import Path

COUNTING = """
import gc, sys
import manage
sys.argv = ["manage.py", "version"]
manage.main()
print(gc.get_stats()[1]["collections"], gc.get_freeze_count() > 100_000, gc.isenabled())
"""


def test_what_is_loaded_is_not_looked_through_for_garbage() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", COUNTING], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split()[1:] == ["0", "True", "True"]
