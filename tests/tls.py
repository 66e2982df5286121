"""Certificates for tests, made on the spot, and a handshake in memory that says what a client is shown."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


@dataclass
class Made:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)

    def key_pem(self, password: bytes = b"") -> bytes:
        lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        return self.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, lock)

    def write(self, folder: Path) -> dict[str, str]:
        """As settings of the server."""
        folder.mkdir(exist_ok=True)
        (folder / "cert.pem").write_bytes(self.pem)
        (folder / "key.pem").write_bytes(self.key_pem())
        return {"tls": "files", "tls_cert": str(folder / "cert.pem"), "tls_key": str(folder / "key.pem")}


def made(*names: str, by: Made | None = None, begins: int = -1, days: int = 90) -> Made:
    """For names and addresses, signed by another or by itself; it begins so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    about = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0] if names else "Authority")])
    begin = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=begins)
    builder = (
        x509.CertificateBuilder()
        .subject_name(about)
        .issuer_name(by.certificate.subject if by else about)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_other(name) for name in names]), critical=False)
    return Made(builder.sign(by.key if by else key, hashes.SHA256()), key)


def _other(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def trusting(pem: bytes | str) -> ssl.SSLContext:
    """A client that believes this authority and nobody else."""
    context = ssl.create_default_context(cadata=pem if isinstance(pem, str) else pem.decode())
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> x509.Certificate:
    """What the server shows. Raises ssl.SSLCertVerificationError where the client does not believe it."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = (client.wrap_bio(back, there, server_hostname=name), server.wrap_bio(there, back, server_side=True))
    for side in sides * 4:
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    shown = sides[0].getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown)
