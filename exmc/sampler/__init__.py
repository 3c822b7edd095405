"""NUTS chains: pure computation on arrays, without model, process or clock."""

from exmc.sampler.chain import STATS, NutsChain, Record
from exmc.sampler.settings import ChainSettings

__all__ = ["STATS", "ChainSettings", "NutsChain", "Record"]
