"""Lifecycles as data: one table that operations, buttons, database, tests and the diagram all read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class NotInState(Exception):
    """The transition is not declared for the state the row is in."""

    def __init__(self, name: str, state: str) -> None:
        super().__init__(f"{name} is not possible from {state}")
        self.name = name
        self.state = state


@dataclass(frozen=True)
class Transition:
    """One arrow: its verb, its label (msgid), where it starts and ends, who may, and which fields it needs."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lifecycle:
    """A set of states and the arrows between them."""

    name: str
    states: type[StrEnum]
    initial: str
    transitions: tuple[Transition, ...]

    def __getitem__(self, name: str) -> Transition:
        """Return the transition of that name.

        :raises KeyError: no such transition is declared.
        """
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def step(self, name: str, state: str) -> Transition:
        """Return the transition `name` if it may start in `state`.

        :raises NotInState: the table has no such arrow.
        """
        transition = self[name]
        if state not in transition.sources:
            raise NotInState(name, state)
        return transition

    def available(self, state: str, may: Callable[[str], bool]) -> list[Transition]:
        """Return the arrows that start in `state` and whose permission `may` grants, in the table's order."""
        return [t for t in self.transitions if state in t.sources and may(t.permission)]

    def reachable(self) -> set[str]:
        """Return every state that can be reached from the initial one."""
        found, todo = {self.initial}, [self.initial]
        while todo:
            state = todo.pop()
            new = {t.target for t in self.transitions if state in t.sources} - found
            found |= new
            todo.extend(new)
        return found

    def mermaid(self) -> str:
        """Return the diagram of the table, as the docs show it."""
        return "\n".join(["stateDiagram-v2", *self._lines()])

    def _lines(self) -> Iterator[str]:
        yield f"    [*] --> {self.initial}"
        for transition in self.transitions:
            for source in transition.sources:
                yield f"    {source} --> {transition.target}: {transition.name}"
