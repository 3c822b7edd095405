from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import halfcauchy, norm

from exmc.cli.demo import EFFECTS, ERRORS, eight_schools


def test_the_demos_model_is_the_eight_schools() -> None:
    mu, tau, theta = 2.0, 7.0, np.linspace(-3.0, 12.0, 8)
    compiled = eight_schools().compile()
    z = compiled.unconstrain({"mu": mu, "tau": tau, "theta": theta})
    by_hand = (
        norm.logpdf(mu, 0, 5)
        + halfcauchy.logpdf(tau, scale=5)
        + norm.logpdf(theta, mu, tau).sum()
        + norm.logpdf(EFFECTS, theta, ERRORS).sum()
        + np.log(tau)  # the Jacobian of tau = exp(z)
    )
    assert compiled.log_density(z) == pytest.approx(by_hand, rel=1e-12)
