"""PostgreSQL: psycopg can stop waiting, but does so only where it is told to at each call."""

from types import ModuleType
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from rod.engines import READ_SECONDS, Impatient


class Connection(psycopg.Connection[Any]):
    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Raises OperationalError, and gives the connection up, where the server says nothing for READ_SECONDS."""
        try:
            return super().wait(gen, interval, timeout or READ_SECONDS)
        except psycopg.OperationalError:
            # A statement that is still running there: nobody waited to its end.
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


_driver = ModuleType("psycopg")
vars(_driver).update(vars(psycopg))
vars(_driver)["connect"] = Connection.connect


class DatabaseWrapper(Impatient, base.DatabaseWrapper):
    Database = _driver
