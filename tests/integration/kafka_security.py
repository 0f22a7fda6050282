"""A Kafka node that asks who you are: one listener for each kind of security, and access lists on.

The first listener is open and its user may do everything (super user), so that tests can arrange things.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka_cluster import HOST, KafkaCluster

USER = "wiredesk"
# What tests look for in every output: it must be found nowhere.
PASSWORD = "sentinel-kY8f3Qz1"  # noqa: S105 - of a broker that lives as long as the tests
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, also as PEM files."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    cert_file: Path
    key_file: Path


def certificate(folder: Path, name: str, issuer: Certificate | None = None) -> Certificate:
    """Make a certificate for ``CN=name``: an authority where no issuer is given, else one for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    cert_file, key_file = folder / f"{name}.crt", folder / f"{name}.key"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Certificate(made, key, cert_file, key_file)


# Listener: protocol. The names say what `KINDS` of tests ask for; Kafka takes letters only.
LISTENERS = {
    "OPEN": "PLAINTEXT",
    "PLAIN": "SASL_PLAINTEXT",
    "SCRAM": "SASL_PLAINTEXT",
    "TLS": "SSL",
    "MTLS": "SSL",
    "TLSSCRAM": "SASL_SSL",
}


class SecureKafka(KafkaCluster):
    """One node with all of `LISTENERS`. Its authority is ``ca``; ``client`` is a certificate for mTLS."""

    def __init__(self, folder: Path) -> None:
        self.ca = certificate(folder, "authority")
        self.server = certificate(folder, "broker", self.ca)
        self.client = certificate(folder, USER, self.ca)
        self.other_ca = certificate(folder, "nobody")
        login = "org.apache.kafka.common.security"
        scram = f"{login}.scram.ScramLoginModule required;"
        stores = {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.certificate.chain": _one_line(self.server.cert_file),
            "ssl.keystore.key": _one_line(self.server.key_file),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.certificates": _one_line(self.ca.cert_file),
        }
        super().__init__(
            listeners=LISTENERS,
            properties={
                **stores,
                "listener.name.mtls.ssl.client.auth": "required",
                "listener.name.plain.sasl.enabled.mechanisms": "PLAIN",
                "listener.name.plain.plain.sasl.jaas.config": f"{login}.plain.PlainLoginModule required "
                f'user_{USER}="{PASSWORD}";',
                **{f"listener.name.{kind}.sasl.enabled.mechanisms": "SCRAM-SHA-256,SCRAM-SHA-512"
                   for kind in ("scram", "tlsscram")},
                **{f"listener.name.{kind}.scram-sha-{bits}.sasl.jaas.config": scram
                   for kind in ("scram", "tlsscram") for bits in (256, 512)},
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                # Whoever comes without a name: by the open listener, by TLS without a certificate.
                "super.users": "User:ANONYMOUS",
                "ssl.principal.mapping.rules": "RULE:^CN=([^,]*).*$/$1/",
            },
            format_arguments=[
                word
                for bits in (256, 512)
                for word in ("--add-scram", f"SCRAM-SHA-{bits}=[name={USER},password={PASSWORD}]")
            ],
        )  # fmt: skip


def _one_line(pem: Path) -> str:
    return pem.read_text().replace("\n", "\\n")


def allow(admin: KafkaAdminClient, rules: Iterable[tuple[str, str, str]]) -> None:
    """Let the user do something: (operation, kind of resource, its name)."""
    admin.create_acls([_acl(*rule) for rule in rules])


def forbid(admin: KafkaAdminClient, rules: Iterable[tuple[str, str, str]]) -> None:
    """Take back what `allow` gave."""
    admin.delete_acls([_acl(*rule) for rule in rules])


def _acl(operation: str, kind: str, name: str) -> ACL:
    return ACL(
        principal=f"User:{USER}",
        host="*",
        operation=ACLOperation[operation],
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(ResourceType[kind], name),
    )
