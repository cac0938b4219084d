"""Weights over the skin's vertices that several targets share, and the form of a target.

A target is a displacement (n, 3) in cm at weight 1. Targets of a pair (…Left, …Right) are modelled on both
sides at once and split by a smooth mask that sums to one across the midline.
"""
import numpy as np

from head import LID_CREASE, LIP_BORDER, Head
from lips import HALF, mouth_line, mouth_s
from look import Look
from relax import edges_of
from vmath import gauss, smoothstep

CORNER_JAW = 0.46              # share of the jaw's motion at the corners of the mouth: half-way, as skin stretches
UPPER_LIP_LIFT = 0.03          # an open jaw draws the upper lip up a little
SPLIT_CM = 1.3                 # half the width over which a left target fades to the right
HARMONIC_ROUNDS = 700
LEAST_SHARE = 1e-9
# Skin, red and inner lip lie upon one another at the corner of the mouth. What moves there moves together, evenly round it: two targets that
# pull a millimetre's folds apart would drive them through each other.
CORNER_WIDE, CORNER_ROUNDS = (0.62, 0.55, 1.6), 80
CORNER_CORE_CM = (0.2, 0.65)   # as one within, as modelled beyond
LEAST_EDGE_CM = 0.05           # edges hold together by the inverse square of their length, those of a fold no more than this


def displacement(x=0.0, y=0.0, z=0.0, n=1):
    out = np.zeros((n, 3))
    out[:, 0], out[:, 1], out[:, 2] = x, y, z
    return out


class Fields:
    """Per-vertex weights (n,); "side" positions are mirrored to the left."""

    def __init__(self, head: Head, look: Look):
        self.head, self.look, v = head, look, head.v
        self.v, self.n = v, len(v)
        self.ax = np.abs(v[:, 0])
        self.sv = np.column_stack([self.ax, v[:, 1], v[:, 2]])
        self.share = self.ax / look.mouth.half_width         # across the mouth, 1 at the corner and more outside
        self.s = np.clip(self.share, 0, 1)
        self.is_mouth = head.mouth_j >= 0
        self.red = self.is_mouth & (head.mouth_k >= LIP_BORDER)
        self.upper = self.red & (head.mouth_j < HALF)
        self.lower = self.red & (head.mouth_j > HALF)
        self.corner = self.red & (head.mouth_j == HALF)
        self.from_line = v[:, 1] - look.mouth.height
        self.jaw = self._jaw()
        self.low = self._lowness()
        self.mouth = self._mouth()
        self.split = smoothstep(-SPLIT_CM, SPLIT_CM, v[:, 0])
        self.off_lid = 1 - smoothstep(0.0, LID_CREASE + 1.0, head.eye_k) * (head.eye_k >= 0)

    def harmonic(self, pinned, value, rounds=HARMONIC_ROUNDS):
        """Smoothest field over the mesh with the given values at the pinned vertices; (n,) or (n, 3)."""
        e, columns = edges_of(self.head.quads), np.asarray(value, float).reshape(self.n, -1)
        out, pin = columns.copy(), pinned[:, None]
        for _ in range(rounds):
            out = np.where(pin, columns, self._mean_of_neighbours(e, out, np.ones(len(e))))
        return out.reshape(np.shape(value))

    def _mean_of_neighbours(self, e, values, share):
        """Mean (n, c) of the values at the other ends of each vertex's edges e (m, 2), by the edges' shares (m,)."""
        def gathered(first, second):
            return np.bincount(e[:, 0], share * second, self.n) + np.bincount(e[:, 1], share * first, self.n)

        near = np.stack([gathered(c[e[:, 0]], c[e[:, 1]]) for c in values.T], axis=1)
        return near / np.maximum(gathered(1.0, 1.0), LEAST_SHARE)[:, None]

    def _jaw(self):
        """Share of the jaw's turn: 1 at the chin and the lower lip, 0 from the cheekbone up and at the neck."""
        v, y, s = self.v, self.from_line, np.where(self.is_mouth, mouth_s(np.maximum(self.head.mouth_j, 0)), self.s)
        chin = (y < -1.5) & (y > -4.2) & (v[:, 2] > 3.6) & (self.ax < 2.6)
        still = (y > 2.0) | (v[:, 2] < -2.0) | (y < -5.6)
        value = np.where(chin, 1.0, 0.0)
        value = np.where(self.lower, 1 - (1 - CORNER_JAW) * s ** 2.4, value)
        value = np.where(self.upper, CORNER_JAW * s ** 3.0 - UPPER_LIP_LIFT * (1 - s * s), value)
        value = np.where(self.corner, CORNER_JAW, value)
        return self.harmonic(chin | still | self.red, value)

    def _lowness(self):
        """1 on the lower lip and below, 0 on the upper lip and above."""
        below, above = self.from_line < -2.1, self.from_line > 1.5
        value = np.where(self.lower | below, 1.0, np.where(self.corner, 0.5, 0.0))
        return self.harmonic(self.red | below | above, value, 300)

    def _mouth(self):
        """1 on the lips, fading over the skin round them; the nose takes little part."""
        e = np.hypot(self.share * 0.82, self.from_line / 1.35)
        nose = gauss(self.sv, (0, -2.5, 8.8), (1.5, 0.9, 1.6))
        m = np.where(self.red, 1.0, (1 - smoothstep(0.9, 2.35, e)) * (1 - 0.85 * nose))
        return np.where(self.v[:, 2] > 0, m, 0.0)

    def around_corner(self, width=1.25, height=1.1):
        at = (self.look.mouth.half_width, self.look.mouth.height + 0.15, 7.0)
        return np.where(self.v[:, 2] > 0, gauss(self.sv, at, (width, height, 2.4)), 0.0)

    def corner_together(self, d):
        """A displacement evened out over the mesh round the corners of the mouth, and each corner moved as one."""
        e, weight = edges_of(self.head.quads), 0.5 * gauss(self.sv, self._corner_at(), CORNER_WIDE)[:, None]
        hold = np.maximum(np.linalg.norm(self.v[e[:, 0]] - self.v[e[:, 1]], axis=1), LEAST_EDGE_CM) ** -2
        for _ in range(CORNER_ROUNDS):
            d = d + weight * (self._mean_of_neighbours(e, d, hold) - d)
        core = 1 - smoothstep(*CORNER_CORE_CM, np.linalg.norm(self.sv - self._corner_at(), axis=1))
        for side in (self.v[:, 0] > 0, self.v[:, 0] < 0):
            d = d + (side * core)[:, None] * (d[side & self.corner].mean(axis=0) - d)
        return d

    def _corner_at(self):
        return self.sv[self.corner].mean(axis=0)

    def to_line(self):
        """Way up from each vertex to the line where the lips meet (cm)."""
        return mouth_line(self.look.mouth, self.s) - self.v[:, 1]

    def from_eye(self, offset, sigma):
        """Gaussian about a place given from the (left) eye's centre."""
        return gauss(self.sv, np.array(self.look.eye.centre) + offset, sigma)

    def outwards(self, d):
        """A displacement modelled for the left side, for both: x points outwards, smoothly none at the midline."""
        r = d.copy()
        r[:, 0] *= np.tanh(self.v[:, 0] / 0.35)
        return r

    def move(self, x=0.0, y=0.0, z=0.0):
        return displacement(x, y, z, self.n)
