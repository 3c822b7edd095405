"""Functions run in processes of their own, whose results somebody awaits."""

__all__: list[str] = []
