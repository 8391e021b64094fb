"""The price book of Chargeline, in euro cents without btw."""

from demo.prices.plan import DemoItem, DemoKit, DemoPrices

GRID, CABLE = "Elektrogroothandel Van der Meer", "Kabel & Co"

PRICES = DemoPrices(
    suppliers=(GRID, CABLE),
    items=(
        DemoItem(
            "LP-11",
            "Laadpaal 11 kW, vaste kabel",
            "stuk",
            114900,
            82400,
            "Met MID-meter en app",
            GRID,
            "EV11-K",
            (109900, 77800),
        ),
        DemoItem(
            "LP-22",
            "Laadpaal 22 kW, stopcontact",
            "stuk",
            134900,
            97300,
            "Met MID-meter en RFID",
            GRID,
            "EV22-S",
            (129900, 92900),
        ),
        DemoItem("LP-DUO", "Laadpaal dubbel, 2 × 22 kW", "stuk", 289000, 214500, "Voor vve en kantoor", GRID, "EV22-D"),
        DemoItem(
            "LB-1", "Load balancing", "stuk", 24900, 14300, "Laadt nooit meer dan de aansluiting aankan", GRID, "LB-P1"
        ),
        DemoItem("GK-1", "Aanpassing groepenkast", "klus", 38500, 19600, "Aardlek type B en eigen groep"),
        DemoItem("GK-3", "Verzwaring naar 3 × 25 A", "klus", 64500, 51000, "Aanvraag bij de netbeheerder inbegrepen"),
        DemoItem("KB-6", "Grondkabel 5 × 6 mm²", "m", 1450, 840, "", CABLE, "YMVK56"),
        DemoItem("KB-10", "Grondkabel 5 × 10 mm²", "m", 2150, 1330, "", CABLE, "YMVK510"),
        DemoItem("GW-1", "Graafwerk in tuin", "m", 3200, 1900, "60 cm diep, gras wordt teruggelegd"),
        DemoItem("GW-2", "Graafwerk onder bestrating", "m", 5400, 3400, "Straatwerk wordt hersteld"),
        DemoItem("BW-1", "Boring onder oprit", "m", 8900, 6100),
        DemoItem("MV-1", "Muurdoorvoer", "stuk", 8500, 3600),
        DemoItem("PL-1", "Betonnen voet voor laadpaal", "stuk", 18500, 11200, "", CABLE, "VOET40"),
        DemoItem("IN-1", "Installatie en inbedrijfstelling", "klus", 42500, 24800),
        DemoItem("UU-1", "Monteur", "uur", 7900, 4650),
        DemoItem("KG-1", "Keuring NEN 3140", "klus", 19500, 11800),
        DemoItem("AB-1", "Beheer en verrekening, per jaar", "stuk", 6000, 1800, "Per laadpunt", is_optional=True),
        DemoItem("AB-2", "Onderhoudscontract, per jaar", "stuk", 9900, 4200, "Jaarlijkse controle", is_optional=True),
    ),
    kits=(
        DemoKit(
            "Laadpaal thuis", "Laadpunt thuis", {"LP-11": 1000, "LB-1": 1000, "GK-1": 1000, "KB-6": 12000, "IN-1": 1000}
        ),
        DemoKit(
            "Laadplein, vier punten",
            "Zakelijk laden",
            {"LP-DUO": 2000, "LB-1": 1000, "GK-3": 1000, "KB-10": 40000, "GW-2": 25000, "PL-1": 2000, "IN-1": 2000},
        ),
    ),
)
