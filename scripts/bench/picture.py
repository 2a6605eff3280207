"""Memory that a portrait of many pixels takes, by the platform or by Pillow alone. Runs alone, prints bytes.

python -m scripts.bench.picture ours
"""

import io
import re
import sys
from pathlib import Path

from django.conf import settings
from PIL import Image


def main(side: str) -> int:
    settings.configure()
    from uploads import pictures

    written = io.BytesIO()
    Image.new("L", (8000, 5000), 127).save(written, "PNG")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins again
    before = peak()
    if side == "ours":
        pictures.reencode(written.getvalue(), 1024)
    else:
        Image.open(written).load()
    return peak() - before


def peak() -> int:
    """The most that this process had in memory."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


if __name__ == "__main__":
    print(main(sys.argv[1]))
