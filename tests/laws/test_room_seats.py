"""A room seat is never written a sound, whatever happens in the lesson and however full its line is. M5 of
docs/build/media.md; on real sockets in tests/live/test_media_relay.py."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from mingtang.activities import kinds
from mingtang.activities.media.facts import SOUND
from mingtang.activities.media.strategies import commands
from mingtang.activities.roster.rules import Admit, Remove, Reseat
from mingtang.core.event import Fact, Refused
from mingtang.core.lesson import Lesson
from mingtang.core.member import SERVER, Role, Seat
from mingtang.live import wire
from mingtang.live.hub import Hub
from mingtang.live.media import objects
from mingtang.live.media.line import Line
from mingtang.live.media.objects import Kind
from mingtang.live.media.relay import Relay
from tests.live.media import picture, sound

MEMBERS = {"t1": Role.teacher, "a1": Role.assistant, "s1": Role.student, "s2": Role.student, "w1": Role.wall}
MEMBER = st.sampled_from(list(MEMBERS))
TRACK = st.integers(1, 4)
STEPS = st.one_of(
    st.tuples(st.just("wish"), MEMBER, commands(list(MEMBERS))),
    st.tuples(st.just("wish"), MEMBER, st.builds(Reseat, seat=st.sampled_from(Seat))),
    st.tuples(st.just("wish"), st.just("t1"), st.builds(Remove, id=MEMBER)),
    st.tuples(st.just("sound"), MEMBER, TRACK),
    st.tuples(st.just("sound"), MEMBER, TRACK),
    st.tuples(st.just("picture"), MEMBER, TRACK),
    st.tuples(st.just("see"), MEMBER, st.just({1: 2, 2: 2, 3: 2, 4: 2})),
    st.tuples(st.just("fill"), MEMBER, st.none()),
    st.tuples(st.just("drain"), MEMBER, st.none()),
)


class Ear:
    """A socket that knows whose it is, and looks at who may hear in the moment in which it is written to."""

    fd = -1

    def __init__(self, world, member):
        self.world, self.member, self.heard = world, member, set()

    def write(self, frame):
        head = objects.read(wire.payload(frame)) if frame[0] & 15 == 2 else None
        if head is None or head.kind is not Kind.sound:
            return
        state, people = self.world.lesson.states["media"], self.world.lesson.people
        assert people.members[self.member].seat is Seat.remote or state.device == self.member
        assert not people.members[self.member].removed
        self.heard.add((head.track, head.seq))

    def close(self, code, reason):
        pass

    abort = close


class World:
    """A lesson without a task: what is decided is folded, and the hub is told, as the task does."""

    def __init__(self):
        self.lesson = Lesson(kinds())
        self.hub = Hub(self.lesson, lambda: self.lesson.at, lambda: None)
        self.durable = True
        for number, (id_, role) in enumerate(MEMBERS.items()):
            seat = Seat.room if number % 2 else Seat.remote
            self.wish("", Admit(id=id_, name=id_, role=role, seat=seat))
        self.relay = Relay(self, lambda: self.lesson.at, [])
        self.lines = {member: Line(Ear(self, member), member, 0.0) for member in MEMBERS}
        for line in self.lines.values():
            self.relay.enter(line)
        self.said = 0

    def wish(self, by, command):
        people, at = self.lesson.people, self.lesson.at + 1
        try:
            events = self.lesson.decide(command, SERVER if by == "" else people.members[by], at, 7)
        except Refused:
            return
        for event in events:
            self.hub.mark(self.lesson.fold(Fact(self.lesson.seq + 1, at, by, "", event)))

    def do(self, what, member, argument):
        line = self.lines[member]
        match what:
            case "wish":
                self.wish(member, argument)
            case "see":
                self.relay.see(line, argument)
            case "fill":
                line.viewer.fill(self.relay_time())
            case "drain":
                line.viewer.drain(self.relay_time())
            case "picture":
                self.said += 1
                self.relay.publish(line, picture(argument, self.said, key=True))
            case "sound":
                self.speak(line, argument)

    def relay_time(self):
        return asyncio.get_running_loop().time()

    def speak(self, line, track):
        """Heard by each remote person who sees the track and whose line takes it: the law is not kept by silence."""
        self.said += 1
        self.relay.publish(line, sound(track, self.said))
        state, people = self.lesson.states["media"], self.lesson.people
        found = state.open.get(track)
        if found is None or found.source not in SOUND or found.member != line.member or state.group:
            return
        speaker = state.stage.get(found.member)
        if found.of_the_room or speaker is None or speaker.silenced or people.get(found.member).role is Role.student:
            return
        for member, other in self.lines.items():
            who = people.get(member)
            hears = who is not None and who.seat is Seat.remote and who.role in (Role.student, Role.assistant)
            if hears and member not in (found.member, state.device) and track in other.asked and not other.viewer.full:
                assert (track, self.said) in other.port.heard


@given(st.lists(STEPS, max_size=60))
def test_no_sound_is_ever_written_to_a_room_seat(steps):
    async def play():
        world = World()
        start = [("wish", "t1", command) for command in OPENING]
        for step in [*start, *((("see", m, {1: 2, 2: 2, 3: 2, 4: 2})) for m in MEMBERS), *steps]:
            world.do(*step)

    asyncio.run(play())


OPENING = [kinds().command(kind, data) for kind, data in (
    ("media.enter", b"{}"), ("media.start", b'{"source":"microphone","codec":"opus"}'),
    ("media.start", b'{"source":"camera","codec":"vp8"}'),
)]  # fmt: skip
