"""What the page frame itself needs in every template: menu, size, language, who is signed in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from weicheng import __version__
from weicheng.frame import navigation

SIZES: dict[str, Promise] = {"standard": _("标准"), "large": _("大"), "elder": _("长辈版")}
SIZE_COOKIE = "weicheng_size"
#: Modules of rooms that every page with the frame loads: static names, added in AppConfig.ready().
SCRIPTS: list[str] = []


class Frame:
    """Read lazily by the templates, so a page without the rail pays nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = getattr(request, "user", None)
        self.version = __version__
        self.sizes = list(SIZES.items())
        self.languages = settings.LANGUAGES
        self.place = settings.INSTALLATION_NAME
        self.scripts = SCRIPTS

    @property
    def size(self) -> str:
        """standard, large or elder."""
        chosen = self.request.COOKIES.get(SIZE_COOKIE, "")
        return chosen if chosen in SIZES else "standard"

    @property
    def language_key(self) -> str:
        """The key of the language in settings.LANGUAGES."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def language(self) -> str:
        """The value of the lang attribute."""
        return "zh-CN" if self.language_key == "zh-hans" else self.language_key

    @cached_property
    def pairs(self) -> list[tuple[navigation.Item, navigation.Shown]]:
        """The menu as this user may see it; nothing for the signed-out."""
        if self.user is None or not self.user.is_authenticated:
            return []
        return list(navigation.shown(self.user, self.request.path))

    @property
    def rail(self) -> list[navigation.Group]:
        """The groups of the rail."""
        return navigation.rail(self.pairs)

    @property
    def phone(self) -> list[navigation.Shown]:
        """The entries of the phone's bar."""
        return navigation.phone_bar(self.pairs)

    @property
    def all_pages(self) -> list[navigation.Shown]:
        """Every page of the menu, for 我的 on a phone."""
        return [entry for item, entry in self.pairs if item.key != "me"]

    @property
    def home(self) -> str:
        """The page this role opens first."""
        return navigation.home(self.user) if self.pairs else "/"

    @property
    def idle(self) -> int:
        """Seconds after which this session ends when nothing happens; 0 when signed out."""
        return int(getattr(self.request, "idle_seconds", 0))

    @property
    def search(self) -> str:
        """The search page, if this user may search."""
        return self._page("command:search")

    @property
    def report(self) -> str:
        """The page of ＋上报, if this user may report."""
        return self._page("problems:new")

    @cached_property
    def bell(self) -> dict[str, Any] | None:
        """The page of messages and how many wait, if there is one."""
        url = self._page("notices:bell")
        counter = navigation.COUNTERS.get("messages")
        return {"url": url, "count": counter(self.user) if counter else None} if url else None

    @property
    def me(self) -> str:
        """The user's own page."""
        return self._page("people:me")

    @property
    def look(self) -> str:
        """Where size and language are set."""
        return reverse("frame:look")

    @property
    def complaints(self) -> str:
        """The page for complaints and advice, open to everybody, if there is one."""
        try:
            return reverse("complaints:new")
        except NoReverseMatch:
            return ""

    @cached_property
    def name(self) -> str:
        """The signed-in person's name, else the account's."""
        if self.user is None or not self.user.is_authenticated:
            return ""
        return str(getattr(self.user, "person", None) or self.user)

    @property
    def role(self) -> str:
        """The role in the field's words."""
        words = getattr(self.user, "get_role_display", None)
        return str(words()) if words else ""

    def _page(self, url_name: str) -> str:
        if self.user is None or not self.user.is_authenticated:
            return ""
        return navigation.address(url_name, self.user)


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Template context: `frame`."""
    return {"frame": Frame(request)}
