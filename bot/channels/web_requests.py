"""Reads what a browser sends: fields, one file at most, nothing larger than we take."""

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

BESIDE_THE_FILE_BYTES = 1024 * 1024
"""How much the other fields of a form may take: longer texts than we take get a kind word."""
MOST_DRAINED_BYTES = 64 * 1024 * 1024
LONGEST_FIELD = 200


class RequestTooLarge(Exception):
    """The request holds more than we take."""


@dataclass(frozen=True, kw_only=True)
class SentForm:
    """One form of the chat.

    Attributes:
        client_id: Made with the form; the same again is the same message.
        upload: The bytes of the photo or voice and its name; None when there is none.
        is_voice: The upload was recorded here; its bytes look like those of a video.
    """

    csrf: str
    client_id: str
    text: str
    choice: str | None
    latitude: float | None
    longitude: float | None
    upload: tuple[bytes, str | None] | None
    is_voice: bool = False


async def read_form(request: Request, *, max_upload_bytes: int) -> FormData:
    """The fields of a form.

    Raises:
        RequestTooLarge: It is longer than we take; the rest of it was thrown away, so that the
            browser gets to read our answer.
    """
    if _announced(request) > max_upload_bytes + BESIDE_THE_FILE_BYTES:
        await _drain(request)
        raise RequestTooLarge
    try:
        return await request.form(max_files=1, max_fields=20, max_part_size=BESIDE_THE_FILE_BYTES)
    except (MultiPartException, HTTPException) as error:
        raise RequestTooLarge from error


async def read_chat_form(request: Request, *, max_upload_bytes: int) -> SentForm:
    """What was typed, tapped or enclosed. Raises RequestTooLarge."""
    form = await read_form(request, max_upload_bytes=max_upload_bytes)
    return SentForm(
        csrf=field(form, "csrf"),
        client_id=field(form, "client_id"),
        text=words(form, "text"),
        choice=field(form, "choice") or None,
        latitude=_degrees(field(form, "latitude"), 90),
        longitude=_degrees(field(form, "longitude"), 180),
        upload=await _upload(form, max_upload_bytes),
        is_voice=_is_voice(form),
    )


def field(form: FormData, name: str) -> str:
    """A short field, or nothing."""
    return words(form, name)[:LONGEST_FIELD].strip()


def words(form: FormData, name: str) -> str:
    """A field of any length, or nothing; NUL never comes through."""
    value = form.get(name)
    return value.replace("\x00", "").replace("\r\n", "\n") if isinstance(value, str) else ""


def _announced(request: Request) -> int:
    """How long the request says it is; one that does not say counts as endless."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit():
        return int(length)
    return MOST_DRAINED_BYTES if "transfer-encoding" in request.headers else 0


async def _drain(request: Request) -> None:
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > MOST_DRAINED_BYTES:
            return


def _degrees(written: str, most: float) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return value if -most <= value <= most else None


def _is_voice(form: FormData) -> bool:
    file = form.get("photo")
    return isinstance(file, UploadFile) and (file.content_type or "").startswith("audio/")


async def _upload(form: FormData, max_upload_bytes: int) -> tuple[bytes, str | None] | None:
    file = form.get("photo")
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        return None
    content = await file.read(max_upload_bytes + 1)
    return (content, file.filename) if content or file.filename else None
