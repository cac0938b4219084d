"""Glasses: two rims, a bridge and temples. No lenses: what one would see of them is a reflection over the eyes."""
from dataclasses import dataclass

import numpy as np

from parts import joined, pair
from tubes import tube
from vmath import spline

RIM_POINTS, TEMPLE_POINTS, BRIDGE_POINTS = 40, 16, 9
FRONT_Z, WRAP = 9.05, 0.022    # the plane before the lashes, and how it follows the face: cm back per cm² sideways
# A temple from the rim's outer edge to the ear (outwards from the rim's edge, y, z).
TEMPLE = ((0.0, 0.35, 0.0), (0.62, 0.40, -0.5), (1.15, 0.40, -3.6), (1.55, 0.42, -7.4), (1.50, 0.30, -8.9))
EAR_X = 8.35                   # temples run outside of the hair's short sides to there


@dataclass(frozen=True)
class Glasses:
    """One rim's shape, seen from the front."""
    centre: tuple[float, float]
    half_width: float
    half_height: float
    squareness: float          # exponent of a superellipse: 2 is an ellipse
    rim_cm: tuple[float, float]
    bridge_y: float


ROUND = Glasses((3.5, -0.45), 2.62, 2.55, 2.0, (0.13, 0.13), 0.25)
SQUARE = Glasses((3.5, -0.40), 2.72, 2.15, 4.0, (0.17, 0.22), 0.35)


def _depth(x):
    return FRONT_Z - WRAP * x * x


def _rim(g: Glasses):
    turn = np.arange(RIM_POINTS) / RIM_POINTS * 2 * np.pi
    c, s = np.cos(turn), np.sin(turn)
    x = g.centre[0] + g.half_width * np.sign(c) * np.abs(c) ** (2 / g.squareness)
    y = g.centre[1] + g.half_height * np.sign(s) * np.abs(s) ** (2 / g.squareness)
    return np.column_stack([x, y, _depth(x)])


def _temple(g: Glasses):
    edge = g.centre[0] + g.half_width
    knots = np.array(TEMPLE) * [(EAR_X - edge) / TEMPLE[3][0], 1, 1] + [edge, g.centre[1] + 0.4, _depth(edge)]
    return spline(knots, np.linspace(0, 1, TEMPLE_POINTS))


def _bridge(g: Glasses):
    inner = g.centre[0] - g.half_width
    x = np.linspace(-inner, inner, BRIDGE_POINTS)
    return np.column_stack([x, g.bridge_y + 0.25 * (1 - (x / inner) ** 2), _depth(x)])


def glasses(g: Glasses):
    """(vertices, triangles)."""
    left = joined([tube(_rim(g), (0, 0, 1), g.rim_cm, closed=True), tube(_temple(g), (0, 1, 0), (g.rim_cm[0] * 0.8, g.rim_cm[1]))])
    return joined([pair(*left), tube(_bridge(g), (0, 0, 1), g.rim_cm)])
