"""Short and gathered hair: locks combed from a pole or a parting over the scalp to a hem, all round the head.

Places on the head are directions from the hair's centre as in hair.py: (azimuth, elevation) in degrees, azimuth 0 in
front and 90 at the character's left. The hem turns under, so that hair has a thickness and no edge stands off the skin.
"""
from dataclasses import dataclass

import numpy as np

from hair import CENTRE, LOCK_ROWS, VALLEY_DARK, Lock, direction, lock_along
from parts import joined
from shape import Form, cast, gradient
from vmath import lerp, normalize, quads_to_tris, ring_quads, smoothstep, spline

Place = tuple[float, float]
FIRST_ROW = 0.04               # share of the way from the pole where the mesh begins; a fan closes it
UNDER_HEM = ((-0.01, 0.45), (-0.03, -0.15), (-0.05, -0.8))   # (share of the length back, share of the hem's height) of the turned rows
LOCK_ROUND = 2.4               # exponent of a lock's outline
GROWN, FLATTER_TIPS = 0.3, 0.35        # locks stand out from there on along their length, and less at their tips
RAISED_HEM = 0.6               # share of a bump's height that reaches the hem below it
PARTING_CM, PARTING_ENDS = 0.3, 0.12   # how deep the parting lies between its two sides, and how soon it ends
PART_SWEEP = 1.25              # how much sooner the strands' roots reach the parting's end than their tips go round

# Where a short cut ends: over the forehead, corners, sideburns, above the ears, at the nape.
MENS_HEM = ((-180, -36), (-135, -34), (-116, -26), (-106, -6), (-96, 4), (-84, 4), (-77, -6), (-71, -7), (-66, 8), (-58, 24),
            (-44, 39), (-22, 47), (0, 46), (22, 47), (44, 39), (58, 24), (66, 8), (71, -7), (77, -6), (84, 4), (96, 4), (106, -6),
            (116, -26), (135, -34), (180, -36))
FRINGE_HEM = tuple((a, e - 7.0 if -10 < a < 60 else e) for a, e in MENS_HEM)     # combed over the forehead to one side
WOMENS_HEM = ((-180, -37), (-130, -34), (-112, -22), (-103, -4), (-94, 5), (-82, 4), (-75, -2), (-68, 6), (-60, 20),
              (-42, 37), (-20, 46), (0, 48), (20, 46), (42, 37), (60, 20), (68, 6), (75, -2), (82, 4), (94, 5), (103, -4),
              (112, -22), (130, -34), (180, -37))


@dataclass(frozen=True)
class Bump:
    """Hair that stands higher round a place (degrees)."""
    at: Place
    wide_deg: float
    cm: float


@dataclass(frozen=True)
class Cut:
    """Locks from the roots (one pole, or the ends of a parting) to the hem; heights are over the scalp."""
    roots: tuple[Place, ...]
    hem: tuple[Place, ...]
    locks: int
    height_cm: float
    hem_cm: float
    bulge_cm: float                        # a lock's middle over the valleys beside it
    bumps: tuple[Bump, ...] = ()
    rows: int = 16
    columns_a_lock: int = 5
    jagged_deg: tuple[float, ...] = (0.0,)  # how much lower each lock's tip hangs, one after the other
    jagged_front: Place = (-60.0, 60.0)     # azimuths between which tips are uneven
    tapers: float = 0.55                    # share of the length from which hair grows thinner towards the hem
    uneven_cm: tuple[float, ...] = (0.0,)   # how much higher each lock lies, one after the other

    @property
    def is_parted(self):
        return len(self.roots) > 1


CROP = Cut(roots=((-38, 52), (-46, 66), (-120, 80), (-165, 70)), hem=FRINGE_HEM, locks=26, height_cm=0.9, hem_cm=0.14, bulge_cm=0.26,
           bumps=(Bump((8, 56), 22, 0.95), Bump((45, 60), 26, 0.5)), jagged_deg=(1.0, 6.0, 2.0, 5.0, 0.0, 7.0, 3.0),
           rows=18, tapers=0.5, uneven_cm=(0.18, -0.06, 0.12, 0.0, 0.22, -0.08, 0.06), columns_a_lock=6, jagged_front=(-30.0, 70.0))
SIDE_PART = Cut(roots=((33, 51), (42, 66), (120, 80), (165, 72)), hem=MENS_HEM, locks=24, height_cm=0.95, hem_cm=0.22, bulge_cm=0.26,
                bumps=(Bump((-12, 54), 22, 1.15), Bump((-40, 58), 26, 0.7), Bump((-90, 45), 30, 0.25)), rows=18,
                uneven_cm=(0.10, -0.06, 0.04, 0.12, -0.03))
