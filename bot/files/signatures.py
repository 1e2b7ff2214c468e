"""What a file is, by its first bytes; neither its name nor what the sender says of it counts.

A list of our own, of exactly what is taken: a general one also knows signatures of two bytes, which anything may have.
"""

from bot.files import model
from bot.files.model import FileRefused, Kind

HEAD_BYTES = 4_096

_STARTS = (
    (b"\xff\xd8\xff", model.JPEG),
    (b"\x89PNG\r\n\x1a\n", model.PNG),
    (b"GIF87a", model.GIF),
    (b"GIF89a", model.GIF),
    (b"#!AMR", model.AMR),
    (b"%PDF-", model.PDF),
    (b"PK\x03\x04", model.OFFICE),
)
_RIFF = {b"WEBP": model.WEBP, b"WAVE": model.WAV}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EBML = b"\x1a\x45\xdf\xa3"
_OGG_CODECS = (b"OpusHead", b"\x01vorbis", b"Speex   ")
_OGG_PACKET = 28  # where the first packet begins: a page header of 27 bytes and one of its lengths (RFC 3533)

# Brands of ISO base media files (ISO/IEC 14496-12, register at mp4ra.org): the first names the kind.
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), model.HEIC),
    **dict.fromkeys((b"M4A ", b"M4B "), model.M4A),
    **dict.fromkeys((b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"mmp4", b"dash"), model.MP4),
    b"qt  ": model.MOV,
}
_BRAND_FAMILIES = {b"iso": model.MP4, b"3gp": model.THREE_GP, b"3g2": model.THREE_GP}


def recognise(head: bytes) -> Kind:
    """Return what a file is from its first HEAD_BYTES; raise FileRefused for what is not taken."""
    if head.startswith(_OLE):
        raise FileRefused("files.old_office")
    kind = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    kind = kind or _container(head) or _sound(head)
    if kind is None:
        raise FileRefused("files.not_taken")
    return kind


def _container(head: bytes) -> Kind | None:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:4] == _EBML:
        return model.WEBM if b"\x42\x82\x84webm" in head[:64] else None
    if head[:4] == b"OggS":
        return model.OGG if head[_OGG_PACKET:].startswith(_OGG_CODECS) else None
    return None


def _by_brand(head: bytes) -> Kind | None:
    brand = head[8:12]
    if brand in (b"mif1", b"msf1"):  # says only "a picture": how it is coded, the others tell
        others = head[16 : int.from_bytes(head[:4], "big")]
        return model.HEIC if any(code in others for code in (b"heic", b"heix")) else None
    return _BRANDS.get(brand) or _BRAND_FAMILIES.get(brand[:3])


def _sound(head: bytes) -> Kind | None:
    """Return what a stream of bare frames is; two in a row must fit, for one begins with too little to be sure."""
    at = 0
    if head[:3] == b"ID3":
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
        if at >= len(head):  # the tag is longer than what we look at: a cover picture
            return model.MP3
    for kind, length in ((model.MP3, _mp3_frame), (model.AAC, _aac_frame)):
        first = length(head[at : at + 7])
        if first and length(head[at + first : at + first + 7]):
            return kind
    return None


_MP3_BITRATES = (  # kbit/s by index, layer III: version 1, then versions 2 and 2.5 (ISO/IEC 11172-3, 13818-3)
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
)
_MP3_RATES = (44_100, 48_000, 32_000)


def _mp3_frame(header: bytes) -> int:
    """Return the length of the MPEG layer III frame that begins here, 0 when none does."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate = header[1] >> 3 & 3, header[2] >> 2 & 3
    if version == 1 or rate == 3:
        return 0
    is_first = version == 3
    bits = _MP3_BITRATES[0 if is_first else 1][header[2] >> 4] * 1_000
    hertz = _MP3_RATES[rate] >> (3 - version if version else 2)
    return (144 if is_first else 72) * bits // hertz + (header[2] >> 1 & 1) if bits else 0


def _aac_frame(header: bytes) -> int:
    """Return the length of the ADTS frame that begins here (ISO/IEC 13818-7), 0 when none does."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0
