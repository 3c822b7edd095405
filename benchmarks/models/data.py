"""The data of each benchmark model: made from a fixed seed, or read from posteriordb.

The peers import this file too: it needs numpy and nothing else.
Real data are read from the folder that the environment's EXMC_POSTERIORDB names, one
JSON a posterior with the key "data"; none are kept here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Arrays: TypeAlias = dict[str, Any]
"""Float64 and int64 arrays by name."""


class DataAbsentError(Exception):
    """The model needs a posteriordb folder, and there is none."""


def generator(seed: int) -> np.random.Generator:
    """The one kind of generator used here."""
    return np.random.Generator(np.random.PCG64(seed))


def posteriordb(name: str) -> Arrays:
    """Read one posterior's data as arrays.

    Raises:
        DataAbsentError: EXMC_POSTERIORDB is not set, or its folder lacks the file.
    """
    path = Path(os.environ.get("EXMC_POSTERIORDB", "")) / f"{name}.json"
    if not path.is_file():
        message = f"{name}.json is not in EXMC_POSTERIORDB; set it to read real data"
        raise DataAbsentError(message)
    numbers = json.loads(path.read_text())["data"]
    return {name: np.asarray(value) for name, value in numbers.items()}


def _chance(log_odds: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-log_odds))


def eight_schools() -> Arrays:
    """Rubin (1981)."""
    return {
        "y": np.array([28.0, 8, -3, 7, -1, 1, 18, 12]),
        "error": np.array([15.0, 10, 16, 11, 9, 11, 10, 18]),
    }


def radon() -> Arrays:
    """Stands for Minnesota's: 919 houses in 85 counties, of very unequal sizes."""
    rng, counties, houses = generator(1), 85, 919
    weight = rng.gamma(0.7, size=counties) + 0.05
    more = rng.choice(counties, size=houses - counties, p=weight / weight.sum())
    county = np.sort(np.concatenate([np.arange(counties), more]))
    floor = (rng.random(houses) < 0.17).astype(float)
    level = 1.5 + 0.35 * rng.standard_normal(counties)
    noise = 0.75 * rng.standard_normal(houses)
    return {
        "county": county.astype(np.int64),
        "floor": floor,
        "y": level[county] - 0.7 * floor + noise,
    }


def logistic(rows: int, seed: int) -> Arrays:
    """20 standard normal columns and a constant."""
    rng = generator(seed)
    design = rng.standard_normal((rows, 21))
    design[:, 0] = 1.0
    weights = 0.5 * rng.standard_normal(21)
    outcome = (rng.random(rows) < _chance(design @ weights)).astype(np.int64)
    return {"X": design, "y": outcome}


def stochastic_volatility() -> Arrays:
    """A hundred returns whose log-variance is an autoregression."""
    rng, steps = generator(3), 100
    level = np.zeros(steps)
    for t in range(1, steps):
        level[t] = 0.95 * level[t - 1] + 0.25 * rng.standard_normal()
    return {"y": np.exp(level / 2) * rng.standard_normal(steps)}


def funnel() -> Arrays:
    """Neal's funnel has no data."""
    return {}


def mvn() -> Arrays:
    """The precision of a hundred correlated normals: an inverse Wishart's draw."""
    rng, dim = generator(4), 100
    factor = rng.standard_normal((dim, 2 * dim))
    precision = np.linalg.inv(factor @ factor.T / (2 * dim))
    return {"precision": 0.5 * (precision + precision.T)}


def irt_2pl() -> Arrays:
    """A hundred persons answer twenty questions: 2000 answers."""
    rng, persons, questions = generator(5), 100, 20
    ability = rng.standard_normal(persons)
    slope = np.exp(0.5 * rng.standard_normal(questions))
    hardness = rng.standard_normal(questions)
    person = np.repeat(np.arange(persons), questions)
    question = np.tile(np.arange(questions), persons)
    log_odds = slope[question] * (ability[person] - hardness[question])
    answer = (rng.random(person.size) < _chance(log_odds)).astype(np.int64)
    return {"person": person, "question": question, "y": answer}


def mixture() -> Arrays:
    """500 numbers from two overlapping normals."""
    rng = generator(6)
    left = rng.random(500) < 0.4
    return {
        "y": np.where(
            left,
            -1.5 + 0.8 * rng.standard_normal(500),
            1.2 + 1.1 * rng.standard_normal(500),
        )
    }


def poisson_glm() -> Arrays:
    """800 counts, nine columns and a constant."""
    rng = generator(7)
    design = rng.standard_normal((800, 10))
    design[:, 0] = 1.0
    weights = np.concatenate([[0.5], 0.2 * rng.standard_normal(9)])
    return {"X": design, "y": rng.poisson(np.exp(design @ weights)).astype(np.int64)}


def horseshoe() -> Arrays:
    """200 rows, 50 columns of which five matter; noise of known size 1."""
    rng = generator(8)
    design = rng.standard_normal((200, 50))
    weights = np.zeros(50)
    weights[:5] = [3.0, -2.0, 1.5, -1.0, 2.5]
    return {"X": design, "y": design @ weights + rng.standard_normal(200)}


def gp() -> Arrays:
    """A hundred noisy values of a smooth function."""
    rng = generator(9)
    x = np.linspace(-10.0, 10.0, 100)
    return {"x": x, "y": 2.0 * np.sin(x / 4.0) + 0.5 * rng.standard_normal(100)}


def _lagged(y: Any, lags: int) -> Arrays:
    columns = [y[lags - k - 1 : len(y) - k - 1] for k in range(lags)]
    return {"lags": np.column_stack(columns), "y": y[lags:]}


