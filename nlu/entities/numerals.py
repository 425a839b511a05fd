"""Chinese and Arabic numbers as residents write them."""

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
MYRIAD = "万"

HAN_NUMBER = "[零〇一二两三四五六七八九十百千]"


def parse_number(text: str) -> int | None:
    """The whole number that ``text`` writes ("3", "十二", "二〇三"), or None."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text)) if text else None
    return _parse_spoken(text)


def parse_amount(text: str) -> float | None:
    """The value of a spoken or written sum: "三万六" 36000, "1.2万" 12000, "两块五" is not one."""
    head, myriad, tail = text.partition(MYRIAD)
    if not myriad:
        return _parse_small(text)
    high, low = _parse_small(head), _parse_small(tail) if tail else 0.0
    if high is None or low is None:
        return None
    # «三万六» leaves the unit of its last digit unsaid: a thousand.
    return high * 10_000 + (low * 1000 if tail and low < 10 else low)


def _parse_small(text: str) -> float | None:
    try:
        return float(text) if text.isascii() else _parse_trailing(text)
    except ValueError:
        return None


def _parse_trailing(text: str) -> float | None:
    value = _parse_spoken(text)
    if value is None or len(text) < 3 or text[-1] not in DIGITS or text[-2] not in UNITS:
        return value
    # «一百二» is 120 and «一千八» 1800; «二十三» and «一百零二» say what they mean.
    unit = UNITS[text[-2]]
    return value if unit == 10 else value + DIGITS[text[-1]] * (unit // 10 - 1)


def _parse_spoken(text: str) -> int | None:
    total, digit = 0, 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            return None
    return total + digit if text else None
