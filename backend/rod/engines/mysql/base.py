"""MariaDB and MySQL: the client library itself has an end to waiting (`read_timeout`)."""

from django.db.backends.mysql import base

from rod.engines import Impatient


class DatabaseWrapper(Impatient, base.DatabaseWrapper):
    pass
