"""Tell whether the database answers, and what it is: `python backend/test_db.py`.

The place is that of the settings, `.env` included. Nothing is changed in it.
"""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
    import django

    django.setup()
    from django.db import Error, connection

    from rod import start

    config = connection.settings_dict
    place = f" at {config['HOST']}:{config['PORT']}" if config["HOST"] else ""
    name = f"{connection.display_name}{place}, database {config['NAME']}"
    try:
        connection.ensure_connection()
        missing = start.unapplied()
    except Error as error:
        sys.exit(start.no_database(error))
    print(f"[OK] The database answers: {name}")
    if missing:
        print(f"{len(missing)} migrations are not applied. Run python backend/manage.py migrate.")


if __name__ == "__main__":
    main()
