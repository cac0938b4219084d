"""Hair: two sculpted sheets of clumps that fall from a side parting, over a close cap."""
import numpy as np
import shape
from vmath import lerp, normalize, quads_to_tris, smoothstep, spline

CLUMPS = 9            # per sheet
COLS_PER_CLUMP = 6
ROWS = 24
THICK_ROOT_CM, THICK_CM = 0.45, 1.05
WAVE_CM = 0.30

# Guide strands from the front edge (first) to the back middle (last); each from root to tip, cm.
LEFT = [
    [(1.6, 6.8, 6.3), (3.9, 5.7, 5.6), (5.5, 3.9, 4.4), (6.6, 1.7, 2.0), (7.0, -0.6, -1.9), (7.0, -4.8, -2.9), (6.9, -8.8, -2.4), (6.0, -12.0, -1.0)],
    [(1.65, 8.9, 4.4), (4.6, 7.6, 3.6), (6.5, 5.0, 1.6), (7.3, 2.2, -0.9), (7.4, -1.5, -3.3), (7.5, -5.6, -4.1), (7.4, -9.4, -3.7), (6.5, -12.6, -2.6)],
    [(1.45, 10.0, 1.5), (4.9, 8.7, 0.2), (7.0, 5.6, -2.0), (7.5, 2.0, -4.0), (7.4, -2.2, -5.3), (7.5, -6.2, -5.6), (7.3, -10.0, -5.3), (6.4, -13.0, -4.6)],
    [(1.05, 10.4, -1.5), (4.2, 9.2, -4.0), (6.0, 6.0, -6.3), (6.2, 2.0, -7.5), (5.9, -2.5, -7.9), (5.8, -6.6, -7.6), (5.6, -10.4, -7.3), (4.9, -13.4, -6.4)],
    [(0.2, 10.2, -3.5), (-0.4, 9.0, -6.8), (-0.6, 5.8, -9.2), (-0.6, 1.5, -9.8), (-0.6, -3.0, -9.4), (-0.6, -7.0, -8.8), (-0.6, -10.6, -8.4), (-0.5, -13.6, -7.4)],
]
RIGHT = [
    [(2.15, 6.8, 6.3), (-0.6, 6.3, 7.0), (-3.5, 4.9, 6.2), (-5.9, 2.4, 3.6), (-6.9, -0.6, -1.0), (-7.0, -4.8, -2.3), (-6.9, -8.8, -1.8), (-6.0, -12.0, -0.4)],
    [(2.25, 8.9, 4.4), (-1.6, 8.9, 5.2), (-5.2, 6.8, 3.8), (-7.0, 3.2, 0.6), (-7.4, -1.3, -2.9), (-7.5, -5.6, -3.7), (-7.4, -9.4, -3.3), (-6.5, -12.6, -2.2)],
    [(2.1, 10.0, 1.5), (-2.4, 10.2, 1.2), (-6.0, 7.6, -0.8), (-7.4, 3.0, -3.2), (-7.4, -2.0, -5.0), (-7.5, -6.2, -5.4), (-7.3, -10.0, -5.1), (-6.4, -13.0, -4.4)],
    [(1.7, 10.4, -1.5), (-1.6, 10.0, -3.6), (-4.9, 7.2, -5.8), (-6.2, 2.4, -7.3), (-6.0, -2.5, -7.8), (-5.9, -6.6, -7.5), (-5.7, -10.4, -7.2), (-5.0, -13.4, -6.3)],
    [(1.0, 10.2, -3.5), (1.0, 9.0, -6.8), (1.0, 5.8, -9.2), (1.0, 1.5, -9.8), (1.0, -3.0, -9.4), (1.0, -7.0, -8.8), (1.0, -10.6, -8.4), (0.9, -13.6, -7.4)],
]
# Loose locks: (root .. tip), greatest half width, thickness
LOCKS = [
    ([(1.9, 6.9, 6.4), (-1.2, 6.5, 7.3), (-4.1, 5.0, 6.5), (-6.5, 2.2, 4.0), (-7.2, -1.6, 2.9), (-6.9, -4.6, 3.2)], 0.95, 0.42),
    ([(1.9, 7.6, 5.9), (-1.6, 7.4, 6.9), (-4.8, 5.8, 6.0), (-6.8, 2.8, 3.4), (-7.4, -0.8, 1.6), (-7.2, -4.4, 1.4)], 1.1, 0.45),
    ([(1.9, 6.9, 6.2), (3.9, 5.9, 6.1), (5.7, 3.8, 4.8), (6.8, 0.9, 2.9), (7.1, -2.2, 2.4)], 0.75, 0.36),
    ([(5.9, 4.0, 3.4), (6.75, 1.4, 2.3), (7.1, -1.8, 1.9), (7.0, -4.8, 2.2), (6.1, -7.4, 3.2)], 0.55, 0.34),
    ([(-5.5, 4.4, 4.2), (-6.7, 1.6, 2.9), (-7.1, -1.8, 2.3), (-7.0, -5.2, 2.6), (-6.0, -8.2, 3.7)], 0.62, 0.38),
    ([(6.7, 1.0, -1.6), (7.1, -2.6, -2.6), (7.3, -6.0, -2.3), (7.0, -9.4, -1.2), (6.0, -12.4, 0.6)], 0.85, 0.45),
    ([(-6.7, 1.0, -1.2), (-7.1, -2.6, -2.2), (-7.3, -6.0, -1.9), (-7.0, -9.4, -0.8), (-5.9, -12.6, 1.2)], 0.9, 0.45),
]


