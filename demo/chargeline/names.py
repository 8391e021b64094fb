"""Fictional customer names and places in the Netherlands and Belgium.

Behind the area code their numbers begin with 0, as no subscriber's can: it would be the trunk zero.
"""

import unicodedata
from collections.abc import Iterator
from random import Random

from demo.stories.story import Contact, Place

FIRST = (
    "Jan Anna Pieter Maria Kees Johanna Willem Elisabeth Hendrik Cornelia Daan Emma Sem Julia Lucas Sophie Milan Lotte "
    "Finn Eva Bram Tess Luuk Sara Jesse Fleur Thijs Noor Ruben Isa Tim Roos Lars Anouk Stijn Femke Sven Marieke Joost "
    "Ingrid Maarten Petra Erik Monique Rob Saskia Wouter Linda Bart Esther Jeroen Sandra Martijn Annemiek Frank Marjan "
    "Mohamed Fatima Youssef Samira Mehmet Ayşe Rachid Nadia Ravi Priya Wei Mei Piotr Agnieszka Luca Chiara Carlos Ana "
    "Dirk Hilde Geert Katrien Koen Griet Filip Veerle Tom Els Jef Leen Pascal Nathalie Cédric Amélie"
).split()
LAST = (
    "de Jong,Jansen,de Vries,van den Berg,van Dijk,Bakker,Janssen,Visser,Smit,Meijer,de Boer,Mulder,de Groot,Bos,Vos,"
    "Peters,Hendriks,van Leeuwen,Dekker,Brouwer,de Wit,Dijkstra,Smits,de Graaf,van der Meer,Kok,Jacobs,van der Linden,"
    "de Haan,Vermeulen,van den Heuvel,van der Veen,van den Broek,de Bruijn,van der Heijden,Schouten,van Beek,Willems,"
    "van Vliet,Hoekstra,Maas,Verhoeven,van Dam,Prins,Blom,Huisman,Peeters,de Bruin,Kuipers,van Veen,Post,"
    "Veenstra,Kramer,van den Brink,Scholten,van Wijk,Postma,Martens,Vink,de Ruiter,Timmermans,Groen,Gerritsen,Jonker,"
    "van Loon,Boer,van der Velde,Willemsen,Smeets,de Lange,de Vos,van Dongen,Schipper,de Koning,Koning,van Doorn,"
    "Yılmaz,Kaya,El Idrissi,Bouzid,Özdemir,Nowak,Kowalska,Rossi,Claes,Goossens,Wouters,De Smet,Lemmens,Dubois,Maes,"
    "Mertens,Desmet,Lambert,Pauwels,Aerts,Cools,Segers"
).split(",")
STREETS = (
    "Dorpsstraat,Kerkstraat,Molenweg,Schoolstraat,Stationsweg,Julianalaan,Wilhelminastraat,Beukenlaan,Eikenlaan,"
    "Kastanjestraat,Prins Bernhardlaan,Havenkade,Meerweg,Zonnebloemstraat,Lindelaan,Esdoornlaan,Rozenstraat,"
    "Tulpstraat,Van Goghstraat,Rembrandtlaan,Jan Steenlaan,Vondelstraat,Weidezoom,Rietkraag,De Hoef,Polderpad,"
    "Sluiskade,Veerdam,Korenbloemstraat,Vlierlaan,Wilgenhof"
).split(",")
# Town: postcode's digits, area code without the zero, country.
TOWNS = {
    "Utrecht": ("3511", "30", "NL"),
    "Amersfoort": ("3811", "33", "NL"),
    "Nieuwegein": ("3431", "30", "NL"),
    "Zeist": ("3701", "30", "NL"),
    "Houten": ("3991", "30", "NL"),
    "Amsterdam": ("1071", "20", "NL"),
    "Haarlem": ("2011", "23", "NL"),
    "Almere": ("1315", "36", "NL"),
    "Hilversum": ("1211", "35", "NL"),
    "Leiden": ("2311", "71", "NL"),
    "Den Haag": ("2514", "70", "NL"),
    "Delft": ("2611", "15", "NL"),
    "Rotterdam": ("3011", "10", "NL"),
    "Gouda": ("2801", "182", "NL"),
    "Breda": ("4811", "76", "NL"),
    "Tilburg": ("5038", "13", "NL"),
    "Eindhoven": ("5611", "40", "NL"),
    "’s-Hertogenbosch": ("5211", "73", "NL"),
    "Nijmegen": ("6511", "24", "NL"),
    "Arnhem": ("6811", "26", "NL"),
    "Apeldoorn": ("7311", "55", "NL"),
    "Zwolle": ("8011", "38", "NL"),
    "Groningen": ("9711", "50", "NL"),
    "Brugge": ("8000", "50", "BE"),
    "Kortrijk": ("8500", "56", "BE"),
    "Mechelen": ("2800", "15", "BE"),
    "Leuven": ("3000", "16", "BE"),
    "Hasselt": ("3500", "11", "BE"),
    "Aalst": ("9300", "53", "BE"),
}
FIRMS = (
    "Bakkerij De Korenaar,Fysiotherapie Molenwijk,Transport Van Oord en Zonen,Hotel De Karper,Tandartsen aan de Gracht,"
    "Garage Stationsplein,Bouwmarkt De Hamer,Accountants Van Dalen,Sportcentrum De Weide,Logistiek Centrum Lage Weide,"
    "Camping De Zandhoek,Drukkerij Noorderlicht,Zorggroep Rivierenland,Notariskantoor Singel,Kwekerij Het Groene Hart,"
    "Harbour Offices,Blue Canal Software,Northgate Leasing,Windmill Ventures,Delta Consulting"
).split(",")
ESTATES = (
    "VvE De Singelhof,VvE Parkzicht,VvE Havenmeester,VvE Rembrandtpoort,VvE Waterlinie,VvE De Pakhuizen,VvE Zuiderkade,"
    "VvE Lindehove,VvE Stadsrand,VvE De Componist,VvE Oosterpark,VvE Veerkade"
).split(",")
LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
MAILBOXES = ("example.com", "example.net", "example.org", "post.example.com", "thuis.example.net")