TIED_BACK = Cut(roots=((180, 66),), hem=WOMENS_HEM, locks=28, height_cm=1.0, hem_cm=0.10, bulge_cm=0.16,
                bumps=(Bump((0, 62), 26, 0.9), Bump((60, 45), 26, 0.35), Bump((-60, 45), 26, 0.35)), tapers=0.4,
                uneven_cm=(0.06, -0.04, 0.10, 0.0, -0.05))
# Loose before the ears, from under the hair to the jaw.
STRANDS = (Lock(((58, 36), (66, 20), (69, 2), (67, -16), (63, -30), (65, -40)), 0.62, 0.34, 0.30, 0.55),
           Lock(((-58, 36), (-66, 20), (-70, 4), (-69, -12), (-65, -24)), 0.5, 0.3, 0.30, 0.45))


def _slerp(a, b, t):
    angle = np.arccos(np.clip((a * b).sum(-1), -1, 1))[..., None]
    s = np.maximum(np.sin(angle), 1e-6)
    return normalize(a * np.sin((1 - t) * angle) / s + b * np.sin(t * angle) / s)


def _roots(places, azimuth):
    """Root directions (n, 3) of strands whose tips lie at azimuths (n,)."""
    knots = direction(*np.array(places, float).T)
    if len(places) == 1:
        return np.tile(knots, (len(azimuth), 1))
    first = places[0][0]
    right = (first - azimuth) % 360
    share = np.where(azimuth > first, (azimuth - first) / (180 - first), np.minimum(right / (180 + first), 1.0))
    return normalize(spline(knots, np.minimum(share * PART_SWEEP, 1.0)))


def over_scalp(form: Form, directions, height):
    """Points (…, 3) at heights in cm over the scalp."""
    flat = directions.reshape(-1, 3)
    at = cast(form.face, np.tile(CENTRE, (len(flat), 1)), flat)
    return at.reshape(directions.shape) + directions * np.asarray(height)[..., None]


def _angle_deg(directions, place: Place):
    return np.degrees(np.arccos(np.clip(directions @ direction(*place), -1, 1)))