def ar() -> Arrays:
    """An autoregression of order five over 200 steps."""
    rng, weights = generator(10), np.array([0.5, -0.2, 0.1, 0.1, -0.1])
    y = np.zeros(250)
    for t in range(5, y.size):
        y[t] = 0.1 + weights @ y[t - 5 : t][::-1] + 0.3 * rng.standard_normal()
    return _lagged(y[50:], 5)


def ark() -> Arrays:
    """Posteriordb's arK."""
    data = posteriordb("arK-arK")
    return _lagged(data["y"].astype(float), int(data["K"]))


def _regression(design: Any, outcome: Any) -> Arrays:
    return {"X": np.asarray(design, dtype=float), "y": np.asarray(outcome, dtype=float)}


def kidiq() -> Arrays:
    """Posteriordb's kidscore_interaction."""
    data = posteriordb("kidiq-kidscore_interaction")
    hs, iq = data["mom_hs"].astype(float), data["mom_iq"]
    design = np.column_stack([np.ones_like(hs), hs, iq, hs * iq])
    return _regression(design, data["kid_score"])


def logearn() -> Arrays:
    """Posteriordb's logearn_interaction."""
    data = posteriordb("earnings-logearn_interaction")
    height, male = data["height"].astype(float), data["male"].astype(float)
    design = np.column_stack([np.ones_like(height), height, male, height * male])
    return _regression(design, np.log(data["earn"]))


def nes1976() -> Arrays:
    """Posteriordb's nes of 1976."""
    data = posteriordb("nes1976-nes")
    age = data["age_discrete"]
    columns = [np.ones(age.size), data["real_ideo"], data["race_adj"]]
    columns += [age == 2, age == 3, age == 4]
    columns += [data["educ1"], data["gender"], data["income"]]
    return _regression(np.column_stack(columns), data["partyid7"])


def blr() -> Arrays:
    """Posteriordb's sblri-blr."""
    data = posteriordb("sblri-blr")
    return _regression(data["X"], data["y"])


def diamonds() -> Arrays:
    """Posteriordb's diamonds, columns centred and the constant left out."""
    data = posteriordb("diamonds-diamonds")
    design = data["X"][:, 1:]
    return _regression(design - design.mean(axis=0), data["Y"])


def low_dim_gauss_mix() -> Arrays:
    """Posteriordb's mixture of two normals."""
    return {"y": posteriordb("low_dim_gauss_mix-low_dim_gauss_mix")["y"]}


def gp_regr() -> Arrays:
    """Posteriordb's Gaussian process, eleven points."""
    data = posteriordb("gp_pois_regr-gp_regr")
    return {"x": data["x"].astype(float), "y": data["y"].astype(float)}


def gp_pois_regr() -> Arrays:
    """The same points' counts."""
    data = posteriordb("gp_pois_regr-gp_regr")
    return {"x": data["x"].astype(float), "y": data["k"].astype(np.int64)}


def _logit(design: Any, weights: list[float], rng: np.random.Generator) -> Arrays:
    chance = _chance(design @ np.array(weights))
    outcome = (rng.random(len(design)) < chance).astype(np.int64)
    return {"X": design, "y": outcome}


def nes_logit_like() -> Arrays:
    """Stands for nes_logit: 1179 votes by five classes of income."""
    rng = generator(11)
    income = rng.choice([1.0, 2, 3, 4, 5], size=1179, p=[0.14, 0.18, 0.33, 0.29, 0.06])
    return _logit(np.column_stack([np.ones(1179), income]), [-1.4, 0.33], rng)


def wells_like() -> Arrays:
    """Stands for wells_dist: 3020 households by their distance in metres."""
    rng = generator(12)
    distance = rng.gamma(1.6, 30.0, size=3020)
    return _logit(np.column_stack([np.ones(3020), distance]), [0.6, -0.0062], rng)


def dogs_like() -> Arrays:
    """Stands for dogs: thirty dogs learn in 25 trials to avoid a shock."""
    rng = generator(13)
    rows, outcomes = [], []
    for _ in range(30):
        avoided = shocked = 0
        for _ in range(25):
            rows.append([1.0, avoided, shocked])
            log_odds = 1.8 - 0.35 * avoided - 0.21 * shocked
            shock = int(rng.random() < _chance(log_odds))
            outcomes.append(shock)
            shocked, avoided = shocked + shock, avoided + 1 - shock
    return {"X": np.array(rows, dtype=float), "y": np.array(outcomes)}


DATA: dict[str, Callable[[], Arrays]] = {
    "eight_schools": eight_schools,
    "eight_schools_centred": eight_schools,
    "radon": radon,
    "logistic_1000": lambda: logistic(1000, 2),
    "stochastic_volatility": stochastic_volatility,
    "funnel": funnel,
    "mvn_100": mvn,
    "irt_2pl": irt_2pl,
    "mixture_500": mixture,
    "poisson_glm": poisson_glm,
    "horseshoe": horseshoe,
    "gp_100": gp,
    "ar_200": ar,
    "kidiq": kidiq,
    "logearn": logearn,
    "nes1976": nes1976,
    "blr": blr,
    "arK": ark,
    "logistic_500": lambda: logistic(500, 14),
    "low_dim_gauss_mix": low_dim_gauss_mix,
    "gp_regr": gp_regr,
    "gp_pois_regr": gp_pois_regr,
    "nes_logit_like": nes_logit_like,
    "wells_like": wells_like,
    "dogs_like": dogs_like,
    "diamonds": diamonds,
    "sixty_sites": lambda: {"y": generator(15).standard_normal(60)},
}
"""By model: what makes its data."""
