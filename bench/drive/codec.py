"""Values on the wire: encoders by a parameter's SQLAlchemy type, decoders by a result column's PostgreSQL type.

Binary where it is cheaper than text (uuid, timestamp, numbers), text where it is what the server parses anyway (text, jsonb).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TIMESTAMP, Boolean, Integer, String, TypeEngine, Uuid

from bench.drive.errors import ContractError

Encoder = Callable[[Any], bytes]
Decoder = Callable[[bytes], Any]

TEXT_FORMAT, BINARY_FORMAT = 0, 1
_EPOCH_2000_MS = 946_684_800_000
_INT2, _INT4, _INT8, _FLOAT8 = struct.Struct("!h"), struct.Struct("!i"), struct.Struct("!q"), struct.Struct("!d")


def _uuid_to_bytes(value: object) -> bytes:
    return bytes.fromhex(str(value).replace("-", ""))


def _uuid_to_text(value: bytes) -> str:
    raw = value.hex()
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def _time_to_bytes(at_ms: int) -> bytes:
    return _INT8.pack((at_ms - _EPOCH_2000_MS) * 1000)


def _time_to_ms(value: bytes) -> int:
    micros: int = _INT8.unpack(value)[0]
    return micros // 1000 + _EPOCH_2000_MS


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: `json.dumps` with these makes an encoder for each call."""


def _json_to_bytes(value: object) -> bytes:
    return _JSON.encode(value).encode()


def _bool_to_bytes(value: bool) -> bytes:
    return b"\x01" if value else b"\x00"


def encoder(kind: TypeEngine[Any]) -> tuple[Encoder, int]:
    """How values of a parameter of this type are sent, and in which format; unknown types are a `ContractError`."""
    match kind:
        case Uuid():
            return _uuid_to_bytes, BINARY_FORMAT
        case JSONB():
            return _json_to_bytes, TEXT_FORMAT
        case TIMESTAMP():
            return _time_to_bytes, BINARY_FORMAT
        case Integer():
            return lambda value: str(value).encode(), TEXT_FORMAT
        case Boolean():
            return _bool_to_bytes, BINARY_FORMAT
        case String():
            return str.encode, TEXT_FORMAT
        case _:
            raise ContractError(f"no encoding for parameters of the type {kind!r}: cast them to text in the statement")


DECODERS: dict[int, Decoder] = {
    16: lambda value: value == b"\x01",
    20: lambda value: _INT8.unpack(value)[0],
    21: lambda value: _INT2.unpack(value)[0],
    23: lambda value: _INT4.unpack(value)[0],
    25: bytes.decode,
    701: lambda value: _FLOAT8.unpack(value)[0],
    1043: bytes.decode,
    1114: _time_to_ms,
    2950: _uuid_to_text,
    3802: lambda value: json.loads(value[1:]),
}
"""By type oid: bool, int8, int2, int4, text, float8, varchar, timestamp, uuid, jsonb (whose binary form has a version byte)."""


def decoder(oid: int, column: str) -> Decoder:
    """How values of a result column are read; unknown types are a `ContractError` that names the column."""
    try:
        return DECODERS[oid]
    except KeyError:
        raise ContractError(f"no decoding for the result column {column!r} (type oid {oid}): cast it to text") from None
