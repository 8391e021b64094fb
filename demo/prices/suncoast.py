"""The price book of Suncoast Roofing, in US cents: per square (100 sq ft), foot, sheet, piece or job."""

from demo.prices.plan import DemoItem, DemoKit, DemoPrices, DemoRate

GULF, BEACON = "Gulf Roofing Supply", "Bayline Building Products"

PRICES = DemoPrices(
    suppliers=(GULF, BEACON),
    items=(
        DemoItem("TO-1", "Tear off one layer, haul away", "sq", 7000, 4500),
        DemoItem("TO-2", "Tear off two layers, haul away", "sq", 9500, 6080),
        DemoItem(
            "DK-OSB", "Decking, 7/16 OSB", "sheet", 11000, 7150, "Replaced where the boards are soft", BEACON, "OSB716"
        ),
        DemoItem("UL-SYN", "Underlayment, synthetic", "sq", 4800, 2690, "", GULF, "20-4410"),
        DemoItem("UL-PS", "Underlayment, peel and stick", "sq", 8900, 5600, "Seals the deck", GULF, "20-4480"),
        DemoItem("SH-3T", "3-tab shingles, 25 years", "sq", 23500, 15000, "", GULF, "10-1025", (22600, 14400)),
        DemoItem(
            "SH-AR",
            "Architectural shingles, 130 mph",
            "sq",
            31200,
            21400,
            "30 years, algae resistant",
            GULF,
            "10-1130",
            (29500, 20100),
        ),
        DemoItem("SH-DS", "Designer shingles, 50 years", "sq", 41500, 28600, "", GULF, "10-1350", (39800, 27100)),
        DemoItem("MT-SS", "Standing seam metal, 24 gauge", "sq", 98000, 66500, "", BEACON, "SSM24"),
        DemoItem("TL-CO", "Concrete tile, installed", "sq", 89000, 61000, "", BEACON, "CT-900"),
        DemoItem(
            "FR-TPO", "TPO membrane, 60 mil", "sq", 74500, 49800, "For low slopes and flat roofs", BEACON, "TPO60"
        ),
        DemoItem("RV-1", "Ridge vent", "ft", 1400, 800, "", GULF, "30-2210"),
        DemoItem("DE-1", "Drip edge, aluminum", "ft", 450, 240, "", GULF, "30-2040"),
        DemoItem("FL-1", "Flashing and pipe boots", "job", 78000, 41340),
        DemoItem("PM-1", "Permit and city inspections", "job", 61200, 53856, "Passed on at cost and handling"),
        DemoItem("DM-30", "Dumpster, 30 yards", "job", 59500, 46000),
        DemoItem("GT-6", "Gutters, 6-inch seamless", "ft", 1400, 826, "", BEACON, "GUT6", None, True),
        DemoItem("GT-LG", "Leaf guards", "ft", 600, 342, "", BEACON, "GUTLG", None, True),
        DemoItem(
            "SK-F", "Skylight, fixed", "piece", 64000, 45440, "Velux fixed, 22½ × 46½", BEACON, "FS-C06", None, True
        ),
        DemoItem("RP-1", "Roof repair, crew of two", "hour", 18500, 9800),
        DemoItem("EM-1", "Emergency tarp", "job", 68000, 31000, "Within four hours, around the clock"),
        DemoItem(
            "CP-1", "Care plan, yearly visit", "job", 24900, 9500, "Inspection, small sealing work, photos", tax_class=1
        ),
    ),
    kits=(
        DemoKit(
            "Shingle re-roof",
            "Re-roof",
            {"TO-1": 28000, "UL-SYN": 28000, "SH-AR": 28000, "RV-1": 46000, "FL-1": 1000, "PM-1": 1000, "GT-6": 140000},
        ),
        DemoKit("Leak repair", "Repair", {"RP-1": 3000, "FL-1": 1000}),
    ),
    rates=(
        DemoRate("Hillsborough County", 75_000, "FL", ("335", "336")),
        DemoRate("Pinellas County", 70_000, "FL", ("337", "346")),
        DemoRate("Polk County", 70_000, "FL", ("338",)),
        DemoRate("Manatee County", 70_000, "FL", ("342",)),
    ),
)
