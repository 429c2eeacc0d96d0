"""A walk through the pages in a real browser, in which axe-core looks at every state of them."""

from playwright.sync_api import Browser

from tests.live.axe import barriers
from tests.live.browser import choose_language
from tests.live.page_house import PageHouse

LOOKS = [("light", "id"), ("dark", "en")]
PC, PHONE = (1366, 768), (390, 844)
_WIDE = """() => [...document.querySelectorAll('main *, dialog[open] *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth)
  .filter((one) => !one.parentElement.closest(".plan__table"))
  .slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join(' … ')"""


class Walk:
    """A person's way through the pages; what stands in the way of somebody is noted, and said at the end."""

    def __init__(self, browser: Browser, house: PageHouse, login: str, look: tuple[str, str], size: tuple[int, int] = PC) -> None:
        theme, language = look
        self.house, self._size = house, size
        self.found: list[str] = []
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme, locale=language)
        self.page = context.new_page()
        self.page.goto(f"{house.address}/login")
        if login:
            self.page.fill("input[name=login]", login)
            self.page.fill("input[name=password]", house.login(login).password)
            self.page.keyboard.press("Enter")
            self.page.wait_for_selector("nav.rail")
            choose_language(self.page, language)
        else:
            self.page.click(f"button[name=language][value={language}]")
            self.page.wait_for_selector(f"html[lang={language}]")

    def look(self, where: str) -> None:
        """Check the page as it is now; on a phone the whole of it, since what lies under a bar at its edge can be scrolled away."""
        width, height = self._size
        if self._size == PHONE:
            self.page.set_viewport_size({"width": width, "height": self.page.evaluate("document.documentElement.scrollHeight")})
        self.found += [f"{where}: {barrier.rule} at {barrier.place}: {barrier.why}" for barrier in barriers(self.page)]
        if not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            self.found.append(f"{where}: runs over the edge: {self.page.evaluate(_WIDE)}")
        self.page.set_viewport_size({"width": width, "height": height})

    def end(self) -> None:
        self.page.context.close()
        assert not self.found, "\n".join(self.found)
