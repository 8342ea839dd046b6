"""Chinese numerals: 三 → 3, 十二 → 12, 两百三十 → 230, 二〇二六 → 2026, 半 → 0.5."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "○": 0, "两": 2}
_DIGITS |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)) | {"俩": 2, "仨": 3}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "拾": 10, "佰": 100, "仟": 1000}
SIGNS = "".join([*_DIGITS, *_TENS])
"""Every sign a numeral may be made of, for character classes."""


def chinese_number(text: str) -> Decimal | None:
    """The number that the numeral says, else None."""
    if text == "半":
        return Decimal("0.5")
    if not text or any(sign not in SIGNS for sign in text):
        return None
    if all(sign in _DIGITS for sign in text):
        return Decimal("".join(str(_DIGITS[sign]) for sign in text))
    total = section = 0
    digit: int | None = None
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            continue
        scale = _TENS[sign]
        if scale == 10_000:
            total, section = (total + section + (digit or 0)) * scale, 0
        else:
            section += (1 if digit is None else digit) * scale
        digit = None
    return Decimal(total + section + (digit or 0))
