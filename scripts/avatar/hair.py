"""Sculpted hair: two sheets of locks that share their edges, combed from an off-centre part to the tips.

Places on the head are directions from the hair's centre: (azimuth, elevation) in degrees, azimuth 0 in front
and 90 at the character's left. Neighbouring locks meet in valleys, so nothing overlaps and no marks show.
"""
from dataclasses import dataclass

import numpy as np

from parts import joined
from shape import gradient
from vmath import ellipsoid, lerp, normalize, quads_to_tris, ring_quads, smin, smoothstep, spline

CENTRE = np.array([0, 1.5, -1.0])
PART_FRONT, WHORL = (24.0, 47.0), (165.0, 78.0)   # the part runs from the hairline over the crown to the whorl
ROWS, COLUMNS_A_LOCK = 26, 7     # the crown's outline runs along the rows: few of them draw it as a polygon
DENSE_CROWN = 1.2              # exponent of the rows' places: they lie closer over the crown than down the straight sides
RIGHT_LOCKS, LEFT_LOCKS = 7, 5
RIGHT_FRONT_DEG, LEFT_FRONT_DEG = -62.0, 112.0    # where the sheets' front edges hang down
BULGE_CM = 0.55                # how far a lock's middle stands out of the valleys beside it
TIP_DEG = -50.0                # the tips end at the chin
TIP_SPREAD, TIP_UNEVEN = (0.0, -1.5, 1.0, -1.0, 0.5, -2.0, 0.5), 0.006   # no two neighbours are as long; in shares of a lock
POINTED = 0.014                # share of a lock's length by which its edges are shorter than its middle
VALLEY_DARK = 0.8              # place across the texture, which darkens to its right, of the valleys between locks
EDGE_DARK = 0.45               # share of a lock over which the front edge comes out of the shadow
FRONT_EDGE_CM = -1.1           # a sheet's front edge dives under the volume
# At the tips: inwards (cm), back up (share of a lock).
TURN_UNDER = ((0, 0), (0.30, -0.004), (0.75, 0.0), (1.30, 0.02), (2.0, 0.06))
FRINGE = ((29, 44), (2, 40), (-24, 30), (-45, 13), (-58, -5), (-64, -26), (-62, -46))
TUCKED = ((19, 46), (42, 40), (60, 28), (76, 14), (90, 2), (103, -18), (108, -46))


def form(p):
    """The hair's volume without locks: 1.28 of the face's width, 0.14 of the head over the crown."""
    d = ellipsoid(p, (0, 3.2, -1.0), (8.95, 9.5, 9.45))
    return smin(d, ellipsoid(p, (-0.2, -2.6, -2.0), (9.2, 7.0, 8.2)), 2.5)


def direction(azimuth, elevation):
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.stack([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)], axis=-1)


def lay(directions, offset):
    """Points (n, 3) on the hair's volume; offset outwards (n,) or one number."""
    t = np.full(len(directions), 16.0)
    for _ in range(60):
        d = form(CENTRE + t[:, None] * directions) - offset
        t = np.maximum(t - np.maximum(d, 0) * 0.85, 0.5)
    return CENTRE + t[:, None] * directions


def _combed(root, azimuth):
    """Directions (7, 3) from a root over the head and straight down at an azimuth."""
    down = [direction(azimuth, e) for e in (14.0, -8.0, -28.0, TIP_DEG)]
    bend = [normalize(lerp(root, down[0], s)) for s in (0.36, 0.72)]
    return np.array([root, *bend, *down])


def _edges_of_locks(count, front, front_deg, back_deg):
    """Lock edges (count + 1, 7, 3) from the front edge to the back of the head."""
    part = normalize(np.array([direction(*PART_FRONT), direction(60.0, 78.0), direction(*WHORL)]))
    shares = np.linspace(0, 1, count + 1)
    roots = normalize(spline(part, np.minimum(shares * 1.35, 1.0)))
    generic = np.array([_combed(r, lerp(front_deg, back_deg, s)) for r, s in zip(roots, shares)])
    hem = direction(*np.array(front, float).T)
    keep = (1 - smoothstep(0.0, 0.42, shares))[:, None, None]
    return normalize(generic * (1 - keep) + hem * keep)


