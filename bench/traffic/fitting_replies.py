"""How far back an answered message lies, as (distance + offset) ** -exponent, fitted to the cumulative shares. Pure."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from bench.traffic.rooms import Floats, Ints

DISTANCE_MAX = 2_000
ANSWERS_MIN = 200


def distance_law(distance: Ints) -> tuple[float, float] | None:
    """Exponent and offset with the smallest largest error of a cumulative share; None for fewer than `ANSWERS_MIN` answers."""
    inside = distance[(distance >= 1) & (distance <= DISTANCE_MAX)]
    if len(inside) < ANSWERS_MIN:
        return None
    shares = np.cumsum(np.bincount(inside, minlength=DISTANCE_MAX + 1)[1:]) / len(inside)
    places = np.arange(1, DISTANCE_MAX + 1)

    def error(at: Floats) -> float:
        weights = np.exp(-at[0] * np.log((places + np.expm1(at[1])) / (1 + np.expm1(at[1]))))
        together = np.cumsum(weights)
        return float(np.abs(together / together[-1] - shares).max())

    found = minimize(
        error,
        x0=np.array([2.7, np.log1p(4.0)]),
        bounds=[(1.01, 20.0), (0.0, float(np.log(1_000.0)))],
        method="Nelder-Mead",
        options={"xatol": 1e-4, "fatol": 1e-7, "maxiter": 1000},
    )
    return round(float(found.x[0]), 4), round(float(np.expm1(found.x[1])), 4)
