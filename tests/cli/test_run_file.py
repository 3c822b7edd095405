from __future__ import annotations

from argparse import Namespace

import pytest

from exmc.cli.model_file import ModelFileError
from exmc.cli.run_file import run_file


def test_a_file_that_is_not_there_is_named_before_anything_starts() -> None:
    with pytest.raises(ModelFileError, match=r"^gone\.py is not a file"):
        run_file(Namespace(file="gone.py", model=None))
