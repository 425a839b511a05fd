"""Takes photos from staff: looked at, turned upright, stripped of place and camera data."""

import io
import warnings
from collections.abc import Iterable

from PIL import Image, ImageOps
from starlette.datastructures import UploadFile

from console.errors import UploadRefused
from console.services import MEGABYTE, ConsoleServices
from petitions.drafts import AttachmentRef

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 2_400
MOST_PIXELS = 50_000_000
QUALITY = 85


def keep_photos(
    services: ConsoleServices, uploads: Iterable[UploadFile]
) -> tuple[AttachmentRef, ...]:
    """Keep the photos of a form; empty file fields are passed over.

    Raises:
        UploadRefused: A file is too large or no photo; none is kept then.
    """
    photos = [clean_photo(_read(services, upload)) for upload in uploads if upload.filename]
    return tuple(_keep(services, photo) for photo in photos)


def _read(services: ConsoleServices, upload: UploadFile) -> bytes:
    content = upload.file.read(services.max_upload_bytes + 1)
    if len(content) > services.max_upload_bytes:
        raise UploadRefused(problem="too_large", megabytes=services.max_upload_bytes // MEGABYTE)
    if not content:
        raise UploadRefused(problem="empty")
    return content


def clean_photo(content: bytes) -> bytes:
    """Make a new JPEG of what is seen; whatever else the file carried is left behind.

    Raises:
        UploadRefused: It can't be read as a photo.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _redrawn(content)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise UploadRefused(problem="not_an_image") from None


def _redrawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UploadRefused(problem="too_large", megabytes=MOST_PIXELS // MEGABYTE)
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = io.BytesIO()
    upright.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    return drawn.getvalue()


def _keep(services: ConsoleServices, photo: bytes) -> AttachmentRef:
    mime = "image/jpeg"
    ref = services.files.keep(photo, mime)
    return AttachmentRef(kind="photo", ref=ref, mime=mime, size_bytes=len(photo))
