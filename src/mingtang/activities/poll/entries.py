"""What people wrote, put together: equal texts are one entry. Staff merge those that mean the same, and strike out
what nobody should see."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from mingtang.activities.poll.question import fold_text


class Entries(Struct):
    """Ids count up in the order of first writing and stay the same in all rounds."""

    ids: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    struck: set[str] = field(default_factory=set)
    into: dict[str, str] = field(default_factory=dict)

    def of(self, answer: str | list[str]) -> list[str]:
        """The entries an answer counts for, each once; new ones are made."""
        texts = [answer] if isinstance(answer, str) else answer
        return list(dict.fromkeys(self.resolve(self._id(text)) for text in texts))

    def _id(self, text: str) -> str:
        key = fold_text(text)
        if key not in self.ids:
            self.ids[key] = f"e{len(self.ids) + 1}"
            self.texts[self.ids[key]] = text
        return self.ids[key]

    def resolve(self, entry: str) -> str:
        """Where an entry is counted. Merges are made so that this comes to an end."""
        while entry in self.into:
            entry = self.into[entry]
        return entry

    def row(self, rows: dict[str, dict[str, Any]], entry: str, count: int) -> None:
        """Puts the entry's row for the teacher's list in place, or takes it away."""
        if not count and entry not in self.into:
            rows.pop(entry, None)
            return
        row: dict[str, Any] = {"text": self.texts[entry], "n": count}
        if entry in self.struck:
            row["struck"] = True
        if entry in self.into:
            row["into"] = self.into[entry]
        rows[entry] = row

    def keep_merged(self, rows: dict[str, dict[str, Any]]) -> None:
        """Merged entries stay in the list, so that the merge can be taken back."""
        for entry in self.into:
            self.row(rows, entry, 0)