def _outside(p, offset):
    """Push points out of the head to at least the given distance."""
    for _ in range(3):
        d = shape.body(p)
        p = p + np.maximum(offset - d, 0)[:, None] * shape.gradient(shape.body, p)
    return p


def _clumps(cols, seed):
    """Per column: place across its clump 0..1, clump number; clumps have uneven widths."""
    rng = np.random.default_rng(seed)
    width = rng.uniform(0.65, 1.35, CLUMPS)
    edges = np.concatenate([[0], np.cumsum(width)]) / width.sum()
    c = np.arange(cols) / COLS_PER_CLUMP
    index = np.minimum(c.astype(int), CLUMPS - 1)
    local = c - index
    return local, index, lerp(edges[index], edges[index + 1], local), rng


def _sheet(guides, seed):
    cols = CLUMPS * COLS_PER_CLUMP + 1
    local, index, u, rng = _clumps(cols, seed)
    v = np.linspace(0, 1, ROWS)
    g = np.array([spline(k, v) for k in guides])                        # guide, row, 3
    base = np.stack([spline(g[:, r], u) for r in range(ROWS)], axis=0)  # row, col, 3
    flat = base.reshape(-1, 3)
    onto = shape.project(shape.face, flat, 0.10, 5)
    lie = (1 - smoothstep(0.42, 0.60, v))[:, None, None]                # near the root strands lie on the skull
    inner = lerp(_outside(flat, 0.15), onto, np.repeat(lie, cols, 1).reshape(-1, 1)).reshape(base.shape)
    away = shape.gradient(shape.face, inner.reshape(-1, 3)).reshape(base.shape)
    away = normalize(away * [1, 0.75, 1])
    round_ = np.sin(np.pi * local) ** 0.7
    size, reach = rng.uniform(0.7, 1.15, CLUMPS)[index], rng.uniform(-0.6, 0.4, CLUMPS)[index]
    thick = lerp(THICK_ROOT_CM, THICK_CM, smoothstep(0.0, 0.30, v)) - (THICK_ROOT_CM + 0.15) * (1 - smoothstep(0.0, 0.09, v))
    groove = lerp(0.16, 0.50, smoothstep(0.15, 0.9, v))[:, None]
    edge = smoothstep(-0.15, 1.3, index + local)[None, :]
    back = smoothstep(0.0, 0.6, CLUMPS - index - local)[None, :]
    h = thick[:, None] * (1 - groove * (1 - round_[None, :])) * (0.75 + 0.25 * size[None, :])
    h = h * (0.08 + 0.92 * edge) * (0.55 + 0.45 * back)
    out = inner + away * h[..., None]
    along = smoothstep(0.42, 0.8, v)[:, None]
    wave = WAVE_CM * np.sin(v[:, None] * 13.5 - 5.2 + 1.6 * np.sin(u * 9.0)[None, :]) * along
    out += away * wave[..., None]
    tip = smoothstep(0.75, 1.0, v)[:, None]
    out[..., 1] -= tip * (0.9 * round_ + reach)[None, :]
    out -= away * (0.5 * smoothstep(0.86, 1.0, v)[:, None] * (1.2 - round_)[None, :])[..., None]
    return out, u, v, inner, away