def _each(values, n, columns):
    """One of the values for each lock, one after the other, at its columns (n,)."""
    return np.array(values)[np.arange(n) // columns % len(values)]


def _rounded(place):
    """Height 0..1 across a lock at places 0..1: full in its middle, falling steeply to the valleys beside it."""
    return 1 - np.abs(2 * place - 1) ** LOCK_ROUND


def _heights(cut: Cut, d, t, place):
    """Heights (rows, n) of directions d at shares t (rows, 1) of the way from root to tip, at places (n,) across locks."""
    raised = sum((b.cm * np.exp(-0.5 * (_angle_deg(d, b.at) / b.wide_deg) ** 2) for b in cut.bumps), np.zeros(d.shape[:2]))
    thin, grown = smoothstep(cut.tapers, 1.0, t), smoothstep(0.0, GROWN, t)
    parting = PARTING_CM * (1 - smoothstep(0.0, PARTING_ENDS, t)) if cut.is_parted else 0.0
    volume = lerp(cut.height_cm + raised - parting, cut.hem_cm + RAISED_HEM * raised, thin)
    bulge = cut.bulge_cm + _each(cut.uneven_cm, len(place), cut.columns_a_lock)
    return volume + bulge * _rounded(place) * grown * (1 - FLATTER_TIPS * thin)


def _turned_under(height, rows):
    """Heights with those of the rows beyond the hem: down from its height and into the skin."""
    under = [height[rows - 1] * part if part > 0 else np.full(height.shape[1], part) for _, part in UNDER_HEM]
    return np.vstack([height[:rows], under])


def _tips(cut: Cut, azimuth, place):
    """Directions (n, 3) of the locks' tips; between two azimuths in front they hang unevenly."""
    uneven = (azimuth > cut.jagged_front[0]) & (azimuth < cut.jagged_front[1])
    lower = _each(cut.jagged_deg, len(place), cut.columns_a_lock) * (1 - np.abs(2 * place - 1)) * uneven
    return direction(azimuth, np.interp(azimuth, *np.array(cut.hem, float).T) - lower)


def comb(form: Form, cut: Cut):
    """(vertices, triangles, uv) of the cut's locks."""
    n = cut.locks * cut.columns_a_lock
    azimuth, place = np.arange(n) / n * 360 - 180, (np.arange(n) % cut.columns_a_lock) / cut.columns_a_lock
    root, tip = _roots(cut.roots, azimuth), _tips(cut, azimuth, place)
    start = 0.0 if cut.is_parted else FIRST_ROW
    t = np.concatenate([np.linspace(start, 1, cut.rows), [1 + back for back, _ in UNDER_HEM]])[:, None]
    d = np.stack([_slerp(root, tip, share) for share in t[:, 0]])
    v = over_scalp(form, d, _turned_under(_heights(cut, d, t, place), cut.rows))
    dark = np.broadcast_to(VALLEY_DARK * (1 - _rounded(place)), (len(t), n))      # alike all along a lock: light runs along it
    return _rows_mesh(v, dark, np.clip(t, 0, 1), not cut.is_parted)


def _rows_mesh(v, dark, along, has_pole, centre=CENTRE):
    """(vertices, triangles, uv) of rings (rows, n, 3) round the head; a fan closes the first one where it has a pole."""
    rows, n = v.shape[:2]
    uv = np.stack(np.broadcast_arrays(dark, along), axis=-1).reshape(-1, 2)
    points, tris = v.reshape(-1, 3), quads_to_tris(ring_quads(rows, n))
    if has_pole:
        points, uv = np.vstack([points, v[0].mean(0)]), np.vstack([uv, uv[:n].mean(0)])
        tris = np.vstack([tris, [[rows * n, (i + 1) % n, i] for i in range(n)]])
    return _facing_out(points, tris, uv, centre)


def _facing_out(v, tris, uv, centre=CENTRE):
    face = np.cross(v[tris[:, 1]] - v[tris[:, 0]], v[tris[:, 2]] - v[tris[:, 0]])
    return v, tris if (face * (v[tris].mean(1) - centre)).sum() > 0 else tris[:, ::-1], uv


# ---------------------------------------------------------------- a bun

BUN_RADII, BUN_OUT_CM = (3.5, 3.5, 2.9), 2.4      # flattened along the way out of the head
BUN_ROWS, BUN_TURNS, BUN_TURN_LOCKS, BUN_COLUMNS = 16, 0.35, 7, 42
BUN_BULGE_CM, BUN_V = 0.26, (0.25, 0.85)           # part of the texture's height that it uses


def bun(form: Form, place: Place):
    """(vertices, triangles, uv) of a knot of hair, its locks turned round its middle."""
    out = direction(*place)
    side = normalize(np.cross([0, 1.0, 0], out))
    frame = np.stack([side, np.cross(out, side), out])
    polar = np.linspace(0.06, 0.86, BUN_ROWS)[:, None] * np.pi
    place = np.arange(BUN_COLUMNS)[None, :] / BUN_COLUMNS
    turn = (place - BUN_TURNS * polar / np.pi) * 2 * np.pi          # columns run along the locks, as light on hair does
    lock = _rounded((place * BUN_TURN_LOCKS) % 1.0)
    r = 1 + BUN_BULGE_CM / BUN_RADII[0] * lock * np.sin(polar)
    local = np.stack(np.broadcast_arrays(np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)), axis=-1)
    centre = over_scalp(form, out, BUN_OUT_CM)
    v = centre + (local * r[..., None] * np.array(BUN_RADII)) @ frame
    return _rows_mesh(v, VALLEY_DARK * (1 - lock), lerp(*BUN_V, polar / np.pi), True, centre)


def _strand(form: Form, lock: Lock):
    t = np.linspace(0, 1, LOCK_ROWS)
    line = over_scalp(form, normalize(spline(direction(*np.array(lock.places, float).T), t)), lerp(lock.lift_cm, lock.lift_tip_cm, t))
    return lock_along(lock, line, gradient(form.face, line))


def tied_back(form: Form):
    return joined([comb(form, TIED_BACK), bun(form, TIED_BACK.roots[0]), *(_strand(form, lock) for lock in STRANDS)])


# ---------------------------------------------------------------- curls

CURLY_HEM = tuple((a, e + (1.0 if abs(a) < 62 else 0.0)) for a, e in WOMENS_HEM)
CURLY_CM = ((0, 2.9), (60, 2.7), (110, 2.9), (180, 2.7))     # over the scalp, by azimuth
CURLY_TOP_CM = 3.1
DOME = (3.0, 0.5)              # exponents: flat over the head, round towards the hem
CURLY_ROWS, CURLY_COLUMNS = 40, 92
CURLS, CURL_DEG, CURL_CM, CURL_SUNK = 190, 9.0, 1.5, 0.6      # the share of a curl that lies within the volume
CURL_DARK, CURL_V = 0.90, (0.35, 0.80)             # how dark it is between curls; part of the texture's height
CURL_U = 0.6                   # part of the texture's width, once round the head: its lit strands; the seam is behind
CURL_SEED = 5                  # of the curls' places: any will do, and the same for ever
CURL_JITTER_DEG, HEM_SUNK_CM = 4.0, 0.3
CURLS_FADE = (0.86, 1.0)       # share of the way from the crown over which curls fade to the hem


