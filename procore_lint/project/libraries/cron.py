"""Cron expressions: how many seconds lie between two runs, as far as minutes and hours say."""

from __future__ import annotations

from collections.abc import Mapping

from procore_lint.values import Number, Text, Value, members

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def period(fields: Mapping[str, str]) -> float:
    """Seconds between two runs of `minute` and `hour` fields; a field that is not named means every one.

    A name of APScheduler's trigger means the same, but for finer fields: `hour=3` alone is once a day.
    """
    hour, minute = fields.get("hour", ""), fields.get("minute", "")
    if any(fields.get(name, "*").strip() not in ("*", "") for name in ("day", "day_of_month", "day_of_week")):
        return DAY
    if hour.strip() not in ("", "*"):
        return max(_step(hour, HOUR, 24), HOUR if minute else 0.0)
    return _step(minute, MINUTE, 60) if minute.strip() else MINUTE


def fields(kwargs: dict[str, Value]) -> dict[str, str]:
    """The fields of a cron trigger as they are written."""
    found = {}
    for name, value in kwargs.items():
        for member in members(value):
            if isinstance(member, Number):
                found[name] = f"{member.value:g}"
            elif isinstance(member, Text) and member.plain is not None:
                found[name] = member.plain
    return found


def of_line(line: str) -> float | None:
    """The period of a line such as `*/80 * * * *`, or of a name such as `@hourly`."""
    named = {"@hourly": HOUR, "@daily": DAY, "@midnight": DAY, "@weekly": 7 * DAY}
    parts = line.split()
    if len(parts) == 1:
        return named.get(parts[0])
    if len(parts) != 5:
        return None
    return period(dict(zip(("minute", "hour", "day", "month", "day_of_week"), parts, strict=True)))


def _step(field: str, unit: float, whole: int) -> float:
    """`*/n` is n units, a list as many runs as it names, one number once in the whole."""
    every, _, count = field.strip().partition("/")
    if count.isdigit() and int(count):
        return int(count) * unit
    if every.strip() in ("*", ""):
        return unit
    return whole * unit / len(every.split(","))
