"""Word lists for a big tenant's rows: some 300,000 different names, mostly plain letters."""

from crm.kernel.normalization import name_key
from demo.suncoast.names import FIRST, STREETS, TOWNS

FRONTS = (
    "Ash Bay Beck Bel Ben Black Brad Bran Brook Burn Cal Carl Chad Clay Clif Cole Craw Cross Dal Darl Den Dun East Ed "
    "El Fair Far Fitz Ford Gar Gil Gran Green Hal Ham Har Hart Hol Hunt Kel Ken Kirk Lang Law Lin Lock Mar Mel Mill "
    "Nor Oak Old Par Pem Quin Rad Ran Red Rich Rock Ros Rush San Shel Stan Stone Strat Sut Tal Thorn Tren Up Wake Wal "
    "War Well West Whit Win Wood York"
).split()
BACKS = (
    "ford field wood ton ley well worth ham bury dale shaw more land ridge gate son man ard ell ings croft mont wick "
    "stead bourne thorpe mere leigh stone"
).split()
AREA_CODES = (
    "813 727 941 352 863 407 239 386 321 561 305 786 954 850 904 772 754 689 448 645 205 251 256 334 659 938 229 404 "
    "470 478 678 706 762 770 912 943 225 318 337 504 985 228 601 662 769 803 839 843 854 864"
).split()


def words() -> dict[str, list[str]]:
    """Return the word lists, by the names the statements use."""
    firsts = [*FIRST, "José", "Zoë", "Renée", "Søren"]
    return {
        "firsts": firsts,
        "first_keys": [name_key(name) for name in firsts],
        "fronts": FRONTS,
        "backs": BACKS,
        "area_codes": AREA_CODES,
        "streets": list(STREETS),
        "towns": list(TOWNS),
        "town_keys": [name_key(town) for town in TOWNS],
        "postcodes": list(TOWNS.values()),
        "reasons": ["Price", "Too far out", "Chose a competitor", "No answer"],
        "step_kinds": ["Call", "Call", "Email", "Text", "Visit"],
        "channels": ["sms", "email", "whatsapp", "phone"],
    }
