"""TypeScript types of what the socket carries: the commands a browser may utter and the views it gets. What an activity
shows is declared in its own folder; what all share, and the tables of commands and parts, in one file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum

from mingtang.core.event import Command, kind_of
from mingtang.core.member import Role, Seat
from tools.generate.folders import Folder, folders, sentence
from tools.generate.typescript import Names, fields, interface, is_typed_dict, property_line

HEAD = """\
// Made by `make docs` from the activities' rules.py and view.py. Do not edit.
"""


def text() -> str:
    """The file that screens import from: it gives on what the folders declare."""
    names, own = _names()
    commands = _commands(names)
    views = _table("Views", "The value of each part, by the part's name.", _views(), names)
    mine = _table("Mine", "What one member alone sees, by activity.", _mine(), names)
    shared = [_declare(d, names) for d in names.all() if d not in own]
    body = "\n".join([*shared, commands, views, mine])
    given = [f"export type * from '{_file(name)}'" for name in own_names(own)]
    taken = [_import(body, [d for d, owner in own.items() if owner == name], _file(name)) for name in own_names(own)]
    return "\n".join([HEAD + "".join(taken), *given, "", body])


def folder_text(name: str) -> str:
    """What one activity shows."""
    names, own = _names()
    body = "\n".join(_declare(d, names) for d, owner in own.items() if owner == name)
    others = [d for d in names.all() if own.get(d) != name]
    return "\n".join(filter(None, [HEAD, _import(body, others, "@/wire.gen"), body]))


def showing() -> list[str]:
    """The activities that declare what they show."""
    return own_names(_names()[1])


def own_names(own: dict[type, str]) -> list[str]:
    return list(dict.fromkeys(own.values()))


def _names() -> tuple[Names, dict[type, str]]:
    """All that is named, and the activity of each view."""
    names = Names()
    for enum in (Role, Seat):
        names.add(enum)
    own = {view: folder.name for folder in folders() for view in typed_dicts(folder)}
    for view in own:
        names.add(view)
    return names, own


def _file(name: str) -> str:
    return f"../activities/{name}/wire.gen"


def _import(body: str, declared: Iterable[type], file: str) -> str:
    """Of the declared, those that the body speaks of."""
    said = set(re.findall(r"\b[A-Z]\w*", re.sub(r"/\*\*.*?\*/", "", body)))
    used = sorted(d.__name__ for d in declared if d.__name__ in said)
    return f"import type {{ {', '.join(used)} }} from '{file}'\n" if used else ""


def typed_dicts(folder: Folder) -> list[type]:
    """Those that the folder's view module itself declares, in the order written."""
    own = (v for v in vars(folder.view).values() if is_typed_dict(v) and v.__module__ == folder.view.__name__)
    return list(dict.fromkeys(own))


def _commands(names: Names) -> str:
    lines = []
    for folder in folders():
        for command in folder.activity.commands:
            if command.roles:
                lines += [f"  /** {sentence(command.__doc__)} (*{_who(command)}*) */", f"  {_command(command, names)}"]
    return "\n".join(["/** What a browser may ask for. */", "export interface Commands {", *lines, "}\n"])


def _who(command: type[Command]) -> str:
    return ", ".join(role.value for role in Role if role in command.roles)


def _command(command: type[Command], names: Names) -> str:
    inner = "; ".join(property_line(f, names) for f in fields(command))
    return f"'{kind_of(command)}': " + (f"{{ {inner} }}" if inner else "Record<string, never>")


def _declare(declared: type, names: Names) -> str:
    if issubclass(declared, Enum):
        return f"export type {declared.__name__} = " + " | ".join(f"'{m.value}'" for m in declared) + "\n"
    return interface(declared, names)


def _table(name: str, about: str, entries: Iterator[tuple[str, type]], names: Names) -> str:
    lines = [f"  {_key(key)}: {names.of(value)}" for key, value in entries]
    return "\n".join([f"/** {about} */", f"export interface {name} {{", *lines, "}\n"])


def _key(name: str) -> str:
    return name if name.isidentifier() else f"'{name}'"


def _views() -> Iterator[tuple[str, type]]:
    """`poll` has the value PollView, `roster/list` the value RosterList, where view.py declares them."""
    for folder in folders():
        declared = {d.__name__: d for d in typed_dicts(folder)}
        state = folder.activity.State()
        parts = {p for role in Role for p in folder.activity.parts(state, role)} | {folder.name}
        for part in sorted(parts):
            wanted = _camel(part) if "/" in part else f"{_camel(part)}View"
            if wanted in declared:
                yield part, declared[wanted]


def _mine() -> Iterator[tuple[str, type]]:
    for folder in folders():
        for declared in typed_dicts(folder):
            if declared.__name__ == f"{_camel(folder.name)}Mine":
                yield folder.name, declared


def _camel(part: str) -> str:
    return "".join(word.capitalize() for word in part.replace("/", "_").split("_"))
