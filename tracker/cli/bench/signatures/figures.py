"""`flask bench signatures`: matrix of PDFs, SM2 against openssl, edits of sealed OFDs, time of each."""

import logging
from collections.abc import Iterator
from time import process_time

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.signatures import matrix, sealing
from tracker.cli.bench.signatures.authorities import NOW, blank_pdf, sign
from tracker.cli.bench.signatures.sealing import Letter, Stamp, certificate, packed, public_key, unpacked
from tracker.signatures import sm2
from tracker.signatures.certificates import read_certificate
from tracker.signatures.pades import verify_pdf
from tracker.signatures.seals import verify_ofd
from tracker.signatures.trust import Trust
from tracker.signatures.verdicts import for_unit

ROUNDS = 25


def figures() -> Iterator[Figure]:
    """Yield the figures; those named "wrong" must be nought. Everything judged is made up here: synthetic."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they tell at length what is wrong on purpose
    yield from _pdfs()
    if sealing.OPENSSL:
        yield from _sm2()
        yield from _ofds()


def _states(pdf: bytes) -> list[str]:
    return [str(each.state) for each in for_unit(verify_pdf(pdf, matrix.TRUST, NOW), matrix.REGISTERED)]


def _pdfs() -> Iterator[Figure]:
    pdf = matrix.signed()
    rows = [(change(pdf), expected) for change, expected in matrix.CHANGES.values()]
    rows += [(sign(blank_pdf(), holder), [state]) for holder, state in matrix.SIGNERS.values()]
    wrong = sum(_states(data) != expected for data, expected in rows)
    yield Figure("PDF signatures: rows judged", len(rows), digits=0)
    yield Figure("PDF signatures: rows judged wrong", wrong, at_most=0, digits=0)
    begun = process_time()
    for _each in range(ROUNDS):
        _states(pdf)
    yield Figure("one PDF signature", (process_time() - begun) / ROUNDS * 1000, "ms CPU", 60, 1)


def _sm2() -> Iterator[Figure]:
    public = public_key("甲")[-65:]
    messages = [b"message %d" % n for n in range(ROUNDS)]
    pairs = [(each, sealing.sign("甲", each)) for each in messages]
    begun = process_time()
    refused = sum(not sm2.verify(public, *pair) for pair in pairs)
    spent = (process_time() - begun) / ROUNDS * 1000
    spoilt = [(message + b".", value) for message, value in pairs]
    spoilt += [(message, _flipped(value, n)) for n, (message, value) in enumerate(pairs)]
    taken = sum(sm2.verify(public, *pair) for pair in spoilt)
    yield Figure(f"SM2 of openssl, {ROUNDS} signatures: refused", refused, at_most=0, digits=0)
    yield Figure(f"SM2 of openssl, {len(spoilt)} spoilt: accepted", taken, at_most=0, digits=0)
    yield Figure("one SM2 signature", spent, "ms CPU", 15, 1)


def _flipped(value: bytes, n: int) -> bytes:
    spoilt = bytearray(value)
    spoilt[n % len(spoilt)] ^= 1 << n % 8
    return bytes(spoilt)


def _ofds() -> Iterator[Figure]:
    data = Letter().seal(Stamp()).pack()
    trust = Trust((read_certificate(certificate("国密试验根")),))
    files = unpacked(data)
    wrong = int(verify_ofd(data, trust, NOW)[0].state != "valid")
    edits = [{name: content[:-9] + b" " + content[-9:]} for name, content in files.items() if content]
    for each in edits:
        wrong += any(verdict.state == "valid" for verdict in verify_ofd(packed(files | each), trust, NOW))
    yield Figure(f"sealed OFD, itself and {len(edits)} edits: judged wrong", wrong, at_most=0, digits=0)
    begun = process_time()
    for _each in range(ROUNDS):
        verify_ofd(data, trust, NOW)
    yield Figure("one sealed OFD", (process_time() - begun) / ROUNDS * 1000, "ms CPU", 60, 1)
