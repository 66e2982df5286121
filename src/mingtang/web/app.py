"""The HTTP application: every handler there is, what they depend on, and the layer around them."""

from __future__ import annotations

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

import mingtang
from mingtang.web import assets, health, join, notebooks, pages, papers, replays, searching, teach, walls
from mingtang.web.errors import handlers
from mingtang.web.keeping import erasing, house, lessonfiles
from mingtang.web.media import routes as stored
from mingtang.web.media.shelf import MediaShelf
from mingtang.web.media.told import ToldMedia
from mingtang.web.node import Node
from mingtang.web.plans import decks as plan_decks
from mingtang.web.plans import exchange
from mingtang.web.plans import folders as plan_folders
from mingtang.web.plans import importing as plan_importing
from mingtang.web.plans import lessons as plan_lessons
from mingtang.web.plans import pages as plan_pages
from mingtang.web.plans import routes as plans
from mingtang.web.plans import texts as plan_texts
from mingtang.web.questions import bank
from mingtang.web.report import routes as report
from mingtang.web.security import Guard
from mingtang.web.static import Bundle
from mingtang.web.tls import pages as https
from mingtang.web.tls.leading import Leading
from mingtang.web.video import routes as video
from mingtang.web.video import subtitles
from mingtang.web.watch import Counted

MOST_BODY = 1_000_000

HANDLERS = (
    health.health,
    health.ready,
    join.show_lesson,
    join.join,
    join.make_ticket,
    papers.qr,
    papers.teachers_qr,
    papers.snapshot,
    papers.attendance,
    report.report,
    report.report_table,
    teach.about,
    teach.list_lessons,
    teach.make_lesson,
    teach.add_deck,
    teach.invite_assistants,
    plans.list_plans,
    plans.make_plan,
    plans.read_plan,
    plans.write_plan,
    plans.list_versions,
    plans.read_version,
    plans.copy_plan,
    plans.archive_plan,
    plans.restore_plan,
    plan_importing.import_plan,
    plan_folders.read_folder,
    plan_texts.read_text,
    plan_texts.write_text,
    plan_decks.add_deck,
    exchange.add_questions,
    exchange.export_gift,
    exchange.export_moodle,
    bank.search_bank,
    bank.show_banked,
    plan_lessons.begin_lesson,
    lessonfiles.export_lesson,
    lessonfiles.import_lesson,
    erasing.erase_person,
    house.retention_outlook,
    house.keep_house,
    video.videos,
    video.make_video,
    video.stop_video,
    video.video_file,
    video.tracks,
    video.track_file,
    subtitles.captions_file,
    walls.begin_wall,
    walls.await_pairing,
    walls.leave_wall,
    walls.pair_wall,
    notebooks.notebook_page,
    notebooks.personal_link,
    notebooks.read_notebook,
    notebooks.make_link,
    notebooks.forget_browser,
    searching.search_page,
    searching.search,
    replays.replay_access,
    replays.replay_mine,
    replays.replay_index,
    replays.replay_chunk,
    replays.answer_late,
    stored.stored_tracks,
    stored.stored_objects,
    pages.replay_page,
    assets.asset_file,
    https.https_page,
    https.about_https,
    https.https_qr,
    https.authority_file,
    pages.join_page,
    pages.student_page,
    pages.wall_page,
    pages.home_page,
    plan_pages.plan_page,
    plan_pages.preview_page,
    plan_pages.bank_page,
    pages.console_page,
    pages.assistants_link,
    pages.report_page,
    pages.static_file,
)


def build(node: Node) -> Litestar:
    """Without the Guard, for those who read its routes."""
    bundle, codes, checks = (
        Bundle(node.settings.static_folder),
        walls.Codes(node),
        health.Checks(),
    )
    watched = replays.Replays(node)
    told_media, media_shelf = ToldMedia(node), MediaShelf(node)
    return Litestar(
        route_handlers=HANDLERS,
        dependencies={
            "node": Provide(lambda: node, sync_to_thread=False),
            "bundle": Provide(lambda: bundle, sync_to_thread=False),
            "codes": Provide(lambda: codes, sync_to_thread=False),
            "checks": Provide(lambda: checks, sync_to_thread=False),
            "studio": Provide(lambda: node.studio, sync_to_thread=False),
            "replays": Provide(lambda: watched, sync_to_thread=False),
            "told_media": Provide(lambda: told_media, sync_to_thread=False),
            "media_shelf": Provide(lambda: media_shelf, sync_to_thread=False),
        },
        exception_handlers=handlers,
        openapi_config=OpenAPIConfig(
            title="Mingtang",
            version=mingtang.__version__,
            description="One live lesson. What happens in it goes over the socket at /live/{lesson}.",
            path="/schema",
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        ),
        request_max_body_size=MOST_BODY,
        logging_config=None,
        debug=False,
    )


def application(node: Node) -> ASGIApp:
    settings, secure = node.settings, node.secure
    # Never with the own authority: a browser told to insist could not come back to plain http.
    insists = settings.https if secure is None else secure.insists
    guarded = Guard(build(node), settings.public_url, insists)
    if secure is None:
        return Counted(guarded)
    return Counted(Leading(guarded, secure.address, everybody=settings.tls == "files"))
