"""What Suncoast’s customers read of the work of a roof: its milestones, coming and done, by language."""

from demo.organization import Milestones

MILESTONES: Milestones = (
    ("Permit", {"en": ("The city looks at your permit", "Your permit is approved")}, 10, 0, False),
    ("Materials ordered", {}, 0, 0, True),
    ("Old roof off", {"en": ("The old roof comes off", "The old roof is off")}, 20, 0, False),
    ("Deck repaired", {"en": ("We replace soft boards", "Soft boards are replaced")}, 36, 1, False),
    ("New roof on", {"en": ("Your new roof goes on", "Your new roof is on")}, 24, 2, False),
    (
        "City inspection",
        {"en": ("The city inspects the roof", "The city has inspected the roof")},
        10,
        2,
        False,
    ),
)
