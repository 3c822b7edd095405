"""The scope in which processes live."""

__all__: list[str] = []
