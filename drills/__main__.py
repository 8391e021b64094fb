"""`python -m drills NAME …`: runs a drill and prints its figures. Exits 1 when something did not hold."""

import sys

from drills import containers, upgrade
from drills.load import drill as load
from drills.nodes import losses, rolling, throughput

DRILLS = {
    "containers": containers.main,
    "load": load.main,
    "nodes": losses.main,
    "rolling": rolling.main,
    "throughput": throughput.main,
    "upgrade": upgrade.main,
}


def main() -> int:
    name, *options = sys.argv[1:] or [""]
    if name not in DRILLS:
        print(f"drills: choose one of {', '.join(DRILLS)}", file=sys.stderr)
        return 2
    return DRILLS[name](options)


if __name__ == "__main__":
    sys.exit(main())
