"""One line for each time that Discord drops the connection: discord.py writes a traceback of its own insides."""

import logging

LOGGERS = ("discord.client", "discord.shard")
RETRIES = ("Attempting a reconnect", "Failed to connect")


class Reconnects(logging.Filter):
    """The reason stands in the line itself. It is no error: the library tries again, and misses nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and str(record.msg).startswith(RETRIES):
            reason = record.exc_info[1]
            record.msg = f"{record.getMessage()}: {type(reason).__name__}: {reason}"
            record.args = record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def quieten() -> None:
    for name in LOGGERS:
        logging.getLogger(name).addFilter(Reconnects())