def _curl_centres():
    """Directions (CURLS, 3), evenly spread by the golden angle and shaken a little."""
    k = np.arange(CURLS) + 0.5
    y, turn = 1 - 2 * k / CURLS, k * np.pi * (3 - np.sqrt(5))
    r = np.sqrt(1 - y * y)
    even = np.stack([r * np.cos(turn), y, r * np.sin(turn)], axis=1)
    return normalize(even + np.radians(CURL_JITTER_DEG) * np.random.default_rng(CURL_SEED).normal(size=(CURLS, 3)))


def curls(form: Form):
    """(vertices, triangles, uv, shade) of a round head of curls: domes all over one large volume."""
    azimuth = np.arange(CURLY_COLUMNS) / CURLY_COLUMNS * 360 - 180
    tip = direction(azimuth, np.interp(azimuth, *np.array(CURLY_HEM, float).T))
    root = np.tile(direction(0.0, 90.0), (CURLY_COLUMNS, 1))
    t = np.linspace(0.02, 1.0, CURLY_ROWS)[:, None]
    d = np.stack([_slerp(root, tip, share) for share in t[:, 0]])
    angle = np.degrees(np.arccos(np.clip(d @ _curl_centres().T, -1, 1))).min(axis=-1)
    dome = np.sqrt(np.clip(1 - (angle / CURL_DEG) ** 2, 0, 1))
    full = lerp(CURLY_TOP_CM, np.interp(np.abs(azimuth), *np.array(CURLY_CM).T), smoothstep(0.2, 0.7, t))
    fade = 1 - smoothstep(*CURLS_FADE, t)
    height = full * (1 - t ** DOME[0]) ** DOME[1] + CURL_CM * (dome - CURL_SUNK) * fade - HEM_SUNK_CM * t ** 8
    around = CURL_U * (azimuth + 180) / 360        # not the shade: light that followed it would break at every curl's edge
    shade = 1 - CURL_DARK * (1 - dome)
    return *_rows_mesh(over_scalp(form, d, height), around, lerp(*CURL_V, t), True), np.append(shade, shade[0].mean())


# ---------------------------------------------------------------- a ring of hair round a bald head

RING_FROM_DEG, RING_TOP = 72.0, ((72, 4), (82, 14), (100, 20), (140, 19), (180, 13))
RING_HEM = ((72, -10), (77, -6), (84, 3), (88, 4), (98, 4), (106, -6), (116, -26), (135, -34), (180, -36))
RING_LOCKS, RING_COLUMNS_A_LOCK, RING_ROWS = 22, 5, 12
RING_CM, RING_BULGE_CM, RING_SUNK_CM = 0.80, 0.24, -0.3
RING_ENDS = 0.07               # share of its length over which it rises from the temples


def ring(form: Form):
    """(vertices, triangles, uv) of hair from temple to temple round the back."""
    n = RING_LOCKS * RING_COLUMNS_A_LOCK + 1
    azimuth = np.linspace(RING_FROM_DEG, 360 - RING_FROM_DEG, n)
    side = np.where(azimuth > 180, 360 - azimuth, azimuth)
    top, hem = (direction(azimuth, np.interp(side, *np.array(k, float).T)) for k in (RING_TOP, RING_HEM))
    t = np.linspace(0, 1, RING_ROWS)[:, None]
    d = np.stack([_slerp(top, hem, share) for share in t[:, 0]])
    place = (np.arange(n) % RING_COLUMNS_A_LOCK) / RING_COLUMNS_A_LOCK
    round_ = _rounded(place)
    along = np.linspace(0, 1, n)
    ends = smoothstep(0, RING_ENDS, along) * smoothstep(0, RING_ENDS, 1 - along)
    across = np.sqrt(smoothstep(0.0, 0.5, t) * smoothstep(0.0, 0.3, 1 - t))
    height = RING_SUNK_CM + (RING_CM - RING_SUNK_CM + RING_BULGE_CM * round_) * ends * across
    v = over_scalp(form, d, height).reshape(-1, 3)
    uv = np.stack(np.broadcast_arrays(VALLEY_DARK * (1 - round_)[None, :], 0.2 + 0.6 * t), axis=-1).reshape(-1, 2)
    return _facing_out(v, quads_to_tris(ring_quads(RING_ROWS, n, closed=False)), uv)
