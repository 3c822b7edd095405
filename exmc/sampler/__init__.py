"""NUTS chains: pure computation on arrays, without model, process or clock."""

from exmc.sampler.chain import STATS, NutsChain, Record, Values
from exmc.sampler.engine import PYTHON, Engine
from exmc.sampler.settings import ChainSettings

__all__ = [
    "PYTHON",
    "STATS",
    "ChainSettings",
    "Engine",
    "NutsChain",
    "Record",
    "Values",
]
