"""The field program: a phone without signal keeps, sends piece by piece, and is replayed."""
