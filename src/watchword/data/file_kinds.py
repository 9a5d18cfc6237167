"""What a file is that could not be read as a picture, and what to do about it."""

import importlib
import importlib.util

JPEG = b"\xff\xd8\xff"

# Brands of HEIC pictures in the ISO base media container, and the package that adds them to Pillow.
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_PACKAGE, _MODULE = "pillow-heif", "pillow_heif"

# The first bytes of what people most often have in place of a picture.
_KINDS = {
    JPEG: "it begins as a JPEG, but its header is damaged; copy it again from where it came from",
    b"\x89PNG": "it begins as a PNG, but its header is damaged; copy it again from where it came from",
    b"<!DOCTYPE": "it is a web page; perhaps a download that failed",
    b"<html": "it is a web page; perhaps a download that failed",
    b"<svg": "it is an SVG drawing; save it as PNG",
    b"<?xml": "it is an XML document or SVG drawing; save a drawing as PNG",
    b"%PDF": "it is a PDF document; save its pages as PNG",
    b"%!PS": "it is a PostScript document; save its pages as PNG",
    b"PK\x03\x04": "it is a ZIP archive; unpack it first",
    b"\x1f\x8b": "it is a gzip archive; unpack it first",
    b"8BPS": "it is a Photoshop document; save it as PNG or JPEG",
    b"\xff\x0a": "it is a JPEG XL picture; save it as PNG or JPEG",
    b"version https://git-lfs": "it is a pointer to a file that Git LFS holds; run git lfs pull",
}


def register_plugin(head: bytes) -> bool:
    """Add the Pillow plugin for HEIC, if a file with these first bytes needs it; tell whether that was done."""
    if head[4:8] != b"ftyp" or head[8:12] not in _HEIC:
        return False
    try:
        importlib.import_module(_MODULE).register_heif_opener()
    except ImportError:
        return False
    return True


def describe_kind(head: bytes) -> str:
    """Say what a file that begins with `head` seems to be and what its owner can do."""
    if head[4:8] == b"ftyp":
        return _describe_container(head[8:12])
    for first, meaning in _KINDS.items():
        if head.lower().startswith(first.lower()):
            return meaning
    if not head.strip(b"\0"):
        return "it is filled with zeros, as after a copy that was cut off; copy it again from where it came from"
    start = head[:8].hex(" ")
    return f"no known format begins with the bytes {start}; allowed are JPEG, PNG, WebP, GIF, TIFF, BMP and the like"


def _describe_container(brand: bytes) -> str:
    """Say what an ISO base media file of this brand is."""
    if brand in (b"avif", b"avis"):
        return "it is an AVIF picture: damaged, or too new for this Pillow; try: pip install --upgrade pillow"
    if brand not in _HEIC:
        return "it is a video or a sound (an MP4 container); give pictures, or, for clips, names in .mp4"
    if importlib.util.find_spec(_MODULE) is None:
        return f"it is a HEIC picture, for which a plugin is needed; run: pip install {_PACKAGE}"
    return "it is a HEIC picture, but a damaged one; copy it again from where it came from"
