"""SankeyChart: spend → leads → qualified → quoted → won → revenue; a node's height is its share of the leads."""

from dataclasses import dataclass
from itertools import pairwise

WIDTH = 1010
TOP = 48.0
BOTTOM = 132.0
# Where the six nodes stand, and how wide they are.
PLACES = (10, 186, 362, 538, 714, 890)
NODE = 10


@dataclass(frozen=True)
class SankeyNode:
    """A stage: name, number and caption. `lost`: how many did not reach the next stage, and a label for them."""

    label: str
    number: str
    note: str
    url: str = ""
    is_money: bool = False
    lost: str = ""
    why: str = ""
    # Against the period before, where it is compared.
    before: str = ""
    x: float = 0
    y: float = TOP

    @property
    def height(self) -> float:
        return round(BOTTOM - self.y, 1)


@dataclass(frozen=True)
class SankeyChart:
    """The nodes, the flows between them, and above each the share that dropped out."""

    nodes: list[SankeyNode]
    flows: list[str]
    drops: list[str]
    width: int = WIDTH


def draw_sankey(nodes: list[SankeyNode], counts: tuple[int, int, int, int]) -> SankeyChart:
    """Draw six nodes; `counts`: leads, qualified, quoted and won, which determine the heights."""
    most = max(counts[0], 1)
    heights = [round((BOTTOM - TOP) * count / most, 1) for count in counts]
    tops = [round(BOTTOM - height, 1) for height in (heights[0], *heights, heights[-1])]
    placed = [SankeyNode(**{**vars(node), "x": x, "y": y}) for node, x, y in zip(nodes, PLACES, tops, strict=True)]
    flows = []
    drops = []
    for one, other in pairwise(placed):
        begin = one.x + NODE
        end = other.x
        half = (one.x + NODE + other.x) / 2
        curve = f"M{begin} {one.y}C{half} {one.y} {half} {other.y} {end} {other.y}"
        flows.append(f"{curve}V{BOTTOM}H{begin}z")
        if other.y > one.y:
            drops.append(f"{curve}V{one.y}z")
    return SankeyChart(placed, flows, drops)
