"""The parser of bodies with a file. They may be larger than other bodies: as large as the largest file."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import MultiPartParser

from crm.documents.files.limits import MOST
from crm.kernel.whole_numbers import read_number

# For what a body has besides the file.
BESIDES = 100_000


class FileBodyParser(MultiPartParser):
    """multipart/form-data, up to the size of the largest file that the product takes."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        headers = (parser_context or {})["request"].META
        length = read_number(headers.get("CONTENT_LENGTH") or "0", most=10**12)
        if length is None or length > MOST + BESIDES:
            raise RequestDataTooBig("the body is larger than any file may be")
        return super().parse(stream, media_type, parser_context)
