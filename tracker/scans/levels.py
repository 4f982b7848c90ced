"""Levels of the hints and their sentences, apart from the pictures: pages show them without loading NumPy."""

from enum import StrEnum

from tracker.kit.words import N_


class SealLevel(StrEnum):
    """检出, 疑似, 未检出, 无法判断."""

    FOUND = "found"
    SUSPECTED = "suspected"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class SignatureLevel(StrEnum):
    """有手写痕迹, 疑似未签字, 无法定位."""

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Sharpness(StrEnum):
    """清晰, 分辨率偏低, 模糊."""

    FINE = "fine"
    LOW = "low"
    BLURRED = "blurred"


SEAL_REASONS = {
    SealLevel.FOUND: N_("a red round seal was detected (a machine hint; please check the unit's name)"),
    SealLevel.SUSPECTED: N_("possibly a seal, incomplete or pale; please check"),
    SealLevel.ABSENT: N_("possibly no seal; please check"),
    SealLevel.UNKNOWN: N_("a black-and-white scan: the seal cannot be checked by machine"),
}
SIGNATURE_REASONS = {
    SignatureLevel.FOUND: N_("there is handwriting in the signature box"),
    SignatureLevel.ABSENT: N_("possibly not signed; please check"),
    SignatureLevel.UNKNOWN: N_("the signature box could not be located; please check yourself"),
}
SHARPNESS_REASONS = {
    Sharpness.FINE: N_("the scan is sharp enough"),
    Sharpness.LOW: N_("the resolution is low; small print may not be legible"),
    Sharpness.BLURRED: N_("the picture looks blurred; please check that it can be read"),
}
SEAL_NAMES = {
    SealLevel.FOUND: N_("Seal detected"),
    SealLevel.SUSPECTED: N_("Seal suspected"),
    SealLevel.ABSENT: N_("No seal detected"),
    SealLevel.UNKNOWN: N_("Seal cannot be judged"),
}
SIGNATURE_NAMES = {
    SignatureLevel.FOUND: N_("Handwriting seen"),
    SignatureLevel.ABSENT: N_("Possibly not signed"),
    SignatureLevel.UNKNOWN: N_("Signature box not located"),
}
