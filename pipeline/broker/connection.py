"""How to reach a cluster, and the error of one that cannot be reached. Imports no client: commands start fast."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_PORT = 9092


class BrokerError(Exception):
    """The broker cannot be used; the text is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Connection:
    """How to reach a cluster. ``brokers`` is ``host:port`` or several of them with commas.

    ``security`` is PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; the files are PEM.
    """

    brokers: str
    security: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None

    @property
    def uses_tls(self) -> bool:
        """Whether the bytes on the wire are encrypted."""
        return self.security in {"SSL", "SASL_SSL"}

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """The brokers as (host, port); without a port: 9092.

        Raises:
            ValueError: a port that is no number from 1 to 65535.
        """
        found = []
        for broker in filter(None, (part.strip() for part in self.brokers.split(","))):
            host, colon, port = broker.rpartition(":")
            if not colon:
                host, port = broker, str(DEFAULT_PORT)
            if not host or not port.isdecimal() or not 0 < int(port) < 65536:
                msg = f"{broker!r} is not HOST:PORT"
                raise ValueError(msg)
            found.append((host.strip("[]"), int(port)))
        return found
