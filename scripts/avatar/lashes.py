"""The upper lid's lashes as one solid dark line that swells outwards, with two flicks at its end."""
import numpy as np

from lid_targets import LID_MOVES, LIFTED_OUT_CM, SHUT_OUT_CM, bump, turn_lid
from lids import eye_direction, lid_azimuth, lid_curves
from look import Eye, Lash
from vmath import normalize, smoothstep

COLUMNS, FROM, TO = 41, 0.04, 1.0      # along the lid, 0 at the inner corner
# Across the line: (height below the lid's edge in degrees, or share of the line's), (in the lid in cm, or share of its depth).
ROWS = ((-1.2, -0.10), (-0.6, 0.45), (0.25, 1.0), (0.62, 0.9))
CLEAR_CM = 0.03                        # above the lid; the line's upper edge is as deep within it
FLICKS = ((0.96, 0.42, 7, 9), (0.86, 0.36, 8, 7))      # place along the lid, length in cm, upwards and outwards in degrees
FLICK_STEPS, FLICK_HALF_DEG, FLICK_THICK_DEG = (0.0, 0.4, 0.75), 5.0, 0.8
FLICK_TRIS = ((0, 1, 3), (0, 3, 2), (2, 3, 5), (2, 5, 4), (4, 5, 6))


def _point(eye, t, elevation, out_cm, side_deg=0.0):
    """Points over the lid's edge at t."""
    radius = eye.ball_radius + eye.lid_gap + np.asarray(out_cm)
    return np.array(eye.centre) + radius[..., None] * eye_direction(lid_azimuth(eye, t) + side_deg, elevation)


def _line(eye: Eye, lash: Lash):
    t = np.linspace(FROM, TO, COLUMNS)
    edge, _, _ = lid_curves(eye, t)
    ends = smoothstep(-0.02, 0.12, t) * (1 - 0.6 * smoothstep(0.93, 1.0, t))
    thick = (lash.thin_deg + lash.swells_deg * smoothstep(0.0, 0.75, t)) * ends
    deep = (lash.thin_cm + lash.swells_cm * smoothstep(0.1, 0.85, t)) * ends
    rows = [_point(eye, t, edge + (up if up < 0 else up * thick), out if out < 0 else out * deep + CLEAR_CM)
            for up, out in ROWS]
    rows.append(_point(eye, t, edge + thick, -CLEAR_CM))
    tris = [tri for r in range(len(ROWS)) for c in range(COLUMNS - 1) for a in [r * COLUMNS + c]
            for tri in ([a, a + 1, a + COLUMNS + 1], [a, a + COLUMNS + 1, a + COLUMNS])]
    return np.vstack(rows), np.array(tris), np.tile(t, len(rows))


def _flick(eye: Eye, t, length, lift, sweep):
    root = lid_curves(eye, np.array([t]))[0][0] + 1.0
    points = []
    for share in FLICK_STEPS:
        half = FLICK_HALF_DEG * (1 - share) ** 0.8
        for side, thick in ((-half, 0.0), (half, FLICK_THICK_DEG)):
            points.append(_point(eye, t, root + lift * share ** 1.4 + thick, share * length + 0.1, sweep * share + side))
    points.append(_point(eye, t, root + lift, length + 0.1, sweep))
    return np.array(points), np.array(FLICK_TRIS), np.full(len(points), t)


def lashes(eye: Eye, lash: Lash):
    """(vertices, triangles, targets without side) of the left eye's lashes; they turn with the lid's edge."""
    parts = [_line(eye, lash)] + [_flick(eye, t, length * lash.flick, lift * lash.flick, sweep) for t, length, lift, sweep in FLICKS]
    first = np.cumsum([0] + [len(v) for v, _, _ in parts])
    v, t = np.vstack([part[0] for part in parts]), np.concatenate([part[2] for part in parts])
    tris = np.vstack([part[1] + n for part, n in zip(parts, first)])
    edge, _, shut = lid_curves(eye, t)
    targets = {name: turn_lid(eye, v, upper(t, edge, shut), np.ones(len(v))) for name, (upper, _) in LID_MOVES.items()}
    targets["eyeBlink"] += SHUT_OUT_CM * normalize(v + targets["eyeBlink"] - np.array(eye.centre))
    targets["eyeLookUp"] += LIFTED_OUT_CM * bump(t)[:, None] * normalize(v - np.array(eye.centre))
    return v, tris, targets
