"""The frame of every page: audience, menu, templates, tags, static files, content security policy.

A page: a view under `@audience(...)`, a template that extends `frame/base.html` (blocks title,
phone_title, main_class, page_class, main, styles, scripts, footer), a row in `tests/test_urls.py`
and, if it stands in the menu, an `Item` in `frame.navigation`.
"""
