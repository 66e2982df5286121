"""Certificate and key that somebody gave as files: what is wrong with them is said in one sentence."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from mingtang.web.tls.authority import Now, utc
from mingtang.web.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Pair:
    """The server's certificate comes first in its file, those that vouch for it after it; the key may be there too."""

    certificate: Path
    key: Path
    now: Now = utc

    def check(self) -> x509.Certificate:
        """Raises Trouble; returns the server's own certificate."""
        found = self._certificate()
        now = self.now()
        if found.not_valid_after_utc < now:
            raise Trouble("tls-ended", file=str(self.certificate), day=_day(found.not_valid_after_utc))
        if found.not_valid_before_utc > now:
            raise Trouble("tls-not-yet", file=str(self.certificate), day=_day(found.not_valid_before_utc))
        if self._public() != _spki(found):
            raise Trouble("tls-mismatch", certificate=str(self.certificate), key=str(self.key))
        return found

    def _certificate(self) -> x509.Certificate:
        data = _read(self.certificate)
        try:
            return x509.load_pem_x509_certificates(data)[0]
        except ValueError as error:
            raise Trouble("tls-no-certificate", file=str(self.certificate)) from error

    def _public(self) -> bytes:
        data = _read(self.key)
        try:
            key = serialization.load_pem_private_key(data, None)
        except TypeError as error:  # it wants a password
            raise Trouble("tls-key-locked", file=str(self.key)) from error
        except ValueError as error:
            raise Trouble("tls-no-key", file=str(self.key)) from error
        return key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Trouble("tls-unreadable", file=str(file), reason=error.strerror or str(error)) from error


def _spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _day(when: datetime.datetime) -> str:
    return f"{when:%Y-%m-%d}"


def names_in(certificate: x509.Certificate) -> list[str]:
    """Those that a browser can ask for: no wildcard."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    names = [*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress))]
    return [name for name in names if "*" not in name]
