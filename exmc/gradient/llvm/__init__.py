"""Programs as LLVM text: one loop for all that a level computes in one shape."""

from exmc.gradient.llvm.module import LlvmModule, emit_llvm

__all__ = ["LlvmModule", "emit_llvm"]
