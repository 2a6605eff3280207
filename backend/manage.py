#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, InterfaceError) as error:
        # A database that cannot be reached is no defect: one sentence, unless the traceback is asked for.
        if "--traceback" in sys.argv:
            raise
        from rod.start import no_database

        sys.exit(no_database(error))


if __name__ == "__main__":
    main()
