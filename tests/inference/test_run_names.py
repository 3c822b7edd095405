from exmc.inference.run_names import RunNames


def test_no_two_processes_of_a_run_share_a_name() -> None:
    names = RunNames("r")
    all_names = [names.stream, names.adaptation, names.chains, names.monitor]
    all_names += [names.chain(i) for i in range(12)]
    assert len(set(all_names)) == len(all_names)
    assert all(name.startswith("r.") for name in all_names)
