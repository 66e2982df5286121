"""What people type, made fit to be shown to others."""

from __future__ import annotations

import re
import unicodedata

# Controls, line breaks and the marks that turn the reading direction of everything after them. Joiners stay: emoji and
# some scripts are written with them.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")

# What stands where something of an erased person stood. Its mark is one that nobody can type: it is tidied away.
BLANK = "\u2014\u200e"


def tidy(text: str) -> str:
    """One line as it was meant; may be ""."""
    return " ".join(_UNFIT.sub(" ", unicodedata.normalize("NFC", text)).split())
