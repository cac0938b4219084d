"""The tongue: a body that rises to its back, a flat blade and a rounded tip, each moved by its own share.

u runs from 0 at the root to 1 at the tip.
"""
from dataclasses import dataclass

import numpy as np

from jaw import jaw_part_targets
from look import Mouth
from vmath import quads_to_tris, ring_quads, smoothstep, spline

RINGS, AROUND = 18, 16
# The middle line from root to tip: (below the lips' line, forward); it lies behind the lower teeth.
MIDDLE = ((-1.95, 0.6), (-1.20, 1.9), (-1.08, 3.2), (-1.14, 4.6), (-1.26, 6.0))
HALF_W_CM = (1.2, 1.5, 1.56, 1.42, 1.0)
HALF_H_CM = (0.75, 0.62, 0.46, 0.34, 0.24)
GROOVE_CM = 0.14               # along the middle of its back
ROUND_TIP = 0.16               # share of the length over which it rounds off
BODY_FROM, BLADE_FROM, TIP_FROM = 0.15, 0.50, 0.78


@dataclass(frozen=True)
class Move:
    """Displacements in cm of the tongue's parts at weight 1, and how much narrower it grows."""
    tip: tuple[float, float, float]
    blade: tuple[float, float, float]
    body: tuple[float, float, float]
    narrower: float = 0.0


MOVES = {
    "tongueOut": Move(tip=(0, 0.62, 3.6), blade=(0, 1.05, 2.6), body=(0, 0.40, 0.9), narrower=0.30),
    "tongueTipUp": Move(tip=(0, 1.80, 0.92), blade=(0, 0.92, 0.5), body=(0, 0.15, 0.1), narrower=0.10),
    "tongueBackUp": Move(tip=(0, -0.05, -0.7), blade=(0, 0.75, -0.5), body=(0, 1.55, -0.2)),
}


def part_shares(u):
    """(tip, blade, body) shares (n, 3) that follow smoothly upon each other."""
    tip, front, body = (smoothstep(a, b, u) for a, b in ((BLADE_FROM, 1.0), (BODY_FROM + 0.1, TIP_FROM), (0.0, BLADE_FROM)))
    return np.stack([tip, front * (1 - tip), body * (1 - front)], axis=-1)


def tongue(mouth: Mouth):
    """(vertices, triangles, targets)."""
    u = np.linspace(0, 1, RINGS) ** 0.85
    a = np.arange(AROUND) / AROUND * 2 * np.pi
    middle = spline(np.array(MIDDLE), u)
    size = np.sqrt(np.clip(1 - np.clip((u - 1 + ROUND_TIP) / ROUND_TIP, 0, 1) ** 2, 0.0016, 1))
    w = spline(np.array(HALF_W_CM)[:, None], u)[:, 0] * size
    h = spline(np.array(HALF_H_CM)[:, None], u)[:, 0] * size
    c, s = np.cos(a), np.sin(a)
    groove = GROOVE_CM * np.exp(-(c / 0.30) ** 2) * (s > 0)
    x = w[:, None] * np.sign(c) * np.abs(c) ** 0.8
    y = mouth.height + middle[:, :1] + h[:, None] * s - groove * (size * smoothstep(1.0, 0.7, u))[:, None]
    v = np.stack([x, y, np.broadcast_to(middle[:, 1:], x.shape)], axis=-1).reshape(-1, 3)
    along = np.repeat(u, AROUND)
    targets = jaw_part_targets(v, smoothstep(-0.2, 0.5, along))
    for name, move in MOVES.items():
        shares = part_shares(along)
        targets[name] = shares @ np.array([move.tip, move.blade, move.body])
        targets[name][:, 0] -= move.narrower * v[:, 0] * shares[:, :2].sum(1)
    return v, quads_to_tris(ring_quads(RINGS, AROUND)), targets
