from __future__ import annotations

import numpy as np

import exmc
from exmc.inference.assignment import ModelText
from exmc.inference.realised import realised
from exmc.ir import to_parts
from exmc.run import RunSpec


def model() -> exmc.Model:
    with exmc.Model() as model:
        scale = exmc.HalfNormal("scale", 2.0)
        exmc.Normal("y", 0.0, scale, observed=np.array([1.0, -2.0, 0.5]))
        exmc.Deterministic("twice", 2 * scale)
    return model


def test_a_models_text_and_its_program_say_the_same() -> None:
    text, arrays = to_parts(model().graph)
    build = model().compile(backend="strict").build
    assert build.executable is not None
    z = np.array([0.3])
    answers = []
    for work, data in ((ModelText(text), arrays), (build.executable, build.data)):
        made = realised(work, RunSpec(), data)
        gradient, row = np.empty(1), np.empty(2)
        answers.append(
            [made.density(z, gradient), made.values(z, row), *gradient, *row]
        )
    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-13)
    assert answers[0][1] == 0.0
