"""Beard and moustache: soft cushions that stand on the skin and move with it."""
import numpy as np

from anchors import cast_on, seen_from_front
from on_skin import OnSkin
from parts import Part
from vmath import lerp, normalize, quads_to_tris, ring_quads, smoothstep, spline

ORIGIN = np.array([0.0, -3.2, 0.5])              # of the beard's directions: within the jaw
COLUMNS, ROWS = 73, 15
# Azimuth of a column and the elevations of the beard's upper and lower edge (degrees), on the left side.
EDGES = ((0, -27.5, -62), (6, -27.5, -62), (13, -25, -62), (19, -15, -61), (25, -5, -60),
         (34, 2, -57), (48, 8, -53), (62, 17, -48), (76, 29, -38), (87, 36, -10))
FULL_CM, SIDES_CM, SUNK_CM = 0.62, 0.30, -0.22
LINES_A_STRAND, STRAND_CM = 4, 0.10        # strands follow lines of the mesh, as light on hair does; how far they stand out
WAVE_DEG, WAVES = 1.2, 9.0     # they hang in soft waves
EDGE_SHARE = 0.22              # of the height over which the cushion rises
DARK = 0.85                    # texture place of the valleys between strands
BEARD_V = (0.35, 0.85)         # part of the hair texture that it uses

M_HALF_CM = (0.34, 0.50, 0.50, 0.38, 0.05)
# Middle lines, seen from the front, from below the nose past the corner of the mouth: into a beard, or turned up alone.
INTO_BEARD = ((0.0, -3.85), (0.8, -3.88), (1.7, -4.22), (2.5, -4.80), (3.05, -5.55))
TURNED_UP = ((0.0, -3.85), (0.8, -3.92), (1.7, -4.28), (2.55, -4.62), (3.35, -4.50))
M_COLUMNS, M_ROWS, M_CM = 17, 7, 0.60


def _strands(lines):
    """Height 0..1 (n,) of strands at lines of the mesh side by side, from one on the middle line to both sides."""
    return 0.5 + 0.5 * np.cos(2 * np.pi * (np.arange(lines) - lines // 2) / LINES_A_STRAND)


def beard(head: Part) -> OnSkin:
    azimuth = np.linspace(-EDGES[-1][0], EDGES[-1][0], COLUMNS)
    side = np.abs(azimuth)
    hi, lo = (np.interp(side, [e[0] for e in EDGES], [e[k] for e in EDGES]) for k in (1, 2))
    t = np.linspace(0, 1, ROWS)[:, None]
    elevation, a = np.radians(lerp(hi, lo, t)), np.radians(azimuth + WAVE_DEG * np.sin(WAVES * t))
    d = np.stack([np.sin(a) * np.cos(elevation), np.sin(elevation), np.cos(a) * np.cos(elevation)], axis=-1).reshape(-1, 3)
    anchors = cast_on(head.v, head.tris, np.tile(ORIGIN, (len(d), 1)), d)
    rise = np.sqrt(smoothstep(0, EDGE_SHARE, t) * smoothstep(0, EDGE_SHARE, 1 - t)) * smoothstep(0, 8, EDGES[-1][0] - side)
    strand = _strands(COLUMNS)
    full = lerp(SIDES_CM, FULL_CM, 1 - smoothstep(25, 75, side))
    height = SUNK_CM + (full - SUNK_CM + STRAND_CM * strand) * rise
    uv = np.stack(np.broadcast_arrays(DARK * (1 - strand), lerp(*BEARD_V, t)), axis=-1).reshape(-1, 2)
    return OnSkin("beard_full", "hair", anchors, height.ravel(), quads_to_tris(ring_quads(ROWS, COLUMNS, closed=False, turned=True)), uv)


def moustache(head: Part, name, line) -> OnSkin:
    u = np.linspace(-1, 1, 2 * M_COLUMNS - 1)
    middle = spline(np.array(line), np.abs(u)) * np.column_stack([np.sign(u), np.ones_like(u)])
    along = normalize(np.gradient(middle, axis=0))
    up = np.column_stack([-along[:, 1], along[:, 0]])
    half = spline(np.array(M_HALF_CM)[:, None], np.abs(u))[:, 0]
    s = np.linspace(-1, 1, M_ROWS)[:, None]
    xy = (middle + up * (half * s)[..., None]).reshape(-1, 2)
    anchors = seen_from_front(head.v, head.tris, xy)
    rise = np.sqrt(np.clip(1 - s * s, 0, 1)) * np.sqrt(np.clip(1 - np.abs(u) ** 3, 0, 1)) * (1 - 0.35 * np.exp(-(u / 0.07) ** 2))
    strand = _strands(M_ROWS)[:, None]
    height = SUNK_CM + (M_CM - SUNK_CM + 0.7 * STRAND_CM * strand) * rise
    uv = np.stack(np.broadcast_arrays(DARK * (1 - strand), lerp(*BEARD_V, np.abs(u))), axis=-1).reshape(-1, 2)
    return OnSkin(name, "hair", anchors, height.ravel(), quads_to_tris(ring_quads(M_ROWS, len(u), closed=False)), uv)
