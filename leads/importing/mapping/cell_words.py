"""Words in cells: ways, forms of address, answers, states, and what firms and trades are called by."""

from crm.kernel.regions import PROVINCES_BY_NAME, STATES_BY_NAME

# Words for a way: those that stand alone, and those German and Dutch join to its name.
WAYS = (
    "cl tce pde cres crt cct bvd esp st street ave avenue rd road dr drive ln lane blvd ct court cir circle way "
    "pl place ter terrace hwy pkwy trl trail loop close crescent mews grove mount gardens cottage cottages parade "
    "villas rue av chemin place impasse allee "
    "quai route calle plaza paseo avenida avda carretera camino via viale corso piazza largo vicolo rua travessa "
    "ulica ul laan weg plein gracht kade singel dreef"
)
JOINED_WAYS = (
    "straat laan weg plein gracht kade singel dreef hof pad strasse straße str. allee platz ring gasse damm ufer steig"
)
SALUTATIONS = frozenset(
    "mr mrs ms miss dr prof sir madam mr. mrs. ms. dr. prof. herr frau dhr mevr mw dhr. mevr. mw. m. mme mlle sr sra "
    "sr. sra. srta de heer mevrouw monsieur madame".split()
)
# Legal forms, trades and bodies; what trades end in, in German and Dutch; "& Co", "3 Gables Dental".
FIRMS = (
    "bv nv vof gmbh kg kgaa ohg ag ug gbr ev ek ltd limited llc inc corp co llp plc sarl sas sasu eurl sa sci snc sl "
    "slu srl sprl bvba asbl vzw vve weg hoa stichting vereniging fundacion asociacion association gemeente mairie "
    "ayuntamiento comunidad copropriete syndic residence church parish school schule ecole colegio instituto college "
    "university hotel hostal cafe bar restaurant restaurante pizzeria bistro brasserie garage taller talleres autohaus "
    "bakkerij slagerij boulangerie boucherie panaderia backerei metzgerei bakery florist salon studio kapsalon friseur "
    "clinic clinica klinik clinique cabinet practice dental dentistry physio kita apotheke apotheek pharmacie farmacia "
    "construction constructions construcciones reformas couverture roofing plumbing builders building contractors "
    "transport transports transportes logistics logistik installatie installaties elektro electric electrical elec "
    "immo immobilien inmobiliaria immobilier vastgoed makelaardij property properties realty management mgmt group "
    "groep gruppe groupe grupo holding services service servicios solutions systems storage apartments condos condo "
    "homes lofts plaza mall market supermarket store shop bank insurance bodegas gestoria asesoria fincas stadtwerke "
    "stadt verein club foundation trust society partners associates ministries museum hospital industries enterprises"
)
TRUTHS = frozenset({"true", "false", "yes", "no"})
ANSWERS = TRUTHS | frozenset("y n x 0 1 ja nein nee oui non si sí wahr falsch waar onwaar vrai faux verdadero".split())
AUSTRALIAN = frozenset("ACT NSW NT QLD SA TAS VIC WA".split())
STATES = frozenset(STATES_BY_NAME.values()) | frozenset(PROVINCES_BY_NAME.values()) | AUSTRALIAN
# Nothing else asks for them, so they are not in crm.kernel.regions.
MEXICAN_STATES = frozenset(
    "aguascalientes, baja california, baja california sur, campeche, chiapas, chihuahua, cdmx, ciudad de mexico, df, "
    "coahuila, colima, durango, estado de mexico, edomex, mexico, guanajuato, guerrero, hidalgo, jalisco, michoacan, "
    "morelos, nayarit, nuevo leon, oaxaca, puebla, queretaro, quintana roo, san luis potosi, sinaloa, sonora, tabasco, "
    "tamaulipas, tlaxcala, veracruz, yucatan, zacatecas".split(", ")
)
