"""Certificates as a service may present them: good, out of their time, for another host, of a stranger."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Authority(NamedTuple):
    """Somebody who signs certificates.

    Attributes:
        file: Its own certificate, for those who trust it.
    """

    key: ec.EllipticCurvePrivateKey
    name: x509.Name
    file: Path

    @classmethod
    def create(cls, folder: Path) -> Authority:
        """A new one, whose certificate lies in the folder."""
        key, name = ec.generate_private_key(ec.SECP256R1()), _name("Authority")
        now = datetime.now(UTC)
        certificate = (
            _builder(name, name, key.public_key(), now - DAY, now + DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        file = folder / "authority.pem"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(key, name, file)

    def serving(
        self, host: str = "127.0.0.1", *, starts: timedelta = -DAY, ends: timedelta = DAY
    ) -> ssl.SSLContext:
        """What a service presents.

        Args:
            host: The address that the certificate is for.
            starts: When it becomes valid, from now.
            ends: When it ceases to be.
        """
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        certificate = (
            _builder(_name("Service"), self.name, key.public_key(), now + starts, now + ends)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        pem = self.file.with_name("service.pem")
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, starts: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
    )
