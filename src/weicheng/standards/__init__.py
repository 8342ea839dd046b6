"""标准: editions, items, indicators, site types, checks and problem kinds, as data."""
