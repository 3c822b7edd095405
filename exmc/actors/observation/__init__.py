"""Looking at living processes: what they do, where they wait, who blocks the loop."""

__all__: list[str] = []
