"""Keeps photos, voice and documents on disk, after a look at what they really are.

A file is taken for what its bytes say, never for its name; photos are written anew, which drops
everything but the picture (EXIF tells where somebody lives). Names on disk are random.
"""

import io
import os
import secrets
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from bot.messages import Attachment, AttachmentKind

MOST_PIXELS = 60_000_000
JPEG_QUALITY = 88
PHOTO_FORMATS = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}
"""Formats a photo is kept in; WebP and GIF are turned into the first."""
KINDS_BY_MIME = {
    "image/jpeg": AttachmentKind.PHOTO,
    "image/png": AttachmentKind.PHOTO,
    "image/webp": AttachmentKind.PHOTO,
    "image/gif": AttachmentKind.PHOTO,
    "audio/ogg": AttachmentKind.VOICE,
    "audio/opus": AttachmentKind.VOICE,
    "audio/mpeg": AttachmentKind.VOICE,
    "audio/mp4": AttachmentKind.VOICE,
    "audio/m4a": AttachmentKind.VOICE,
    "audio/amr": AttachmentKind.VOICE,
    "audio/wav": AttachmentKind.VOICE,
    "audio/x-wav": AttachmentKind.VOICE,
    "audio/webm": AttachmentKind.VOICE,
    "video/mp4": AttachmentKind.VIDEO,
    "video/quicktime": AttachmentKind.VIDEO,
    "video/webm": AttachmentKind.VIDEO,
    "video/3gpp": AttachmentKind.VIDEO,
    "application/pdf": AttachmentKind.DOCUMENT,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        AttachmentKind.DOCUMENT
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": AttachmentKind.DOCUMENT,
}
"""What is taken, by what the bytes say it is; nothing that a browser would run."""


class AttachmentRefused(Exception):
    """The content can't be taken; ``problem`` names the sentence that says why."""

    def __init__(self, problem: str) -> None:
        """``problem`` is "too_large", "unknown_type", "broken_image" or "empty_file"."""
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, kw_only=True)
class Content:
    """Bytes ready to be kept."""

    data: bytes
    mime: str
    extension: str
    kind: AttachmentKind


class AttachmentStore:
    """A folder of attachments, found again by ``ref``.

    Args:
        folder: Where to keep them; made when the first one comes.
        max_bytes: Largest content that is taken.
    """

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        if max_bytes < 1:
            raise ValueError("max_bytes must be at least 1")
        self._folder = folder
        self.max_bytes = max_bytes

    def keep(self, data: bytes, *, name: str | None = None) -> Attachment:
        """Check ``data`` and keep it.

        Raises:
            AttachmentRefused: It is empty, too large, broken or of no kind that we take.
        """
        content = checked(data, max_bytes=self.max_bytes)
        ref = self._write(content)
        return Attachment(
            kind=content.kind,
            ref=ref,
            mime=content.mime,
            size_bytes=len(content.data),
            name=Path(name).name[:100] if name else None,
        )

    def path_of(self, ref: str) -> Path | None:
        """The file that ``ref`` names, or None; never a file outside of the folder."""
        path = (self._folder / ref).resolve()
        inside = path.is_relative_to(self._folder.resolve())
        return path if inside and path.is_file() else None

    def forget(self, ref: str) -> None:
        """Delete what ``ref`` names; nothing happens when it is gone."""
        path = self.path_of(ref)
        if path:
            path.unlink(missing_ok=True)

    def _write(self, content: Content) -> str:
        ref = f"{secrets.token_hex(1)}/{secrets.token_hex(16)}.{content.extension}"
        path = self._folder / ref
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content.data)
        os.replace(file.name, path)
        return ref


def checked(data: bytes, *, max_bytes: int) -> Content:
    """What ``data`` is, cleaned.

    Raises:
        AttachmentRefused: See :meth:`AttachmentStore.keep`.
    """
    if not data:
        raise AttachmentRefused("empty_file")
    if len(data) > max_bytes:
        raise AttachmentRefused("too_large")
    found = filetype.guess(data)
    kind = KINDS_BY_MIME.get(found.mime) if found else None
    if found is None or kind is None:
        raise AttachmentRefused("unknown_type")
    if kind is AttachmentKind.PHOTO:
        return _clean_photo(data)
    return Content(data=data, mime=found.mime, extension=found.extension, kind=kind)


def _clean_photo(data: bytes) -> Content:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _rewritten(data)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise AttachmentRefused("broken_image") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise AttachmentRefused("too_large") from error


def _rewritten(data: bytes) -> Content:
    with Image.open(io.BytesIO(data)) as image:
        if image.width * image.height > MOST_PIXELS:
            raise AttachmentRefused("too_large")
        form = image.format if image.format in PHOTO_FORMATS else "JPEG"
        upright = ImageOps.exif_transpose(image)
        picture = upright if form == "PNG" else upright.convert("RGB")
        bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
        if picture.mode == "P":
            bare = picture.convert("RGBA")
    kept = io.BytesIO()
    bare.info = {}
    bare.save(kept, format=form, quality=JPEG_QUALITY)
    extension, mime = PHOTO_FORMATS[form]
    return Content(data=kept.getvalue(), mime=mime, extension=extension, kind=AttachmentKind.PHOTO)
