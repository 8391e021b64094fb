"""US states and Canadian provinces by code and name."""

_STATES = (
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,"
    "DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,"
    "KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
    "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,"
    "NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,"
    "SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
    "WV West Virginia,WI Wisconsin,WY Wyoming,PR Puerto Rico,GU Guam,VI Virgin Islands"
)
_PROVINCES = (
    "AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,"
    "NT Northwest Territories,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon"
)


def _name_set(listed: str) -> frozenset[str]:
    pairs = [pair.split(" ", 1) for pair in listed.split(",")]
    return frozenset(name.lower() for pair in pairs for name in pair)


def _code_by_name(listed: str) -> dict[str, str]:
    pairs = [pair.split(" ", 1) for pair in listed.split(",")]
    return {name.lower(): code for code, long in pairs for name in (code, long)}


# In small letters, codes and names.
STATES = _name_set(_STATES)
PROVINCES = _name_set(_PROVINCES)
# The code of a code or a name in small letters.
STATES_BY_NAME = _code_by_name(_STATES)
PROVINCES_BY_NAME = _code_by_name(_PROVINCES)


def region_code(name: str) -> str:
    """Return the code of a state or province, by its code or name; "" for any other."""
    key = name.strip().lower()
    return STATES_BY_NAME.get(key) or PROVINCES_BY_NAME.get(key) or ""
