from exmc.run import RunState


def test_a_run_has_three_ways_to_end() -> None:
    ended = {state for state in RunState if state.ended}
    assert ended == {RunState.FINISHED, RunState.STOPPED, RunState.FAILED}
