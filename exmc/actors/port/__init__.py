"""Operating-system processes as processes of the runtime, after Erlang's ports."""

__all__: list[str] = []
