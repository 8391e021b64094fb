"""Fictional customer names and places in the Tampa Bay area. Numbers are 555-01xx, which nobody can have."""

from collections.abc import Iterator
from random import Random

from demo.stories.story import Contact, Place

FIRST = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph "
    "Jessica Sarah Carlos Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark Ashley "
    "Kimberly Steven Emily Andrew Donna Paul Michelle Joshua Carol Kenneth Amanda Kevin Melissa Brian Deborah Miguel "
    "Stephanie Ronald Rebecca Tyrone Sharon Edward Laura Jason Cynthia Rafael Dorothy Ryan Amy Jacob Kathleen Gary "
    "Angela Nicholas Shirley Eric Brenda Jonathan Keisha Stephen Nicole Larry Pamela Justin Samantha Scott Anh Brandon "
    "Katherine Benjamin Emma Samuel Ruth Gregory Christine Frank Catherine Alexander Rosa Virginia Jorge Debra "
    "Patrick Rachel Jack Carolyn Dennis Janet Jerry Maria Tyler Heather Aaron Diane Jose Olivia Adam Julie Nathan "
    "Henry Douglas Victoria Zachary Kelly Peter Christina Kyle Joan Noah Evelyn Ethan Lauren Jeremy Judith Walter "
    "Olga Keith Megan Cheryl Terry Andrea Austin Hannah Sean Martha Gerald Jacqueline Carl Frances Malik Gloria"
).split()
LAST = (
    "Adler Albright Alvarez Ames Ashford Baptiste Barlow Beckett Benitez Birch Bolton Bradshaw Brennan Briggs Calloway "
    "Cardenas Castillo Chandler Chau Clay Colby Colon Conrad Cordero Crane Cruz Dalton Daniels Delgado Dempsey Diaz "
    "Donovan Draper Dupree Eaton Ellison Emerson Espinoza Farley Fields Finch Fleming Flores Foley Frost Gaines "
    "Galloway Garrison Gibbs Goodwin Grady Granger Graves Greer Guzman Haines Hardin Harmon Hensley Hidalgo Holbrook "
    "Holloway Horne Huang Huff Iglesias Ingram Jarvis Jimenez Kane Keller Kendrick Kim Kirkland Knox Lambert Larkin "
    "Lawson Ledger Lomax Lowery Lund Maddox Marsh Mayfield McCall McKinney Medina Mercado Merritt Middleton Monroe "
    "Montoya Mosley Nash Newell Nguyen Nolan Norwood Ocasio Odom Ortega Osborne Pace Padilla Parrish Patel Peck Pena "
    "Pennington Pham Pierce Pratt Pruett Quinn Ramsey Reeves Rhodes Rivera Rojas Rosado Rowe Salas Sampson Santana "
    "Sawyer Schaefer Sellers Serrano Shah Shelton Sherwood Singleton Slater Solis Sparks Stafford Stanton Stokes "
    "Sutton Talbot Tate Thorpe Tillman Tran Underwood Valdez Vance Vasquez Velez Vickers Walton Ware Weaver Webster "
    "Whitaker Wilkes Winslow Woodard Wyatt Yates York Zamora Zuniga"
).split()
STREETS = (
    "Bayshore Ct,Palmetto Dr,Cypress Ln,Magnolia Ave,Live Oak Way,Egret Pointe Dr,Heron Landing Ct,Mangrove St,"
    "Sabal Palm Rd,Gulf Breeze Blvd,Pelican Bay Dr,Citrus Grove Ln,Hibiscus St,Sandhill Crane Way,Lake Ellen Dr,"
    "Old Mill Rd,Osprey Ridge Dr,Sweetbay Ct,Banyan St,Orange Blossom Trl,Spoonbill Ln,Coquina Ave,Royal Palm Cir,"
    "Manatee Dr,Tarpon Way,Plantation Blvd,Riverside Ter,Windward Pl,Seagrape Ave,Cedar Key Ct"
).split(",")
TOWNS = {
    "Tampa": "33611",
    "Riverview": "33578",
    "Plant City": "33563",
    "Brandon": "33511",
    "Valrico": "33594",
    "Lutz": "33549",
    "Clearwater": "33756",
    "Seffner": "33584",
    "Temple Terrace": "33617",
    "Gibsonton": "33534",
    "Sun City": "33573",
    "Apollo Beach": "33572",
    "Wesley Chapel": "33544",
    "Odessa": "33556",
    "Dade City": "33525",
    "Land O’ Lakes": "34638",
    "Ybor City": "33605",
    "Carrollwood": "33618",
    "Westchase": "33626",
    "New Tampa": "33647",
    "Lithia": "33547",
    "Zephyrhills": "33542",
    "Ruskin": "33570",
    "St. Petersburg": "33704",
    "Largo": "33770",
    "Dunedin": "34698",
    "Palm Harbor": "34683",
    "Bradenton": "34209",
    "Lakeland": "33803",
}
FIRMS = (
    "Palm Coast Storage,Bay Dental,Ybor Cigars,Harbor Freight Depot,Gulf Marine Supply,Sunrise Daycare,"
    "Cypress Medical Plaza,Tarpon Springs Bakery,Coastal Fitness,Lakeside Condominiums HOA,Riverwalk Lofts HOA,"
    "Heritage Baptist Church,Bayfront Self Storage,Citrus County Feed,Pelican Plaza,Manatee Veterinary,Osprey Cargo,"
    "Magnolia Court HOA,Sandbar Grill,Westshore Auto Body"
).split(",")
AREA_CODES = ("813", "727", "941", "352", "863", "407", "239", "386", "321", "561")
MAILBOXES = ("example.com", "example.net", "example.org", "mail.example.com", "home.example.net")
INSURERS = ("Gulfstream Mutual", "Palmetto Home & Auto", "Sunshine Casualty", "Bayline Insurance")


class American:
    """Generates customers and addresses; the same for the same random numbers."""

    country, region, language = "US", "FL", "en"
    towns, firms, insurers = tuple(TOWNS), FIRMS, INSURERS

    def __init__(self, random: Random) -> None:
        self.random = random
        self._numbers = self._fictional_numbers()
        self._mails = 0

    def _fictional_numbers(self) -> Iterator[str]:
        # The first of 813 are the brands' own.
        lines = [(code, line) for line in range(199, 102, -1) for code in AREA_CODES]
        yield from (f"+1{code}55501{line % 100:02d}" for code, line in lines)

    def name(self) -> str:
        return f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"

    def contact(self, name: str = "", company: str = "") -> Contact:
        """Make a customer; most have a number and an address, a few only one of them."""
        name = name or self.name()
        self._mails += 1
        local = ".".join(part.lower() for part in name.replace("’", "").split()[:2] if part.isalpha()) or "office"
        email = f"{local}{self._mails}@{self.random.choice(MAILBOXES)}".encode("ascii", "ignore").decode()
        having = self.random.random()
        phones = (next(self._numbers),) if having > 0.08 else ()
        return Contact(name, email if having < 0.9 else "", phones, company, self.language)

    def place(self, city: str = "") -> Place:
        """Make an address in a town of the area."""
        city = city or self.random.choice(self.towns)
        street = f"{self.random.randint(11, 989) * 10 + self.random.randint(1, 9)} {self.random.choice(STREETS)}"
        return Place(street, TOWNS[city], city, "FL", "US")
