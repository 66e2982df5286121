"""A teacher who prepares: plans, their steps and their questions, by the words that are on the screen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import FrameLocator, Locator, expect

from tests.classroom.people import Classroom, Person

STEPS = ".rail ol > li"
NAMES = f"[...document.querySelectorAll('{STEPS}')].map(li => li.innerText)"


class Preparing:
    """One window on one plan."""

    def __init__(self, person: Person) -> None:
        self.person, self.page, self.say = person, person.page, person.say

    @classmethod
    def new(cls, room: Classroom, name: str = "teacher", size: str = "teacher") -> Preparing:
        """From home by its button."""
        person = room.person(name, size)
        person.page.goto(room.server.teacher_link())
        person.press("home.plan_new")
        person.page.wait_for_url("**/teach/plans/*")
        made = cls(person)
        made.is_saved()
        return made

    @classmethod
    def open(cls, room: Classroom, name: str, plan: str, size: str = "teacher") -> Preparing:
        person = room.person(name, size)
        person.page.goto(room.server.teacher_link())
        person.page.goto(f"{room.server.url}/teach/plans/{plan}")
        person.page.locator(".planner").wait_for()
        return cls(person)

    @property
    def plan(self) -> str:
        return self.page.url.rsplit("/", 1)[1]

    def stored(self) -> dict[str, Any]:
        """The plan as the server has it."""
        with self.person.classroom.server.teacher() as client:
            return dict(client.get(f"/api/teach/plans/{self.plan}").json())

    def kinds(self) -> list[str]:
        return [step["kind"] for step in self.stored()["steps"]]

    def is_saved(self) -> None:
        self.page.locator(".saved[data-state=saved]").wait_for()

    def is_not_saved(self) -> None:
        self.page.locator(".saved .warning").get_by_text(self.say("plan.not_saved")).wait_for()

    def add(self, kind: str) -> None:
        self.page.get_by_role("toolbar").get_by_role("button", name=self.kind(kind), exact=True).click()

    def kind(self, kind: str) -> str:
        """As the screen calls it: a question's kind is named by its activity."""
        return self.say(f"{kind}.step" if kind in ("poll", "peer") else f"plan.kind_{kind}")

    def step(self, n: int) -> Locator:
        """Counted from 1."""
        return self.page.locator(STEPS).nth(n - 1)

    def choose(self, n: int) -> None:
        self.step(n).get_by_role("button").click()

    def chosen(self, n: int) -> None:
        expect(self.step(n)).to_have_attribute("aria-current", "step")

    def count(self, n: int) -> None:
        expect(self.page.locator(STEPS)).to_have_count(n)

    def field(self, key: str) -> Locator:
        return self.page.locator("aside").get_by_label(self.say(key), exact=True)

    def option(self, kind: str, letter: str, text: str) -> None:
        self.page.locator("aside").get_by_label(self.say(f"{kind}.option", letter=letter), exact=True).fill(text)

    def mark(self, kind: str, letter: str) -> None:
        mark = self.page.locator("aside").get_by_label(self.say(f"{kind}.mark_option", letter=letter), exact=True)
        mark.check(force=True) if kind == "peer" else mark.click()

    def ask(self, kind: str, text: str, options: list[str], right: str) -> None:
        """A question with options after the selected step."""
        self.add(kind)
        self.field(f"{kind}.asks").fill(text)
        for letter, option in zip("ABCD", options, strict=False):
            self.option(kind, letter, option)
        self.mark(kind, right)

    def preview(self, on: str) -> FrameLocator:
        """`on`: wall or student."""
        self.person.press(f"plan.as_{on}")
        return self.page.frame_locator("iframe")

    def sees_report(self, added: int) -> None:
        """What an import of questions says it brought."""
        self.page.get_by_role("heading", name=self.say("plan.imported", n=added)).wait_for()
