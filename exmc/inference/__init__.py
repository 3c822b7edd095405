"""A run in this process: worker processes, their actors, `sample` and `start`."""

from exmc.inference.local_run import LocalRun
from exmc.inference.sampling import sample, sample_logp
from exmc.inference.starting import Starting, start

__all__ = ["LocalRun", "Starting", "sample", "sample_logp", "start"]
