"""SM2 signatures over SM3 digests, verified (GB/T 32918.2, GB/T 32905). Only public data is handled, so time may leak.

Nothing here signs: a key belongs into a certified device.
"""

from asn1crypto.core import Integer, Sequence
from cryptography.hazmat.primitives.hashes import SM3, Hash

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
CURVE_OID = "1.2.156.10197.1.301"
USER = b"1234567812345678"
"""The signer's distinguishing identifier where nothing else was agreed (GB/T 35276)."""

Point = tuple[int, int, int]
"""A point of the curve in Jacobian coordinates; Z = 0 is the point at infinity."""
INFINITY: Point = (1, 1, 0)


class Pair(Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """SM2Signature ::= SEQUENCE { r INTEGER, s INTEGER }."""

    _fields = [("r", Integer), ("s", Integer)]  # noqa: RUF012


def sm3(data: bytes) -> bytes:
    """Return the SM3 digest (32 bytes)."""
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


def verify(public: bytes, message: bytes, signature: bytes, user: bytes = USER) -> bool:
    """Tell whether `signature` (DER of r and s, or both as 64 bytes) is that of the key over the message.

    `public` is the uncompressed point: 0x04, then x and y of 32 bytes each. Anything malformed is simply not valid.
    """
    key, pair = point_of(public), _pair(signature)
    if key is None or pair is None:
        return False
    r, s = pair
    if not (0 < r < N and 0 < s < N):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    x = _affine_x(_sum_of_products(s, t, key))
    return x is not None and (int.from_bytes(_digest(public, message, user)) + x) % N == r


def point_of(public: bytes) -> tuple[int, int] | None:
    """Return the point of an uncompressed public key, None when it is none or does not lie on the curve."""
    if len(public) != 65 or public[0] != 4:
        return None
    x, y = int.from_bytes(public[1:33]), int.from_bytes(public[33:])
    on_curve = x < P and y < P and (y * y - (x * x * x + A * x + B)) % P == 0
    return (x, y) if on_curve else None


def _digest(public: bytes, message: bytes, user: bytes) -> bytes:
    """Return SM3(Z ‖ message), Z being the digest of the signer's identifier, the curve and the key."""
    numbers = b"".join(number.to_bytes(32) for number in (A, B, *G))
    z = sm3((len(user) * 8).to_bytes(2) + user + numbers + public[1:])
    return sm3(z + message)


def _pair(signature: bytes) -> tuple[int, int] | None:
    if len(signature) == 64:
        return int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        pair = Pair.load(signature, strict=True)
        return pair["r"].native, pair["s"].native
    except (ValueError, TypeError):
        return None


def _sum_of_products(s: int, t: int, key: tuple[int, int]) -> Point:
    """Return s·G + t·key, both scalars walked through at once (Shamir's trick)."""
    base, other = (*G, 1), (*key, 1)
    both = _add(base, other)
    steps = {(0, 1): other, (1, 0): base, (1, 1): both}
    total = INFINITY
    for place in range(max(s.bit_length(), t.bit_length()) - 1, -1, -1):
        total = _double(total)
        bits = (s >> place & 1, t >> place & 1)
        if bits in steps:
            total = _add(total, steps[bits])
    return total


def _double(point: Point) -> Point:
    x, y, z = point
    if z == 0 or y == 0:
        return INFINITY
    square = y * y % P
    slope = 3 * (x - z * z) * (x + z * z) % P  # because a = -3
    four = 4 * x * square % P
    new_x = (slope * slope - 2 * four) % P
    return new_x, (slope * (four - new_x) - 8 * square * square) % P, 2 * y * z % P


def _add(one: Point, two: Point) -> Point:
    if one[2] == 0:
        return two
    if two[2] == 0:
        return one
    square_1, square_2 = one[2] * one[2] % P, two[2] * two[2] % P
    x_1, x_2 = one[0] * square_2 % P, two[0] * square_1 % P
    y_1, y_2 = one[1] * square_2 * two[2] % P, two[1] * square_1 * one[2] % P
    if x_1 == x_2:
        return _double(one) if y_1 == y_2 else INFINITY
    run, rise = (x_2 - x_1) % P, (y_2 - y_1) % P
    run_2 = run * run % P
    run_3, part = run_2 * run % P, x_1 * run_2 % P
    x = (rise * rise - run_3 - 2 * part) % P
    return x, (rise * (part - x) - y_1 * run_3) % P, run * one[2] * two[2] % P


def _affine_x(point: Point) -> int | None:
    if point[2] == 0:
        return None
    inverse = pow(point[2], -1, P)
    return point[0] * inverse * inverse % P
