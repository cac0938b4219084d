"""All 52 ARKit targets of the skin, and how parts that lie on it follow."""
import numpy as np

import face_targets
import lid_targets
import mouth_targets
from arkit import ARKIT
from fields import Fields
from head import LIP_CONTACT
from jaw import FORWARD_CM, SWING_DEG, opened, turned_sideways
from lips import HALF

CLOSE_FALL = (0.45, 0.6, 0.78, 0.92, 0.97, 1, 1, 1, 1, 1, .9, .8)   # share of the lips' way per ring
UPPER_CLOSES = 0.42            # share of the gap that the upper lip closes
CORNERS_IN = 0.17              # corners come in while the jaw opens


def _jaw_targets(f: Fields):
    turned, weight = opened(f.v) * f.jaw[:, None], f.jaw[:, None]
    narrower = f.move(-CORNERS_IN * f.v[:, 0] * np.clip(f.jaw, 0, 1) * (1 - f.jaw) * 4 * f.mouth)
    # What closes an open mouth lets its corners out again, too: they would crumple between full lips.
    return {"jawOpen": turned + narrower, "mouthClose": _close(f, turned) - narrower, "jawForward": weight * FORWARD_CM,
            "jawLeft": turned_sideways(f.v, SWING_DEG) * weight}


def _close(f: Fields, jaw):
    """Brings the lips together that jawOpen at the same weight parts."""
    h, close = f.head, np.zeros_like(jaw)
    ids = {(h.mouth_j[i], h.mouth_k[i], f.v[i, 0] >= -1e-6): i for i in np.where(f.is_mouth)[0]}
    for (j, k, side), upper in ids.items():
        if j >= HALF:
            continue
        lower = ids[(2 * HALF - j, k, side)]
        gap = jaw[ids[(2 * HALF - j, LIP_CONTACT, side)]] - jaw[ids[(j, LIP_CONTACT, side)]]
        close[upper], close[lower] = UPPER_CLOSES * gap * CLOSE_FALL[k], (UPPER_CLOSES - 1) * gap * CLOSE_FALL[k]
    away = (f.from_line > 1.7) | (f.from_line < -3.2) | (f.v[:, 2] < 2.0)
    return f.harmonic(f.is_mouth | away, close, 200)


def build(f: Fields):
    """{ARKit name: displacement (n, 3) in cm}."""
    pairs = lid_targets.eye_targets(f)
    for group in (face_targets.brow_targets, face_targets.cheek_and_nose_targets, mouth_targets.smile_targets,
                  mouth_targets.lift_targets):
        pairs.update({k: f.outwards(d) for k, d in group(f).items()})
    out = {k: pairs.pop(k) for k in ("browInnerUp", "cheekPuff")}
    for k, d in pairs.items():
        out[k + "Left"], out[k + "Right"] = d * f.split[:, None], d * (1 - f.split)[:, None]
    for group in (mouth_targets.round_targets, mouth_targets.roll_targets, mouth_targets.shrug_targets, _jaw_targets):
        out.update(group(f))
    for k in ("mouth", "jaw"):
        out[k + "Right"] = out[k + "Left"][f.head.mirror] * [-1, 1, 1]
    out["tongueOut"] = mouth_targets.tongue_room(f)
    missing = [k for k in ARKIT if k not in out]
    if missing:
        raise ValueError(f"no target for {missing}")
    return {k: f.corner_together(d) for k, d in out.items()}


def follow(targets, skin, points, names, count=4):
    """Displacements of points that lie on the skin (m, 3), from its nearest vertices."""
    d2 = ((points[:, None, :] - skin[None, :, :]) ** 2).sum(-1)
    near = np.argsort(d2, axis=1)[:, :count]
    w = 1.0 / (np.take_along_axis(d2, near, 1) + 0.02)
    w /= w.sum(1, keepdims=True)
    return {k: (d[near] * w[..., None]).sum(1) for k, d in targets.items() if k.startswith(names)}
