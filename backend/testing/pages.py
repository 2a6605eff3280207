"""What a page says, apart from how its templates are laid out."""

import re

from django.http import HttpResponse


def page_of(answer: HttpResponse) -> str:
    """Return an answer's HTML without the line breaks of its templates: none beside tags, a blank elsewhere."""
    page = answer.content.decode()
    return re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)", "", page))
