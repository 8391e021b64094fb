"""Read the place of a row: from a column for each part, or from a whole address in one cell."""

from dataclasses import dataclass, replace

from crm.kernel.addresses import PostalAddress, parse_address, parse_locality, split_country_prefix
from crm.kernel.normalization import name_key, one_line
from crm.kernel.typed_values import parse_country
from leads.importing.mapping.headings import Field
from leads.importing.mapping.presets import without_prefix
from leads.importing.matching.row_cells import RowCells

_STREET = 200
_POSTCODE = 16
_CITY = 120
_REGION = 80


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A place; "" for a part the row lacks."""

    street: str
    postcode: str
    city: str
    region: str
    country: str
    # The whole address as it stood in one cell, where it was parted.
    written: str = ""


class PlaceReader:
    """Reads the place that the cells of one row name."""

    def __init__(self, row: RowCells) -> None:
        self.row = row

    def read(self, here: str, *, may_part: bool) -> RowPlace:
        """Read the place; `here`: the default country."""
        first = self.row.first
        street = one_line(" ".join(filter(None, (first(Field.STREET), first(Field.HOUSE_NUMBER)))))
        second = one_line(first(Field.STREET_2))
        code, plate = split_country_prefix(self._postcode_cell())
        country = self.row.parse(Field.COUNTRY, parse_country) or plate
        whole = None
        if may_part and not first(Field.HOUSE_NUMBER):
            whole = parse_address(first(Field.STREET), country or here)
        written = ""
        if whole and max(len(whole.street), len(whole.city)) <= _CITY and self._agrees_with_cells(whole):
            street = whole.street
            written = first(Field.STREET)
        place = RowPlace(
            self.row.fit(Field.STREET, ", ".join(filter(None, (street, second))), _STREET),
            self.row.fit(Field.POSTCODE, (code if country == plate else self._postcode_cell()).upper(), _POSTCODE),
            self.row.fit(Field.CITY, first(Field.CITY), _CITY),
            self.row.fit(Field.STATE, first(Field.STATE), _REGION),
            country or here,
        )
        if not whole or not written:
            return self._with_locality(place, country, may_part=may_part)
        return replace(
            place,
            postcode=place.postcode or whole.postcode.upper(),
            city=place.city or whole.city,
            region=place.region or whole.region,
            country=country or whole.country or here,
            written=written,
        )

    def _postcode_cell(self) -> str:
        """Return the postcode's cell; Meta's "z:33605" without its prefix, even without Meta's preset."""
        return without_prefix(self.row.first(Field.POSTCODE))

    def _with_locality(self, place: RowPlace, said: str, *, may_part: bool) -> RowPlace:
        """Split "Tampa, FL 33605" in the city column into city, state and postcode, if no other column has them.

        `said`: the country another column says.
        """
        locality = None
        if may_part and not (place.postcode or place.region):
            locality = parse_locality(place.city, place.country)
        if not locality or len(locality.city) > _CITY:
            return place
        country = said or locality.country or place.country
        return replace(
            place, city=locality.city, region=locality.region, postcode=locality.postcode.upper(), country=country
        )

    def _agrees_with_cells(self, whole: PostalAddress) -> bool:
        """True if a whole address does not contradict the place in other cells."""
        city = self.row.first(Field.CITY)
        code = split_country_prefix(self._postcode_cell())[0]
        written, cell_code = (each.upper().replace(" ", "") for each in (whole.postcode, code))
        same_city = not city or name_key(city) == name_key(whole.city)
        return same_city and (
            not cell_code or not written or written.startswith(cell_code) or cell_code.startswith(written)
        )
