"""Draws as bytes: the same frames on sockets, on disk and in browsers."""

from exmc.frames.arrays import pack_arrays, unpack_arrays
from exmc.frames.frame import MAX_PAYLOAD, Frame, Kind, Phase, encode
from exmc.frames.reader import FrameReader
from exmc.frames.schema import Coordinate, Schema, VariableSchema

__all__ = [
    "MAX_PAYLOAD",
    "Coordinate",
    "Frame",
    "FrameReader",
    "Kind",
    "Phase",
    "Schema",
    "VariableSchema",
    "encode",
    "pack_arrays",
    "unpack_arrays",
]
