"""The stylesheet of tokens: every ink is readable on its ground, in light, dark and elder mode."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "console" / "static"
TEXT_PAIRS = [
    (ink, ground)
    for ground in ("paper", "card", "sunken")
    for ink in ("ink", "quiet", "link", "link-strong", "good", "warn", "danger")
] + [
    ("good", "good-ground"),
    ("warn", "warn-ground"),
    ("danger", "danger-ground"),
    ("link", "link-ground"),
    ("ink", "link-ground"),
    ("quiet", "link-ground"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]


def blocks() -> dict[str, dict[str, str]]:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    screen = css.split("@media print")[0]
    dark_parts = re.findall(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", screen, re.S)
    light = re.sub(r"@media \(prefers-color-scheme: dark\) \{.*?\n\}", "", screen, flags=re.S)
    root, elder = tokens(light, ":root {"), tokens(light, ":root[data-elder] {")
    dark = root | tokens(dark_parts[0], ":root {")
    return {
        "light": root,
        "dark": dark,
        "elder": root | elder,
        "elder dark": dark | elder | tokens(dark_parts[1], ":root[data-elder] {"),
    }


def tokens(css: str, selector: str) -> dict[str, str]:
    body = css.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6});", body))


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark", "elder", "elder dark"])
def test_every_ink_is_readable_on_its_ground(mode: str) -> None:
    colours = blocks()[mode]
    least = 7.0 if mode.startswith("elder") else 4.5
    poor = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground in TEXT_PAIRS
        if contrast(colours[ink], colours[ground]) < least
    }
    assert poor == {}


@pytest.mark.parametrize("mode", ["light", "dark", "elder", "elder dark"])
def test_edges_of_controls_and_the_focus_can_be_seen(mode: str) -> None:
    colours = blocks()[mode]
    for sign in ("control-line", "focus", "mark"):
        for ground in ("paper", "card"):
            assert contrast(colours[sign], colours[ground]) >= 3, (sign, ground)


def test_colours_stand_in_the_tokens_only() -> None:
    for sheet in STATIC.glob("*.css"):
        if sheet.name != "tokens.css":
            css = sheet.read_text(encoding="utf-8")
            assert not re.search(r"#[0-9A-Fa-f]{3,8}\b|rgb\(", css), sheet.name


def test_every_token_that_is_used_exists() -> None:
    known = set(re.findall(r"--([\w-]+):", (STATIC / "tokens.css").read_text(encoding="utf-8")))
    for sheet in STATIC.glob("*.css"):
        css = sheet.read_text(encoding="utf-8")
        own = set(re.findall(r"--([\w-]+):", css))
        assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= known | own, sheet.name
