"""Instants, money and text, and what null does to them. None is null."""
import datetime
import decimal
import functools
from decimal import Decimal

# Quotients are rounded explicitly; every other operation must be exact.
decimal.setcontext(decimal.Context(prec=120, rounding=decimal.ROUND_HALF_UP))

BEGINNING = datetime.datetime(1970, 1, 1)
END = datetime.datetime(2999, 1, 1)
SCALE = Decimal("0.000001")


@functools.lru_cache(maxsize=1_000_000)
def instant(text):
    """A naive datetime in UTC, of `2026-01-02T03:04:05Z`, `2026-01-02 03:04:05.0` or a day."""
    # The bare word null stands for a blank delete date in published samples.
    if text is None or text == "null":
        return None
    value = datetime.datetime.fromisoformat(text.removesuffix(" UTC"))
    if value.tzinfo:
        value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return value


def written(value):
    """An instant as the queries cast it to text: `2026-01-02 03:04:05.000 UTC`."""
    return value and value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03} UTC"


def midnight(value):
    return value and value.replace(hour=0, minute=0, second=0, microsecond=0)


def number(text):
    """The decimal as written; groups of thousands are read over."""
    return None if text is None else Decimal(text.replace(",", ""))


def money(text):
    """decimal(38,6)."""
    return None if text is None else number(text).quantize(SCALE)


def rounded(value):
    """To cents, half away from zero."""
    return None if value is None else Decimal(value).quantize(Decimal("0.01"))


def quotient(dividend, divisor):
    """Of two decimal(38,6): has six digits itself."""
    return None if dividend is None else (Decimal(dividend) / divisor).quantize(SCALE)


def negative(value):
    return None if value is None else -value


def plus(*values):
    """Null if one of them is."""
    return None if None in values else sum(values)


def joined(*parts):
    """Text; null if one of the parts is."""
    return None if None in parts else "".join(parts)


def first(*values):
    """The first that is not null."""
    return next((value for value in values if value is not None), None)


def greatest(values):
    return max((value for value in values if value is not None), default=None)


def least(values):
    return min((value for value in values if value is not None), default=None)


def differ(one, other):
    """Whether both are known and not the same."""
    return one is not None and other is not None and one != other


def nulls_last(values):
    """A sorting key of a tuple in which any value may be null."""
    return tuple((value is None, value) if value is not None else (True,) for value in values)


def comma_list(parts):
    """Nulls show nothing; a list of nothing, or of the ellipsis alone, is null."""
    shown = [part for part in parts if part is not None]
    text = ",".join(shown)
    return None if not shown or text == "..." else text
