"""Values as people read them: local times, shares, names. Pure."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from petitions.deadlines import LOCAL_ZONE


def local_time(moment: datetime | None) -> str:
    """«11月22日 09:05», with the year when it is another one than now."""
    if moment is None:
        return ""
    local = moment.astimezone(LOCAL_ZONE)
    year = f"{local.year}年" if local.year != datetime.now(LOCAL_ZONE).year else ""
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def local_day(moment: datetime | None) -> str:
    """«2026年11月22日»."""
    if moment is None:
        return ""
    local = moment.astimezone(LOCAL_ZONE)
    return f"{local.year}年{local.month}月{local.day}日"


def machine_time(moment: datetime | None) -> str:
    """For the ``datetime`` attribute."""
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds") if moment else ""


def duration(span: timedelta) -> str:
    """«3 天», «5 小时», «12 分钟»."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)} 天"
    if minutes >= 60:
        return f"{minutes // 60} 小时"
    return f"{max(minutes, 1)} 分钟"


def percent(share: float | None) -> str:
    """«87.5%», or a dash where there is nothing to share."""
    return "—" if share is None else f"{share * 100:.1f}%"


def file_size(size_bytes: int | None) -> str:
    """«120 KB», «3.4 MB»."""
    if size_bytes is None:
        return ""
    if size_bytes < 1024 * 1024:
        return f"{max(1, size_bytes // 1024)} KB"
    return f"{size_bytes / (1024 * 1024):.1f} MB"


def query_string(words: dict[str, str | None]) -> str:
    """«?state=handling&page=2» from what is set, or nothing."""
    chosen = {name: value for name, value in words.items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""
