"""Object files of Linux on x86-64, mapped without a linker and without llvmlite.

A process that only runs code would otherwise import llvmlite to load it: 70 ms and
30 MB. What LLVM writes for us uses three kinds of relocation and, of the C library, at
most the functions that copy and fill memory.

System V ABI, AMD64 supplement, version 1.0, section 4.4.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
import struct
import sys
from dataclasses import dataclass
from typing import Final

HEADER: Final = struct.Struct("<16sHHIQQQIHHHHHH")
SECTION: Final = struct.Struct("<IIQQQQIIQQ")
SYMBOL: Final = struct.Struct("<IBBHQQ")
RELOCATION: Final = struct.Struct("<QQq")

IDENTIFICATION: Final = b"\x7fELF\x02\x01\x01"
RELOCATABLE, X86_64 = 1, 62
SYMBOLS, RELOCATIONS, NO_BITS = 2, 4, 8
ALLOCATED: Final = 2
GLOBAL: Final = 1
ABSOLUTE_64, RELATIVE_32, CALL_32 = 1, 2, 4

MEMORY_FUNCTIONS: Final = ("memcpy", "memmove", "memset")
"""Of the C library: what LLVM may call by itself. They round nothing."""
JUMP: Final = b"\xff\x25\x00\x00\x00\x00"
"""To the address in the eight bytes that follow."""


def fits_here(object_file: bytes) -> bool:
    """Tell whether an object file is of the kind that is mapped here, on this host."""
    if not object_file.startswith(IDENTIFICATION) or len(object_file) < HEADER.size:
        return False
    _, kind, machine, *_ = HEADER.unpack_from(object_file)
    here = sys.platform == "linux" and platform.machine() == "x86_64"
    return here and (kind, machine) == (RELOCATABLE, X86_64)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the file, and where it stands in memory."""

    kind: int
    flags: int
    offset: int
    size: int
    link: int
    info: int
    alignment: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name for a place: `section` is 0 for one outside the file."""

    name: str
    binding: int
    section: int
    value: int


class Image:
    """An object file in memory that may be run; it is unmapped when this goes."""

    def __init__(self, object_file: bytes) -> None:
        """Map it.

        Raises:
            RuntimeError: The file is damaged, or needs what it does not have.
            OSError: This system lets no memory be made executable.
        """
        self._file = object_file
        try:
            self._sections = self._read_sections()
            self._entries, self._names = self._read_symbols()
            self._places, size = self._layout()
            stubs = size
            size += len(MEMORY_FUNCTIONS) * (len(JUMP) + 8)
            self._memory = mmap.mmap(
                -1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
            )
            self._base = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
            self._stubs = self._write_stubs(stubs)
            self._fill()
            self._relocate()
        except (struct.error, IndexError, UnicodeDecodeError, ValueError) as error:
            message = f"this object file cannot be run: {error}"
            raise RuntimeError(message) from error
        self._seal(size)

    def find(self, name: str) -> int:
        """Return the address of a function that the file exports.

        Raises:
            KeyError: There is none.
        """
        for number, (_, info, _, section, _, _) in enumerate(self._entries):
            if section and info >> 4 == GLOBAL:
                symbol = self._symbol(number)
                if symbol.name == name:
                    return self._address(symbol)
        raise KeyError(name)

    # --- the file ------------------------------------------------------------------

    def _read_sections(self) -> list[Section]:
        header = HEADER.unpack_from(self._file)
        start, size, count = header[6], header[11], header[12]
        found = []
        for number in range(count):
            fields = SECTION.unpack_from(self._file, start + number * size)
            _, kind, flags, _, offset, length, link, info, alignment, _ = fields
            if kind != NO_BITS and offset + length > len(self._file):
                message = "a section ends beyond the file"
                raise ValueError(message)
            found.append(Section(kind, flags, offset, length, link, info, alignment))
        return found

    def _content(self, section: Section) -> bytes:
        if section.kind == NO_BITS:
            return bytes(section.size)
        return self._file[section.offset : section.offset + section.size]

    def _read_symbols(self) -> tuple[list[tuple[int, ...]], bytes]:
        """Return the table of symbols and the text of their names."""
        table = next((s for s in self._sections if s.kind == SYMBOLS), None)
        if table is None:
            message = "it has no symbols"
            raise ValueError(message)
        entries = list(SYMBOL.iter_unpack(self._content(table)))
        return entries, self._content(self._sections[table.link])

    def _symbol(self, number: int) -> Symbol:
        # There are thousands, of which a loader needs a few.
        name, info, _, section, value, _ = self._entries[number]
        text = self._names[name : self._names.index(b"\0", name)].decode()
        return Symbol(text, info >> 4, section, value)

    # --- the memory ----------------------------------------------------------------

    def _layout(self) -> tuple[dict[int, int], int]:
        """Return where each section that is needed at run time goes, and the end."""
        places, end = {}, 0
        for number, section in enumerate(self._sections):
            if section.flags & ALLOCATED and section.size:
                end += -end % max(section.alignment, 1)
                places[number] = end
                end += section.size
        return places, end

    def _fill(self) -> None:
        for number, place in self._places.items():
            section = self._sections[number]
            self._memory[place : place + section.size] = self._content(section)

    def _write_stubs(self, place: int) -> dict[str, int]:
        """Write jumps to functions that may be too far away for 32 bits."""
        library = ctypes.CDLL(None)
        stubs = {}
        for name in MEMORY_FUNCTIONS:
            target = ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0
            jump = JUMP + struct.pack("<Q", target)
            self._memory[place : place + len(jump)] = jump
            stubs[name] = self._base + place
            place += len(jump)
        return stubs

    def _address(self, symbol: Symbol) -> int:
        if symbol.section in self._places:
            return self._base + self._places[symbol.section] + symbol.value
        if symbol.section == 0 and symbol.name in self._stubs:
            return self._stubs[symbol.name]
        message = f"it needs {symbol.name!r}, which it does not have"
        raise ValueError(message)

    def _relocate(self) -> None:
        for section in self._sections:
            if section.kind == RELOCATIONS and section.info in self._places:
                start = self._places[section.info]
                for entry in RELOCATION.iter_unpack(self._content(section)):
                    self._patch(start + entry[0], entry[1], entry[2])

    def _patch(self, place: int, info: int, addend: int) -> None:
        target = self._address(self._symbol(info >> 32)) + addend
        match info & 0xFFFFFFFF:
            case kind if kind in (RELATIVE_32, CALL_32):
                struct.pack_into("<i", self._memory, place, target - self._base - place)
            case kind if kind == ABSOLUTE_64:
                struct.pack_into("<Q", self._memory, place, target)
            case kind:
                message = f"relocation {kind} is unknown"
                raise ValueError(message)

    def _seal(self, size: int) -> None:
        """Make the memory one that may be run and not be written to."""
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        if protect(self._base, size, mmap.PROT_READ | mmap.PROT_EXEC):
            raise OSError(ctypes.get_errno(), "memory may not be made executable")
