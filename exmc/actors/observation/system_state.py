"""What counts as the state of a process: the attributes of the user's object.

A behaviour that keeps its state in another form defines system_get_state and
system_replace_state, as an OTP module does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable


@runtime_checkable
class OwnState(Protocol):
    """A behaviour that says itself what its state is."""

    def system_get_state(self) -> object:
        """Return the state."""
        ...

    def system_replace_state(self, state: Any, /) -> None:  # noqa: ANN401 (what the other one returns)
        """Take another state, or raise and keep the present one."""
        ...


def get_state_of(behaviour: object) -> object:
    """Return the state: what system_get_state says, or a dict of all attributes."""
    if isinstance(behaviour, OwnState):
        return behaviour.system_get_state()
    return attributes(behaviour)


def replace_state_of(behaviour: object, function: Callable[[Any], Any]) -> object:
    """Give a behaviour the state that `function` makes of its present one.

    Raises:
        TypeError: The function returned no dict, where a dict was given.
    """
    state = function(get_state_of(behaviour))
    if isinstance(behaviour, OwnState):
        behaviour.system_replace_state(state)
    else:
        set_attributes(behaviour, state)
    return get_state_of(behaviour)


def attributes(behaviour: object) -> dict[str, object]:
    """Return the attributes of an object but for its pid, in a dict of their own."""
    return {name: value for name, value in vars(behaviour).items() if name != "pid"}


def set_attributes(behaviour: object, state: object) -> None:
    """Give an object these attributes and its pid, and no others.

    Raises:
        TypeError: They are no dict; the object is as it was.
    """
    if not isinstance(state, dict):
        raise TypeError(
            f"The state of a {type(behaviour).__name__} is a dict of its attributes; "
            f"the function given to replace_state returned {state!r}."
        )
    own = vars(behaviour)
    kept = {name: own[name] for name in ("pid",) if name in own}
    own.clear()
    own.update(state | kept)
