"""Screens of notices: the bell, the digest, the channels."""
