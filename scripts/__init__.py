"""Setting up, running and testing the project.

Each script is written once, in Python; the `.sh` and `.bat` beside it only find a Python.
"""

import sys
from pathlib import Path

# The scripts run before anything is installed, and read `.env` as the backend does (`contract/dotenv.py`).
sys.path.append(str(Path(__file__).resolve().parent.parent / "backend"))