class Dutch:
    """Generates customers and addresses; the same for the same random numbers."""

    firms, estates = FIRMS, ESTATES
    insurers: tuple[str, ...] = ()

    def __init__(self, random: Random) -> None:
        self.random = random
        self._count = iter(range(1, 10**6))
        self._lines = self._subscribers()
        self.dutch = tuple(town for town, row in TOWNS.items() if row[2] == "NL")
        self.belgian = tuple(town for town, row in TOWNS.items() if row[2] == "BE")

    def _subscribers(self) -> Iterator[int]:
        yield from range(12_310, 99_999, 17)

    def name(self) -> str:
        return f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"

    def contact(self, name: str = "", company: str = "", *, city: str = "Utrecht", language: str = "nl") -> Contact:
        """Make a customer; most have a number and an address, a few only one of them."""
        name = name or self.name()
        local = _ascii(".".join(name.lower().replace("’", "").split()))
        email = f"{local}{next(self._count)}@{self.random.choice(MAILBOXES)}"
        having = self.random.random()
        phones = (self._number(city),) if having > 0.08 else ()
        return Contact(name, email if having < 0.9 else "", phones, company, language)

    def _number(self, city: str) -> str:
        _, area, country = TOWNS[city]
        prefix, length = ("+31", 9) if country == "NL" else ("+32", 8)
        return f"{prefix}{area}0{next(self._lines):0{length - len(area) - 1}d}"

    def place(self, city: str) -> Place:
        """Make an address in a town."""
        digits, _, country = TOWNS[city]
        street = f"{self.random.choice(STREETS)} {self.random.randint(1, 240)}"
        if country == "BE":
            return Place(street, digits, city, "", country)
        letters = "".join(self.random.choice(LETTERS) for _ in range(2))
        return Place(street, f"{int(digits) + self.random.randint(0, 9)} {letters}", city, "", country)


def _ascii(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("ı", "i")).encode("ascii", "ignore").decode()
    return "".join(letter for letter in bare if letter.isalnum() or letter == ".")
