"""Values of a spreadsheet as they are shown: «600元», «30%», «2025-03-01»."""

import re
from datetime import date, datetime, time

NUMBER_FORMAT = re.compile(
    r'(?P<before>(?:"[^"]*"|\\.|[¥￥$€])*)'
    r"(?P<digits>[#0?,]+(?:\.(?P<decimals>[#0?]+))?)"
    r'(?P<percent>%?)(?P<after>(?:"[^"]*"|\\.|_.|[^;"\\_@\[\]a-zA-Z])*)'
)
"""A number format of one section (ECMA-376, part 1, 18.8.31): signs around the digits."""
LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|(.)')
MOST_WHOLE = 1e15
"""Numbers from which a spreadsheet keeps no single units; formats say nothing there."""


def shown(value: object, number_format: str = "General") -> str:
    """``value`` as a reader of the sheet sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return _number(value, number_format) if isinstance(value, int | float) else str(value)


def _number(value: float, number_format: str) -> str:
    found = NUMBER_FORMAT.fullmatch(number_format.split(";")[0])
    if not abs(value) < MOST_WHOLE:
        return str(value)
    if found is None:
        return _plain(value)
    number = value * 100 if found["percent"] else value
    decimals = found["decimals"]
    digits = _plain(number) if decimals is None else f"{number:.{len(decimals)}f}"
    if not any(sign in found["digits"] for sign in ",.#"):
        # A format of zeros alone writes the leading ones of a code: «00123».
        digits = digits.zfill(len(found["digits"]))
    return _literal(found["before"]) + digits + found["percent"] + _literal(found["after"])


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.12g}"


def _literal(written: str) -> str:
    return "".join(found[1] or found[2] or found[3] or "" for found in LITERAL.finditer(written))
