"""Log-densities as straight-line programs: traced once, run at three speeds.

Import from the modules: a worker loads an emitter without loading the tracer, and
with it autograd.
"""

__all__: list[str] = []
