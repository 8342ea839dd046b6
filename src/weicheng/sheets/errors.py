"""What can be wrong with a file as a whole: a code and parameters; callers put it into words."""

from __future__ import annotations

CODES = {
    "empty": "the file holds no bytes or no filled cell",
    "unsupported": "neither xlsx, xls, ods, csv, txt, html nor docx (param: kind)",
    "broken": "the file cannot be read as what it says it is (param: detail)",
    "password": "the file is protected by a password",
    "too_large": "the packed file is larger than allowed (params: size, limit; bytes)",
    "bomb": "unpacked it would be far larger than it looks (param: why)",
    "entities": "its XML declares entities (param: member)",
    "too_many_rows": "more rows than allowed (params: rows, limit)",
    "too_many_cells": "rows times columns is more than allowed (params: rows, columns, limit)",
    "encoding": "its text is in no known encoding",
    "no_header": "no row looks like the head of the wanted table (param: missing)",
}


class SheetError(Exception):
    """A file that cannot be taken. `code` is one of CODES, `params` fill its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        if code not in CODES:
            raise ValueError(code)
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}"
