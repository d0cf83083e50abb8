"""A partner's folder name: readable, safe on every file system, and never shared by two partners."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

READABLE_LENGTH = 40
_HASH_BYTES = 10  # 80 bits: two of a million partners collide once in 10^12 runs


def slug(partner_id: str) -> str:
    """The folder of a partner's reports: a readable part and a hash of the exact id.

    The result holds only a-z, 0-9 and hyphens, starts and ends with a letter or a digit and has at
    most 57 characters, so that it is no path, no device name and no option of a command, and
    means the same on a file system that ignores case or changes the form of accents. Ids that
    differ in anything (case, accents, a trailing dot, a space) have another hash. It is a
    name, not a secret: who knows an id can work it out.
    """
    plain = unicodedata.normalize("NFKD", partner_id).encode("ascii", "ignore").decode("ascii").lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:READABLE_LENGTH].strip("-")
    digest = hashlib.blake2b(partner_id.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES)
    return f"{readable or 'partner'}-{base64.b32encode(digest.digest()).decode('ascii').lower()}"
