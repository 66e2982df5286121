"""The own authority: made once, kept in the data folder for this user alone, good for this house's addresses and no
others. It makes the server's certificate, and makes it anew before it ends and when the addresses have changed."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mingtang.web.folder import write_whole
from mingtang.web.tls.names import HERE_NAMES, Address, networks
from mingtang.web.trouble import Trouble

AUTHORITY_DAYS = 3650
SERVER_DAYS = 200  # Apple takes 825 at most
RENEW_DAYS = 60
EARLIER = datetime.timedelta(days=1)  # a phone's clock may be behind

Now = Callable[[], datetime.datetime]
Reached = tuple[frozenset[str], frozenset[Address]]


def utc() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Authority:
    """`folder` is tls/ in the data folder: authority.pem and .key, server.pem (certificate, authority and key)."""

    folder: Path
    now: Now = utc

    @property
    def certificate_file(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def key_file(self) -> Path:
        return self.folder / "authority.key"

    @property
    def server_file(self) -> Path:
        return self.folder / "server.pem"

    def ensure(self, reached: Reached) -> bool:
        """Makes what is missing, ends soon or does not hold all of `reached`; whether anything was made. Several
        processes may call it. Raises Trouble when the folder's files are of no use."""
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with self._alone():
                made = not self.certificate_file.exists()
                if made:
                    self._make(reached)
                authority, key = self._read()
                if not made and self._is_fresh(authority, reached):
                    return False
                self._certify(authority, key, reached)
                return True
        except OSError as error:
            raise Trouble("tls-unreadable", file=str(self.folder), reason=error.strerror or str(error)) from error

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _make(self, reached: Reached) -> None:
        names, addresses = reached
        key = ec.generate_private_key(ec.SECP256R1())
        about = _about(f"Mingtang {socket.gethostname()} {self.now():%Y-%m-%d}")
        allowed = [x509.DNSName(name) for name in sorted({*HERE_NAMES, *names})]
        near = [x509.IPAddress(one) for one in networks(addresses)]
        builder = (
            _builder(about, about, key.public_key(), self.now(), AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign_certificates=True), critical=True)
            .add_extension(x509.NameConstraints([*allowed, *near], None), critical=True)
        )
        # the certificate comes last: with it, the authority is there
        write_whole(self.key_file, _pem(key))
        write_whole(self.certificate_file, builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _read(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        try:
            authority = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
            key = serialization.load_pem_private_key(self.key_file.read_bytes(), None)
        except FileNotFoundError as error:
            raise Trouble("tls-authority-lost", folder=str(self.folder)) from error
        except ValueError as error:
            raise Trouble("tls-authority-damaged", folder=str(self.folder)) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != authority.public_key():
            raise Trouble("tls-authority-damaged", folder=str(self.folder))
        if authority.not_valid_after_utc - self.now() < datetime.timedelta(days=1):
            raise Trouble("tls-authority-ended", folder=str(self.folder))
        return authority, key

    def certificate(self) -> x509.Certificate:
        """The authority's own, which people install."""
        return x509.load_pem_x509_certificate(self.certificate_file.read_bytes())

    def _is_fresh(self, authority: x509.Certificate, reached: Reached) -> bool:
        try:
            held = x509.load_pem_x509_certificate(self.server_file.read_bytes())
            held.verify_directly_issued_by(authority)
        except Exception:  # whatever is wrong with it, another one is made
            return False
        left = held.not_valid_after_utc - self.now()
        names, addresses = permitted(authority, reached)
        found = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = {*found.get_values_for_type(x509.DNSName), *found.get_values_for_type(x509.IPAddress)}
        return left > datetime.timedelta(days=RENEW_DAYS) and {*names, *addresses} <= known

    def _certify(self, authority: x509.Certificate, signer: ec.EllipticCurvePrivateKey, reached: Reached) -> None:
        names, addresses = permitted(authority, reached)
        key = ec.generate_private_key(ec.SECP256R1())
        days = min(SERVER_DAYS, (authority.not_valid_after_utc - self.now()).days)
        others = [*map(x509.DNSName, sorted(names)), *(x509.IPAddress(one) for one in sorted(addresses, key=str))]
        made = (
            _builder(_about(socket.gethostname()), authority.subject, key.public_key(), self.now(), days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(others), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (made, authority))
        write_whole(self.server_file, chain + _pem(key))


def permitted(authority: x509.Certificate, reached: Reached) -> Reached:
    """What of it the authority may speak for: a single name too many would make the whole certificate worthless."""
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    endings = [one.value for one in limits if isinstance(one, x509.DNSName)]
    near = [one.value for one in limits if isinstance(one, x509.IPAddress)]
    names, addresses = reached
    return (
        frozenset(name for name in names if any(name == end or name.endswith(f".{end}") for end in endings)),
        frozenset(one for one in addresses if any(_within(one, net) for net in near)),
    )


def _within(address: Address, net: object) -> bool:
    if not isinstance(net, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return False
    return address.version == net.version and address in net


def _about(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Mingtang"), x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
    )


def _builder(
    about: x509.Name, by: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime.datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(about)
        .issuer_name(by)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates, key_cert_sign=sign_certificates, crl_sign=sign_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 as systems show it: pairs with colons."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
