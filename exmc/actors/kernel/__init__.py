"""What a process is to the machine: a record, a mailbox, a turn in the run queue."""

__all__: list[str] = []
