"""Keys by which libpq answers a password challenge without deriving them anew: that takes longer than all else at a connection.

Source: RFC 5802; the options `scram_client_key` and `scram_server_key` of libpq 18.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

_VERIFIER = re.compile(r"SCRAM-SHA-256\$([1-9][0-9]{0,8}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)", re.ASCII)


def scram_keys(password: str, verifier: str) -> dict[str, str]:
    """Libpq's options with the keys of a password, for what the server keeps of it (`pg_authid.rolpassword`).

    Empty where they cannot be derived: another method, or a password that does not fit as it is written.
    """
    found = _VERIFIER.fullmatch(verifier)
    if found is None:
        return {}
    try:
        salt, stored, server_key = (base64.b64decode(part, validate=True) for part in found.group(2, 3, 4))
    except binascii.Error:
        return {}
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, int(found[1]))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    if hashlib.sha256(client_key).digest() != stored or hmac.digest(salted, b"Server Key", "sha256") != server_key:
        return {}
    return {"scram_client_key": base64.b64encode(client_key).decode(), "scram_server_key": found[4]}
