"""Files are taken for what they are, cleaned, and found again only where they may be."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.attachments import AttachmentRefused, AttachmentStore
from bot.messages import AttachmentKind

ORIENTATION, GPS = 0x0112, 0x8825


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path / "uploads", max_bytes=200_000)


def jpeg(*, orientation: int = 6) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    content = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(content, format="JPEG", exif=exif)
    return content.getvalue()


def test_a_photo_loses_everything_but_the_picture(store: AttachmentStore) -> None:
    kept = store.keep(jpeg(), name="../../我家.jpg")
    path = store.path_of(kept.ref or "")
    assert path is not None
    with Image.open(path) as image:
        assert not dict(image.getexif())
        assert image.size == (20, 40)  # turned as the camera meant it
    assert (kept.kind, kept.mime, kept.name) == (AttachmentKind.PHOTO, "image/jpeg", "我家.jpg")


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
def test_the_usual_formats_are_taken(store: AttachmentStore, form: str, mode: str) -> None:
    content = io.BytesIO()
    Image.new("RGB", (16, 16), "green").convert(mode).save(content, format=form)
    assert store.keep(content.getvalue()).kind is AttachmentKind.PHOTO


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty_file"),
        (b"\xff\xd8\xff\xe0 not really", "broken_image"),
        (b"<html><script>alert(1)</script>", "unknown_type"),
        (b"MZ\x90\x00 program", "unknown_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unknown_type"),
        (b"x" * 200_001, "too_large"),
    ],
)
def test_what_can_not_be_taken_says_why(
    store: AttachmentStore, content: bytes, problem: str
) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        store.keep(content)
    assert refused.value.problem == problem


def test_a_picture_of_endless_size_is_refused_before_it_is_unpacked(
    store: AttachmentStore,
) -> None:
    content = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(content, format="PNG")
    with pytest.raises(AttachmentRefused) as refused:
        AttachmentStore(Path("unused"), max_bytes=10_000_000).keep(content.getvalue())
    assert refused.value.problem == "too_large"


def test_a_voice_is_kept_as_it_is(store: AttachmentStore) -> None:
    voice = b"OggS\x00\x02" + b"\x00" * 22 + b"OpusHead" + b"\x00" * 40
    kept = store.keep(voice)
    path = store.path_of(kept.ref or "")
    assert kept.kind is AttachmentKind.VOICE
    assert path is not None
    assert path.read_bytes() == voice


@pytest.mark.parametrize(
    "ref", ["../chat.db", "/etc/passwd", "ab/../../x", "", "ab", "no/such.png"]
)
def test_nothing_outside_of_the_folder_is_found(store: AttachmentStore, ref: str) -> None:
    store.keep(jpeg())
    assert store.path_of(ref) is None


def test_a_file_can_be_forgotten(store: AttachmentStore) -> None:
    ref = store.keep(jpeg()).ref or ""
    store.forget(ref)
    store.forget(ref)
    assert store.path_of(ref) is None
