"""What becomes of the stages when members are in groups: each group has its own, staff go from one to another."""

from __future__ import annotations

from mingtang.activities.media.state import State
from mingtang.core.event import Event, Fact
from mingtang.core.frame import GroupJoined, GroupsClosed, GroupsFormed, GroupVisited


def fold_groups(state: State, event: Event, fact: Fact) -> None:
    match event:
        case GroupsFormed():
            _close(state, fact.at)
            for number, members in enumerate(event.groups, 1):
                for member in members:
                    state.put(member, number)
            _each_to_his_own(state)
        case GroupJoined():
            state.put(event.member, event.group)
            # On the stage of all he was asked by name; on that of his old group he has nothing to do any more.
            if (place := state.stage.get(event.member)) and place.group:
                state.off(event.member, fact.at)
        case GroupVisited():
            state.put(event.member, event.group)
            if place := state.stage.get(event.member):
                state.to(event.member, place, event.group)
        case GroupsClosed():
            _close(state, fact.at)


def _close(state: State, at: int) -> None:
    """Staff come back to the stage of all; whom nobody asked there has left."""
    for member, place in [*state.stage.items()]:
        if place.group and place.staff:
            state.to(member, place, 0)
        elif place.group:
            state.off(member, at)
    state.group, state.groups = {}, {}


def _each_to_his_own(state: State) -> None:
    """Who was on the stage of all when groups were formed is heard by his group alone from now on."""
    for member, place in [*state.stage.items()]:
        if not place.staff and (group := state.group.get(member, 0)):
            state.to(member, place, group)