def _lock(points, half, thick):
    """A loose lock: flattened tube that swells and runs to a point."""
    rows, n = 18, 8
    t = np.linspace(0, 1, rows)
    c = spline(points, t)
    along = normalize(np.gradient(c, axis=0))
    out_dir = normalize(shape.gradient(shape.face, c) * [1, 0.4, 1])
    side = normalize(np.cross(along, out_dir))
    out_dir = np.cross(side, along)
    swell = np.clip(np.sin(np.pi * (0.002 + 0.998 * t) ** 0.62), 0.0, 1) ** 0.8
    swell[-1] = 0.02
    a = np.arange(n) / n * 2 * np.pi
    ring = (np.cos(a)[None, :, None] * side[:, None, :] * half + np.sin(a)[None, :, None] * out_dir[:, None, :] * thick)
    v = c[:, None, :] + ring * swell[:, None, None]
    v += out_dir[:, None, :] * (0.12 * np.sin(t * 9.0))[:, None, None]
    quads = [[r * n + i, r * n + (i + 1) % n, (r + 1) * n + (i + 1) % n, (r + 1) * n + i] for r in range(rows - 1) for i in range(n)]
    uv = np.column_stack([np.tile(np.abs(np.linspace(-0.12, 0.12, n)) + 0.3, rows), np.repeat(t, n)])
    return v.reshape(-1, 3), quads_to_tris(quads), uv


def _close(out, inner, away):
    """Lead the tips back up along the smooth inner face, so that the sheet has thickness from below."""
    rows = [lerp(out[-1], inner[-1], 0.6) + [0, -0.05, 0]]
    rows += [inner[-k] - away[-k] * 0.1 for k in (2, 6, 11, 15)]
    return np.concatenate([out, np.array(rows)], axis=0)


def _sheet_mesh(guides, seed, flip):
    out, u, v, inner, away = _sheet(guides, seed)
    out = _close(out, inner, away)
    rows, cols = out.shape[:2]
    vv = np.concatenate([v, np.linspace(0.97, 0.5, rows - len(v))])
    uv = np.stack(np.meshgrid(u, vv), axis=-1).reshape(-1, 2)
    quads = [[r * cols + c, (r + 1) * cols + c, (r + 1) * cols + c + 1, r * cols + c + 1]
             for r in range(rows - 1) for c in range(cols - 1)]
    tris = quads_to_tris(quads)
    return out.reshape(-1, 3), (tris[:, ::-1] if flip else tris), uv


def _cap():
    """Close layer over the skull behind the hairline, so that no skin shows between clumps."""
    az = np.linspace(-180, 180, 49)[:-1]
    rows = 14
    vs = []
    centre = np.array([0, 2.0, -1.2])
    for r in range(rows):
        f = r / (rows - 1)
        a = np.radians(az)
        ahead = np.cos(a)
        low = np.interp(ahead, [-1, -0.4, 0.05, 0.4, 0.75, 1.0], [-42, -38, 2, 20, 34, 37])   # hairline elevation, degrees
        e = np.radians(lerp(89.0, low, f))
        d = np.stack([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)], axis=1)
        p = shape.cast(shape.face, np.tile(centre, (len(a), 1)), d)
        lift = 0.16 if r < rows - 1 else -0.08
        vs.append(p + d * lift)
    n = len(az)
    quads = [[r * n + i, (r + 1) * n + i, (r + 1) * n + (i + 1) % n, r * n + (i + 1) % n] for r in range(rows - 1) for i in range(n)]
    v = np.vstack(vs)
    uv = np.column_stack([np.tile(np.linspace(0, 6, n) % 1.0, rows), np.repeat(np.linspace(0, 0.4, rows), n)])
    return v, quads_to_tris(quads), uv


def build():
    parts = [_cap(), _sheet_mesh(LEFT, 3, False), _sheet_mesh(RIGHT, 8, True)] + [_lock(*k) for k in LOCKS]
    vs, ts, us, base = [], [], [], 0
    for v, t, uv in parts:
        vs.append(v), ts.append(t + base), us.append(uv)
        base += len(v)
    return np.vstack(vs), np.vstack(ts), np.vstack(us)
