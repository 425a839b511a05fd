"""Times as residents read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def written_moment(moment: datetime, *, english: bool = False) -> str:
    """A time in the local zone: «11月24日18:00», "24 Nov 18:00"."""
    local = moment.astimezone(LOCAL_ZONE)
    if english:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.month}月{local.day}日{local:%H:%M}"


def written_day(moment: datetime, *, english: bool = False) -> str:
    """A day in the local zone: «11月24日», "24 Nov"."""
    local = moment.astimezone(LOCAL_ZONE)
    return f"{local.day} {local:%b}" if english else f"{local.month}月{local.day}日"
