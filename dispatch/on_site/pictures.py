"""Takes what claims to be a picture apart and makes one of our own: upright, of a sensible size, and of nothing else.

What is stored is drawn anew from the pixels: position, time and device that a camera writes into its files are gone,
and so is whatever somebody hid behind or inside the file.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import NewType

from PIL import Image, ImageOps, UnidentifiedImageError

from dispatch.errors import InvalidInput

LARGEST_FILE = 12_000_000
"""Bytes that may be sent; what is stored is far smaller."""
LARGEST_SIDE = 2_000
SMALL_SIDE = 320
MOST_PIXELS = 60_000_000
"""More is refused before it is unpacked: a small file can hold a picture that fills the memory."""
FORMATS = ("JPEG", "PNG", "WEBP")
NOT_ONE = "This is not a picture that can be kept. Send a JPEG, PNG or WebP file; the content decides, not the name."


CleanPicture = NewType("CleanPicture", bytes)
"""One of our own, which can be kept."""


def clean_picture(data: bytes) -> CleanPicture:
    """The picture as a JPEG without anything but its pixels, at most 2,000 on its longer side.

    It takes seconds: before a transaction that writes, so that nobody waits for it. Raises InvalidInput (no picture, or
    too large).
    """
    if len(data) > LARGEST_FILE:
        raise InvalidInput([f"The picture has {len(data):,} bytes; send one of at most {LARGEST_FILE:,}."])
    return CleanPicture(_write(_open(data), LARGEST_SIDE, quality=82))


def make_small(data: bytes) -> bytes:
    """A thumbnail of a picture that was stored."""
    return _write(_open(data), SMALL_SIDE, quality=75)


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise InvalidInput(
                    [f"The picture has {picture.width:,} by {picture.height:,} pixels; send a smaller one."]
                )
            picture.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            return ImageOps.exif_transpose(picture)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise InvalidInput([NOT_ONE]) from error


def _write(picture: Image.Image, side: int, quality: int) -> bytes:
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    if picture.mode != "RGB":  # what is transparent becomes white, not black
        whole = picture.convert("RGBA")
        picture = Image.new("RGB", whole.size, "white")
        picture.paste(whole, mask=whole.getchannel("A"))
    pixels = Image.new("RGB", picture.size)
    pixels.paste(picture)  # a new picture has none of the old one's metadata
    out = BytesIO()
    pixels.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
