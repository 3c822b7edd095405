"""What a process can do: start others, send, link, monitor, receive, wait."""

__all__: list[str] = []
