"""A classroom of real browsers around a real server: every page is watched, heard and checked."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, WebSocket

from mingtang.core.lesson import digest_of
from mingtang.core.patch import apply
from tests.server import ROOT, Server

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
DEVICES = [
    "--use-fake-device-for-media-stream=device-count=3", "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
]  # fmt: skip
STUDIO = (Path(__file__).parent / "studio.js").read_text()
DRAWN = "a camera that is drawn"
SIZES = {"teacher": (1440, 900), "wall": (1920, 1080), "phone": (390, 844), "desk": (1280, 800)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What only who is remote, or the one device that is the room's, ever fetches.
SOUND = re.compile(
    r"AudioContext|AudioDecoder|getUserMedia|getDisplayMedia|new Audio\b|<audio|<video|createElement\(.(audio|video)"
    r"|speechSynthesis"
)
LOCALES = {"en": "en-GB", "zh": "zh-CN"}


def words(lang: str) -> dict[str, Any]:
    """All messages of a language, as the pages have them."""
    found: dict[str, Any] = {}
    for path in (ROOT / "src" / "mingtang").rglob(f"messages.{lang}.json"):
        found |= json.loads(path.read_text())
    return found


class Ear:
    """What the server told one page: its parts, kept as the page itself keeps them."""

    def __init__(self, page: Page) -> None:
        self.parts: dict[str, Any] = {}
        self.mine: dict[str, Any] = {}
        self.you: dict[str, Any] = {}
        self.seq = 0
        self.lines = 0
        self.media: list[WebSocket] = []
        page.on("websocket", self._listen)

    @property
    def media_lines(self) -> int:
        return len(self.media)

    def _listen(self, socket: WebSocket) -> None:
        if "/media/" in socket.url:
            self.media.append(socket)
            return
        self.lines += 1
        socket.on("framereceived", lambda data: self._take(json.loads(data)) if isinstance(data, str) else None)

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "hello":
                self.parts, self.mine, self.you = frame["parts"], frame["mine"], frame["you"]
            case "again":
                self.mine, self.you = frame["mine"], frame["you"]
            case "patch":
                for part, patch in frame["parts"].items():
                    self.parts[part] = apply(self.parts.get(part, {}), patch)
            case "mine":
                self.mine = apply(self.mine, frame["patch"])
            case "part":
                self.parts[frame["part"]] = frame["value"]
        if frame["t"] != "ok":
            self.seq = max(self.seq, frame.get("seq", 0))

    def digest(self) -> str:
        """Of what everybody of the role sees alike."""
        return digest_of({p: v for p, v in self.parts.items() if "/" not in p})


def scripts(person: Person) -> Callable[[], dict[str, str]]:
    """Gives, when asked, every script that the page has fetched until then, by its address."""
    seen: dict[str, None] = {}

    def note(request: Request) -> None:
        if request.resource_type == "script":
            seen[request.url] = None

    person.page.on("request", note)
    return lambda: {url: person.context.request.get(url).text() for url in seen}


class Person:
    """One page of one person. `troubles` gathers what must not happen: script errors, failed requests."""

    def __init__(self, classroom: Classroom, name: str, size: str, scheme: str) -> None:
        width, height = SIZES[size]
        self.name = name
        self.scheme = "dark" if scheme == "dark" else "light"
        self.classroom = classroom
        self.context = classroom.browser.new_context(
            viewport={"width": width, "height": height},
            locale=LOCALES[classroom.lang],
            color_scheme="dark" if scheme == "dark" else "light",
            has_touch=size == "phone",
            is_mobile=size == "phone",
        )
        if classroom.script:
            self.context.add_init_script(classroom.script)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.ear = Ear(self.page)
        self.troubles: list[str] = []
        self.expects_cuts = False
        self.is_drawn = False  # its camera is a canvas of the studio
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.page.on("requestfailed", self._on_failed)
        self.page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text == DRAWN:
            self.is_drawn = True
            return
        if self.is_drawn and "garbage collected without being closed" in message.text:
            return  # the browser's own, when it hands the stream of a canvas to a worker; of ours worker.test.ts knows
        if message.type in {"error", "warning"} and not (self.expects_cuts and "net::" in message.text):
            self.troubles.append(f"console: {message.text}")

    def _on_failed(self, request: Request) -> None:
        if not self.expects_cuts and request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request failed: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and not self.expects_cuts:
            self.troubles.append(f"{response.status} {response.url}")

    # Finding and pressing, in the words of the language

    def say(self, key: str, **params: Any) -> str:
        return self.classroom.say(key, **params)

    def press(self, key: str, **params: Any) -> None:
        """The button that says this."""
        self.button(key, **params).first.click()

    def button(self, key: str, **params: Any) -> Any:
        return self.page.get_by_role("button", name=self.say(key, **params))

    def sees(self, key: str, **params: Any) -> None:
        self.page.get_by_text(self.say(key, **params)).first.wait_for()

    def choose(self, place: int) -> None:
        """The option at this place, once it can be chosen."""
        self.page.locator("input[type=radio]:enabled").nth(place).check(force=True)

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def until(self, expression: str, arg: Any = None) -> None:
        self.page.wait_for_function(expression, arg=arg)

    def hears(self, what: Any) -> None:
        """Waits until the server has told this page something."""
        for _ in range(1200):
            if what(self.ear):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"{self.name} never heard it; last: {json.dumps(self.ear.parts)[:1500]}")

    def used(self) -> set[str]:
        """What of voice and picture this page of a studio has touched."""
        return set(self.page.evaluate("window.__used"))

    def join(self, name: str, seat: str, by_keyboard: bool = False) -> None:
        self.page.goto(f"{self.classroom.server.url}/j/{self.classroom.code}")
        field = self.page.get_by_label(self.say("join.name"))
        field.wait_for()
        if by_keyboard:
            self._join_by_keyboard(name, seat)
        else:
            field.fill(name)
            self.page.get_by_role("radio", name=self.say(f"join.{'in_room' if seat == 'room' else 'remote'}")).check(
                force=True
            )
            self.press("join.go")
        self.hears(lambda ear: ear.you.get("name") == name and ear.you["seat"] == seat)

    def _join_by_keyboard(self, name: str, seat: str) -> None:
        self.tab_to("e => e.matches('input[autocomplete=name]')")
        self.page.keyboard.type(name)
        self.tab_to("e => e.type === 'radio'")
        if seat == "remote":
            self.key("ArrowRight")
        self.key("Enter")

    def tab_to(self, wanted: str, most: int = 60) -> None:
        """Presses Tab until what has the focus is wanted: a JavaScript test of the element."""
        for _ in range(most):
            if self.page.evaluate(f"() => {{ const e = document.activeElement; return !!e && ({wanted})(e) }}"):
                return
            self.key("Tab")
        raise AssertionError(f"{self.name} cannot reach it by Tab: {wanted}")

    # What must hold on every screen in every state

    def check(self, state: str) -> None:
        # To the end of the page: what lies half under the bar at the bottom can be scrolled clear of it.
        self.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found = self.page.evaluate(f"() => {{ {self.classroom.axe} }}") if not self._has_axe() else None
            assert found is None
            options = {"runOnly": RULES, "resultTypes": ["violations"]}
            report = self.page.evaluate("options => axe.run(document, options)", options)
            broken = [
                f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:240]}"
                for v in report["violations"]
            ]
            assert not broken, f"{self.name}, {state}, {scheme}: " + "\n".join(broken)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.name}, {state}: {wide} px of sideways scroll"
        self.quiet(state)
        if self.classroom.shots:
            self.page.emulate_media(color_scheme=self.scheme)  # type: ignore[arg-type]
            self.page.screenshot(path=self.classroom.shots / f"{self.classroom.lang}-{state}-{self.name}.png")
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.emulate_media(reduced_motion="no-preference")

    def _has_axe(self) -> bool:
        return bool(self.page.evaluate("() => 'axe' in window"))

    def quiet(self, state: str) -> None:
        assert not self.troubles, f"{self.name}, {state}: " + "; ".join(self.troubles)


class Classroom:
    """`shots`: a folder that gets a picture of each page in each state that is checked. `script` runs first in each."""

    def __init__(
        self, browser: Browser, server: Server, lang: str, shots: Path | None = None, script: str = ""
    ) -> None:
        self.browser, self.server, self.lang, self.shots = browser, server, lang, shots
        self.words, self.script = words(lang), script
        self.axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
        self.people: dict[str, Person] = {}
        self.code = ""
        self.lesson = ""

    def say(self, key: str, **params: Any) -> str:
        text = self.words[key]
        if isinstance(text, dict):
            text = text["one" if params.get("n") == 1 and "one" in text else "other"]
        for name, value in params.items():
            text = text.replace("{" + name + "}", str(value))
        return str(text)

    def person(self, name: str, size: str, scheme: str = "light") -> Person:
        made = self.people[name] = Person(self, name, size, scheme)
        return made

    def begin(self, deck: Path, waits: bool = False) -> Person:
        """The teacher opens the private link and drops a PDF; the wall waits with the code until it is uncovered."""
        teacher = self.person("teacher", "teacher")
        teacher.page.goto(self.server.teacher_link())
        teacher.page.set_input_files("input[type=file]", deck)
        teacher.page.wait_for_url("**/teach/*")
        teacher.hears(lambda ear: ear.parts.get("slides", {}).get("deck", {}).get("state") == "ready")
        self.code = teacher.ear.parts["lesson"]["code"]
        self.lesson = teacher.page.url.rsplit("/", 1)[1]
        if not waits:
            teacher.key("ArrowRight")
            teacher.hears(lambda ear: ear.parts["slides"]["cover"] == "")
        return teacher

    def check(self, state: str, *names: str) -> None:
        for name in names or self.people:
            self.people[name].check(state)
        for person in self.people.values():
            person.quiet(state)

    def agree(self, *names: str) -> None:
        """These pages hold the same state: the late one as those who were there from the beginning."""
        people = [self.people[n] for n in names]
        for _ in range(200):
            if len({p.ear.digest() for p in people}) == 1:
                return
            people[0].page.wait_for_timeout(25)
        told = {p.name: json.dumps(p.ear.parts, sort_keys=True)[:1200] for p in people}
        raise AssertionError(f"the pages differ: {told}")

    def close(self) -> None:
        for person in self.people.values():
            person.context.close()
