"""What lies on the skin like paint and is not everyone's: freckles, and the lines of an older face.

Thin sheets a hair's breadth over the skin, clear at their edges, that tint what is beneath them.
"""
import numpy as np

from anchors import seen_from_front
from on_skin import OnSkin
from paint import FRECKLES
from parts import Part, joined
from vmath import normalize, quads_to_tris, ring_quads, spline

OVER_SKIN_CM = 0.03
FRECKLE_AROUND, FRECKLE_GROWS, FRECKLE_ALPHA = 7, 2.1, 0.5    # a painted freckle fades over twice its radius
FRECKLE_RINGS = ((0.0, 1.0), (0.45, 0.65), (1.0, 0.0))    # (share of the radius, share of the alpha)

# An older face's lines, seen from the front on its left side: points, half width in cm, darkness at the middle.
LINES = (
    (((1.15, -3.0), (1.75, -3.5), (2.3, -4.1), (2.75, -4.8)), 0.30, 0.42),          # nose to mouth
    (((1.9, -3.15), (3.0, -3.75), (4.3, -3.55)), 0.26, 0.26),                       # below the eye
    (((0.0, 5.55), (1.4, 5.65), (2.8, 5.6), (4.0, 5.3)), 0.24, 0.26),               # forehead
    (((0.0, 6.35), (1.4, 6.45), (2.6, 6.4)), 0.24, 0.20),
    (((0.55, 2.3), (0.62, 3.0), (0.58, 3.7)), 0.18, 0.24),                          # between the brows
    (((6.35, 0.55), (6.75, 0.85), (7.0, 1.2)), 0.15, 0.34),                         # crow's feet
    (((6.4, 0.1), (6.85, 0.1), (7.15, 0.15)), 0.15, 0.34),
    (((6.3, -0.4), (6.7, -0.65), (7.0, -0.8)), 0.15, 0.28))
LINE_POINTS = 11
LINE_ROWS = ((-1.0, 0.0), (-0.5, 0.45), (0.0, 1.0), (0.5, 0.45), (1.0, 0.0))
LINE_FADES = 0.25              # share of a line's length over which its ends fade


def _sheet(name, material, head: Part, xy, tris, alpha) -> OnSkin:
    height = np.full(len(xy), OVER_SKIN_CM)
    return OnSkin(name, material, seen_from_front(head.v, head.tris, xy), height, _towards_us(xy, tris), alpha=alpha)


def _disc(x, y, radius):
    turn = np.arange(FRECKLE_AROUND) / FRECKLE_AROUND * 2 * np.pi
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    xy = np.vstack([[x, y] + ring * max(share, 0.01) * radius * FRECKLE_GROWS for share, _ in FRECKLE_RINGS])
    alpha = np.repeat([FRECKLE_ALPHA * a for _, a in FRECKLE_RINGS], FRECKLE_AROUND)
    return xy, quads_to_tris(ring_quads(len(FRECKLE_RINGS), FRECKLE_AROUND, turned=True)), alpha


def freckles(head: Part) -> OnSkin:
    xy, tris, alpha = joined([_disc(side * x, y, radius) for side in (1, -1) for x, y, radius in FRECKLES])
    return _sheet("freckles", "freckle", head, xy, tris, alpha)


def _towards_us(xy, tris):
    a, b, c = (xy[tris[:, k]] for k in range(3))
    turned = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0] < 0
    return np.where(turned[:, None], tris[:, ::-1], tris)


def _line(points, half, dark, side):
    u = np.linspace(0, 1, LINE_POINTS)
    middle = spline(np.array(points), u)
    along = normalize(np.gradient(middle, axis=0))
    across = np.column_stack([-along[:, 1], along[:, 0]])
    ends = np.clip(np.minimum(u if points[0][0] > 0 else 1.0, 1 - u) / LINE_FADES, 0, 1)
    rows = [(middle + across * half * s) * [side, 1] for s, _ in LINE_ROWS]
    alpha = np.concatenate([dark * a * ends for _, a in LINE_ROWS])
    return np.vstack(rows), quads_to_tris(ring_quads(len(LINE_ROWS), LINE_POINTS, closed=False)), alpha


def lines(head: Part) -> OnSkin:
    xy, tris, alpha = joined([_line(*line, side) for line in LINES for side in (1, -1)])
    return _sheet("lines", "line", head, xy, tris, alpha)
