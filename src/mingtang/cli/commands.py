"""Every command there is and its flags. What a command does is loaded when it is called."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import mingtang
from mingtang import settings as setting
from mingtang.cli.terminal import complain, text
from mingtang.settings import BadSetting, Settings
from mingtang.web.trouble import Trouble

FAILED, BAD_USE, INTERRUPTED = 1, 2, 130
Run = Callable[[argparse.Namespace, Settings], int]


class Parser(argparse.ArgumentParser):
    """Wrong use is told in one sentence, as everything else is."""

    def error(self, message: str) -> Any:
        raise Trouble("bad-use", message=message, command=self.prog)


def run(arguments: Sequence[str]) -> int:
    try:
        given = parser().parse_args(arguments)
        flags = {row.name: getattr(given, row.name, None) for row in setting.table() if row.flag}
        return int(given.run(given, setting.load(flags)))
    except BadSetting as bad:
        complain(Trouble(bad.code, **bad.params))
        return BAD_USE
    except Trouble as trouble:
        complain(trouble)
        return BAD_USE if trouble.code == "bad-use" else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED


def parser() -> argparse.ArgumentParser:
    """Also read by what writes the documentation."""
    top = Parser(prog="mingtang", description=text("about"))
    top.add_argument("--version", action="version", version=f"mingtang {mingtang.__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    serve = _add(commands, "serve", "mingtang.cli.serve")
    for row in setting.table():
        if row.flag and row.name != "data":
            may: dict[str, Any] = {"nargs": "?", "const": row.alone} if row.alone else {}
            about = f"{row.meaning} ({row.env}, {row.default})"
            serve.add_argument(row.flag, metavar=row.type.upper(), help=about, **may)

    new = _add(commands, "new", "mingtang.cli.new")
    new.add_argument("file", nargs="?", metavar="FILE", help=text("help.file"))
    new.add_argument("--title", default="", help=text("help.title"))
    new.add_argument("--json", action="store_true", help=text("help.json"))

    digest = _add(commands, "digest", "mingtang.cli.log", "digest")
    digest.add_argument("lesson", metavar="LESSON", help=text("help.lesson"))
    digest.add_argument("--at", metavar="N", type=int, help=text("help.at"))

    log = _add(commands, "log", "mingtang.cli.log", "log")
    log.add_argument("lesson", metavar="LESSON", help=text("help.lesson"))

    report = _add(commands, "report", "mingtang.cli.report")
    report.add_argument("lesson", metavar="FILE|LESSON", help=text("help.file_or_lesson"))
    report.add_argument("--json", action="store_true", help=text("help.report_json"))
    report.add_argument("--at", metavar="N", type=int, help=text("help.at"))

    page = _add(commands, "html", "mingtang.cli.html")
    page.add_argument("lesson", metavar="LESSON", help=text("help.lesson"))
    page.add_argument("to", metavar="OUT", help=text("help.page"))
    page.add_argument("--teacher", action="store_true", help=text("help.as_teacher"))
    page.add_argument("--force", action="store_true", help=text("help.force"))

    video = _add(commands, "video", "mingtang.cli.video")
    video.add_argument("lesson", metavar="LESSON", help=text("help.lesson"))
    video.add_argument("to", metavar="OUT.mp4|OUT.webm", help=text("help.video_to"))
    video.add_argument("--force", action="store_true", help=text("help.force"))

    tracks = _add(commands, "tracks", "mingtang.cli.video", "tracks")
    tracks.add_argument("lesson", metavar="LESSON", help=text("help.lesson"))
    tracks.add_argument("to", metavar="FOLDER", help=text("help.tracks_to"))
    tracks.add_argument("--form", choices=("webm", "mp4"), default="webm", help=text("help.tracks_form"))
    tracks.add_argument("--force", action="store_true", help=text("help.force"))

    captions = _add(commands, "captions", "mingtang.cli.captions")
    captions.add_argument("lesson", metavar="LESSON", help=text("help.lesson"))
    captions.add_argument("to", metavar="OUT.vtt", help=text("help.captions_to"))
    captions.add_argument("--force", action="store_true", help=text("help.force"))

    export = _add(commands, "export", "mingtang.cli.lessonfile", "export")
    export.add_argument("lesson", metavar="LESSON", help=text("help.lesson"))
    export.add_argument("file", metavar="OUT.mingtang", help=text("help.out"))
    export.add_argument("--at", metavar="N", type=int, help=text("help.upto"))
    export.add_argument("--no-media", action="store_true", help=text("help.no_media"))
    export.add_argument("--force", action="store_true", help=text("help.force"))

    import_ = _add(commands, "import", "mingtang.cli.lessonfile", "import_")
    import_.add_argument("file", metavar="FILE.mingtang", help=text("help.lessonfile"))
    import_.add_argument("--copy", action="store_true", help=text("help.copy"))

    erase = _add(commands, "erase", "mingtang.cli.erase")
    erase.add_argument("lesson", nargs="?", metavar="LESSON", help=text("help.erase_lesson"))
    erase.add_argument("member", nargs="?", metavar="MEMBER", help=text("help.erase_member"))
    erase.add_argument("--everywhere", metavar="NAME", help=text("help.everywhere"))
    erase.add_argument("--yes", action="store_true", help=text("help.yes"))

    backup = _add(commands, "backup", "mingtang.cli.backup")
    backup.add_argument("file", metavar="FILE", help=text("help.backup_file"))
    backup.add_argument("--keys", action="store_true", help=text("help.keys"))
    backup.add_argument("--no-media", action="store_true", help=text("help.no_media"))
    backup.add_argument("--force", action="store_true", help=text("help.force"))

    restore = _add(commands, "restore", "mingtang.cli.backup", "restore")
    restore.add_argument("file", metavar="FILE", help=text("help.restore_file"))

    retention = _add(commands, "retention", "mingtang.cli.retention")
    retention.add_argument("--yes", action="store_true", help=text("help.retention_yes"))

    move = _add(commands, "move", "mingtang.cli.move")
    move.add_argument("--from", dest="source", metavar="PLACE", required=True, help=text("help.move_from"))
    move.add_argument("--to", dest="target", metavar="PLACE", required=True, help=text("help.move_to"))

    doctor = _add(commands, "doctor", "mingtang.cli.doctor")
    doctor.add_argument("folder", nargs="?", metavar="DATA", help=text("help.examine"))
    doctor.add_argument("--port", metavar="NUMBER", help=text("help.port"))
    return top


def _add(commands: Any, name: str, module: str, function: str = "run") -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = commands.add_parser(
        name, help=text(f"help.{name}"), description=text(f"help.{name}")
    )
    data = next(row for row in setting.table() if row.name == "data")
    one.add_argument("--data", metavar="FOLDER", help=f"{data.meaning} ({data.env}, {data.default})")
    one.set_defaults(run=_late(module, function))
    return one


def _late(module: str, function: str) -> Run:
    def call(given: argparse.Namespace, settings: Settings) -> int:
        from importlib import import_module

        return int(getattr(import_module(module), function)(given, settings))

    return call
