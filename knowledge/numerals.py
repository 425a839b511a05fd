"""Chinese and Arabic numerals up to 9999, as articles are counted with them."""

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
UNITS = {"十": 10, "百": 100, "千": 1000}


def read_numeral(words: str) -> int:
    """The number that ``words`` write: «一千二百五十七», «二〇二四», «12».

    Raises:
        ValueError: ``words`` hold something that is not a numeral.
    """
    if words.isdecimal():
        return int(words)
    if not words or any(sign not in DIGITS and sign not in UNITS for sign in words):
        raise ValueError(f"not a numeral: {words!r}")
    if not any(sign in UNITS for sign in words):
        return int("".join(str(DIGITS[sign]) for sign in words))
    return _read_with_units(words)


def write_numeral(number: int) -> str:
    """``number`` (1 to 9999) as articles write it: 1257 → «一千二百五十七»."""
    written = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += "零一二三四五六七八九"[digit] + sign
        elif written and number % unit and not written.endswith("零"):
            written += "零"
    return written.removeprefix("一") if 10 <= number < 20 else written


def _read_with_units(words: str) -> int:
    total, digit = 0, 1
    for sign in words:
        if sign in UNITS:
            total += digit * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + (digit if words[-1] not in UNITS else 0)
