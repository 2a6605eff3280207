"""Names of files as people gave them, made harmless: for showing and for downloads, never for the storage."""

import re
import unicodedata

from rules.text import has_ink, one_line

MAX_NAME = 100
# A name says no folder, and nothing that a system or a header reads as something else.
UNFIT = re.compile(r'[<>:"|?*%;]')
FORMATS = frozenset({"Cf", "Co", "Cn", "Zl", "Zp"})


def safe_name(name: str, suffixes: tuple[str, ...], instead_of: tuple[str, ...] = ()) -> str:
    """The last part of a path, with an ending that says what the file is; `file` where nothing is left of it.

    `instead_of`: endings that are replaced, as a PNG is a WebP once it is encoded again.
    """
    last = re.split(r"[/\\]", name[-1000:])[-1]
    seen = "".join(char for char in last if unicodedata.category(char) not in FORMATS)
    plain = UNFIT.sub("_", one_line(seen)).rstrip(". ")
    suffix = next((known for known in suffixes if plain.lower().endswith(known)), suffixes[0])
    ending = next((end for end in (suffix, *instead_of) if plain.lower().endswith(end)), "")
    stem = plain[: len(plain) - len(ending)].strip(". ")[: MAX_NAME - len(suffix)].rstrip(". ")
    return (stem if has_ink(stem) else "file") + suffix
