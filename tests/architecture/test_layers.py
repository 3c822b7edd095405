from importlinter.cli import lint_imports


def test_every_import_contract_is_kept() -> None:
    assert lint_imports(is_debug_mode=False, no_cache=True) == 0