def _sheet(count, front, front_deg, back_deg, lift):
    """A sheet (vertices, triangles, uv, inner triangles); its front edge and its tips are turned under."""
    edges = _edges_of_locks(count, front, front_deg, back_deg)
    columns = count * COLUMNS_A_LOCK + 1
    u = np.linspace(0, count, columns)
    place = u - np.floor(np.minimum(u, count - 1e-9))             # across a lock, 0..1
    which = np.minimum(u.astype(int), count - 1)
    across = np.stack([spline(edges[:, k], u / count) for k in range(edges.shape[1])], axis=0)
    round_ = np.clip(1 - np.abs(2 * place - 1) ** 2.4, 0, 1)
    length = 1 - POINTED * np.abs(2 * place - 1) ** 2 - TIP_UNEVEN * np.array(TIP_SPREAD)[which % len(TIP_SPREAD)]
    rows = []
    for r in range(ROWS + len(TURN_UNDER) - 1):
        t = np.minimum(min(r / (ROWS - 1), 1.0) ** DENSE_CROWN * length / length.max(), 1.0)
        deep, back = TURN_UNDER[max(0, r - ROWS + 1)]
        along = np.array([spline(across[:, c], np.array([t[c] - back]))[0] for c in range(columns)])
        grown = smoothstep(0.0, 0.16, t) * (0.72 + 0.28 * smoothstep(0.2, 0.6, t))
        offset = lift * smoothstep(0.02, 0.25, t) - 0.30 * (1 - smoothstep(0, 0.06, t)) + BULGE_CM * round_ * grown
        offset = np.where(u == 0, FRONT_EDGE_CM, offset - deep)
        rows.append(lay(normalize(along), offset))
    quads = ring_quads(ROWS + len(TURN_UNDER) - 1, columns, closed=False, turned=True)
    row = np.arange(ROWS + len(TURN_UNDER) - 1)
    down = (np.minimum(row / (ROWS - 1), 1.0) ** DENSE_CROWN)[:, None]
    dark = np.maximum(1 - smoothstep(0, EDGE_DARK, u), VALLEY_DARK * (1 - round_))[None, :]
    uv = np.stack(np.broadcast_arrays(dark, down), axis=-1).reshape(-1, 2)
    v, tris, uv = _facing_out(np.vstack(rows), quads_to_tris(quads), uv)
    inner = (tris // columns).min(axis=1) >= ROWS
    return v, tris[~inner], uv, tris[inner]


def _facing_out(v, tris, uv=None):
    face = np.cross(v[tris[:, 1]] - v[tris[:, 0]], v[tris[:, 2]] - v[tris[:, 0]])
    outwards = (face * (v[tris].mean(1) - CENTRE)).sum() > 0
    return v, tris if outwards else tris[:, ::-1], uv


# ---------------------------------------------------------------- single locks laid upon the sheets

LOCK_ROWS, LOCK_AROUND = 22, 10
LOCK_SHADE = (-0.6, 0.4)       # sine of the place round a lock between its lit back and its dark underside
ROOT_SHARE, TIP_SHARE = 0.55, 0.05     # of its width
GROWS_UNTIL, TAPERS_FROM = 0.35, 0.62  # along a lock
FLAT_BELOW, BENDS_CM = 0.55, 18.0      # its underside is flatter, and it bends round the head by its half width squared over this


@dataclass(frozen=True)
class Lock:
    """A fat tapered lock along places on the head (degrees); the lift is its middle line's height over the volume."""
    places: tuple[tuple[float, float], ...]
    half_cm: float
    thick_cm: float
    lift_cm: float
    lift_tip_cm: float


LOCKS = (   # the fringe's upper sweep and a loose strand before the ear
    Lock(((28, 50), (4, 48), (-26, 40), (-50, 22), (-64, 0), (-70, -22), (-69, -42)), 1.9, 0.8, 0.25, 0.35),
    Lock(((21, 45), (42, 38), (57, 26), (66, 11), (71, -4), (69, -18)), 0.75, 0.4, -0.25, -0.7))


def _lock(lock: Lock):
    """(vertices, triangles, uv)."""
    t = np.linspace(0, 1, LOCK_ROWS)
    line = lay(normalize(spline(direction(*np.array(lock.places, float).T), t)), lerp(lock.lift_cm, lock.lift_tip_cm, t))
    return lock_along(lock, line, gradient(form, line))


def lock_along(lock: Lock, line, normals):
    """(vertices, triangles, uv) of a lock along points (LOCK_ROWS, 3), its back towards normals."""
    t, n = np.linspace(0, 1, LOCK_ROWS), LOCK_AROUND
    along = normalize(np.gradient(line, axis=0))
    side = normalize(np.cross(along, normals))
    taper = lerp(TIP_SHARE, 1, np.sqrt(np.clip(1 - smoothstep(TAPERS_FROM, 1.0, t) ** 1.6, 0, 1)))
    half = lock.half_cm * lerp(ROOT_SHARE, 1, smoothstep(0, GROWS_UNTIL, t)) * taper
    thick = lock.thick_cm * lerp(GROWS_UNTIL, 1, smoothstep(0, 0.25, t)) * taper
    turn = np.arange(n) / n * 2 * np.pi
    c, s = np.cos(turn), np.sin(turn)
    x = half[:, None] * np.sign(c) * np.abs(c) ** 0.85
    y = thick[:, None] * np.where(s > 0, np.abs(s) ** 0.9, FLAT_BELOW * s) - x ** 2 / BENDS_CM
    v = (line[:, None] + side[:, None] * x[..., None] + np.cross(side, along)[:, None] * y[..., None]).reshape(-1, 3)
    uv = np.column_stack([np.tile(smoothstep(*LOCK_SHADE, -s), LOCK_ROWS), np.repeat(t, n)])
    return *_closed(v, line), np.vstack([uv, [[.5, 0], [.5, 1]]])


def _closed(v, line):
    """A tube's rings (rows * n, 3) about a line with its ends: (vertices, triangles facing out)."""
    n, rows = LOCK_AROUND, len(line)
    first, last = len(v), (rows - 1) * n
    caps = [[first, (i + 1) % n, i] for i in range(n)] + [[first + 1, last + i, last + (i + 1) % n] for i in range(n)]
    v, tris = np.vstack([v, line[0], line[-1]]), np.vstack([quads_to_tris(ring_quads(rows, n)), caps])
    face = np.cross(v[tris[:, 1]] - v[tris[:, 0]], v[tris[:, 2]] - v[tris[:, 0]])
    away = v[tris].mean(1) - line[np.minimum(tris[:, 0] // n, rows - 1)]
    return v, tris if (face * away).sum() > 0 else tris[:, ::-1]


# (azimuth, elevation) where the layer beneath ends: round the face, over the left ear, at the nape.
UNDER_ENDS = ((-180, -42), (-75, -42), (-64, -36), (-55, 4), (-40, 33), (0, 49), (40, 46), (55, 32), (66, 15), (98, -4),
              (106, -28), (113, -42), (180, -42))
UNDER_ROWS, UNDER_AROUND = 14, 48
UNDER_DEEP_CM = (-0.9, -1.6, -2.6)     # beneath the volume; the last two rows turn in


def under():
    """The dark layer beneath, cut out round the face and the left ear."""
    azimuth = np.linspace(-180, 180, UNDER_AROUND + 1)[:-1]
    low = np.interp(azimuth, *np.array(UNDER_ENDS).T)
    rows, n = UNDER_ROWS, UNDER_AROUND
    v = np.vstack([lay(direction(azimuth, lerp(88.0, low, min(r / (rows - 1), 1.0))), UNDER_DEEP_CM[max(0, r - rows + 1)])
                   for r in range(rows + 2)])
    return _facing_out(v, quads_to_tris(ring_quads(rows + 2, n, turned=True)))


def build():
    """((vertices, triangles, uv) of what is seen, (vertices, triangles) of the dark inside)."""
    sheets = [_sheet(RIGHT_LOCKS, FRINGE, RIGHT_FRONT_DEG, -181.0, 0.05), _sheet(LEFT_LOCKS, TUCKED, LEFT_FRONT_DEG, 181.0, 0.0)]
    beneath, tris, _ = under()
    return (joined([sheet[:3] for sheet in sheets] + [_lock(lock) for lock in LOCKS]),
            joined([(beneath, tris)] + [(v, inner) for v, _, _, inner in sheets]))
