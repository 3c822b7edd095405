"""From the canonical text of a program back to the program.

One line an item, as `Program.text` writes them:

    exmc-program 1 input 3
    slot 0 float64 [3]
    %0 = input : [3]
    %1 = data slot=0 : [3]
    %2 = mul %0 %1 : [3]
    %3 = sum %2 axes=(0) : []
    return %3 %1

What is not such a text to the letter is refused: it would have another digest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from exmc.errors import UnknownFormatError
from exmc.gradient.node import Node
from exmc.gradient.program import LEAVES, Instruction, Program
from exmc.gradient.shapes import leaf_shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exmc.gradient.node import Attributes
    from exmc.gradient.program import Attribute, Shape

HEADER: Final = re.compile(r"exmc-program 1 input (\d+)")
SLOT: Final = re.compile(r"slot \d+ (float64|int64) \[([\d ]*)\]")
INSTRUCTION: Final = re.compile(
    r"%\d+ = (?P<op>\w+)(?P<args>(?: %\d+)*)(?P<attributes>(?: \w+=\S+)*)"
    r" : \[(?P<shape>[\d ]*)\]"
)
RETURN: Final = re.compile(r"return %(\d+) %(\d+)")
TOKEN: Final = re.compile(r"[(),]|[^(),]+")


def parse(text: str) -> Program:
    """Return the program whose canonical text this is.

    Raises:
        UnknownFormatError: It is no such text, or of a version that is not ours.
    """
    try:
        program = _program(text.splitlines())
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnknownFormatError(_message(str(error))) from error
    if program.text != text:
        raise UnknownFormatError(_message("it is not in canonical form"))
    return program


def _message(reason: str) -> str:
    return (
        f"This text is not a program that this version of exmc reads ({reason}); "
        f"make it again from its model."
    )


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str]:
    match = pattern.fullmatch(line)
    if match is None:
        message = f"unexpected line {line!r}"
        raise ValueError(message)
    return match


def _program(lines: Sequence[str]) -> Program:
    header, *body, last = lines
    dim = int(_match(HEADER, header)[1])
    slots: list[tuple[str, Shape]] = []
    instructions: list[Instruction] = []
    nodes: list[Node] = []
    for line in body:
        if line.startswith("slot"):
            slot = _match(SLOT, line)
            slots.append((slot[1], _shape(slot[2])))
            continue
        instruction = _instruction(line)
        instructions.append(instruction)
        nodes.append(_checked(instruction, nodes, dim, slots))
    scalar, vector = map(int, _match(RETURN, last).groups())
    if nodes[scalar].shape != () or len(nodes[vector].shape) != 1:
        message = "outputs are a scalar and a vector"
        raise ValueError(message)
    return Program(dim, tuple(slots), tuple(instructions), scalar, vector)


def _instruction(line: str) -> Instruction:
    match = _match(INSTRUCTION, line)
    attributes: Attributes = tuple(
        (name, _attribute(value))
        for name, value in (word.split("=") for word in match["attributes"].split())
    )
    args = tuple(int(word[1:]) for word in match["args"].split())
    return Instruction(match["op"], args, _shape(match["shape"]), attributes)


def _checked(
    instruction: Instruction,
    nodes: Sequence[Node],
    dim: int,
    slots: Sequence[tuple[str, Shape]],
) -> Node:
    """Return a node in the place of an instruction that fits those before it."""
    args = tuple(nodes[number] for number in instruction.args)
    node = Node(instruction.op, args, instruction.shape, instruction.attributes)
    leaf = node.op in LEAVES and not args
    expected = leaf_shape(node, dim, slots) if leaf else shape_of(node)
    if node.shape != expected:
        message = f"{node.op} of shape {list(node.shape)}"
        raise ValueError(message)
    if node.op == "data" and slots[instruction["slot"]][0] == "int64":  # type: ignore[index]
        return Node("index", (), node.shape)
    return node


def _shape(words: str) -> Shape:
    return tuple(map(int, words.split()))


def _attribute(text: str) -> Attribute:
    tokens = iter(TOKEN.findall(text))
    return _value(next(tokens), tokens)


def _value(word: str, tokens: Iterator[str]) -> Attribute:
    if word in {"True", "False"}:
        return word == "True"
    if word != "(":
        return int(word) if re.fullmatch(r"-?\d+", word) else float.fromhex(word)
    items: list[Attribute] = []
    for following in tokens:
        if following == ")":
            break
        if following != ",":
            items.append(_value(following, tokens))
    return tuple(items)
