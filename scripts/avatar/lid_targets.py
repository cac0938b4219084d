"""Targets of the lids: they turn about the eye's centre and slide over the ball."""
import numpy as np

from fields import Fields
from head import EYE_RINGS, LID_MARGIN
from jaw import turned_sideways
from lids import lid_curves
from look import Eye
from vmath import lerp, normalize, rot_x

LIFTED_OUT_CM = 0.20           # so do lids that look up: a blink on the way up clears the eye, too
SHUT_OUT_CM = 0.14             # shut lids lie this much further out, so that the chords of a blink clear the eye
RING_SHARE = np.array([0, 0.0, 0.025, 0.07, 0.16, 0.46, 0.76, 1, 1, 1])   # of the margin's turn, per ring
SIDEWAYS_DEG = 1.8             # what looks aside draws the lids along, about the eye as well: along a line they would dip into it
APPLE_FROM_EYE = (0.0, -2.7, 1.1)


def bump(t):
    return np.clip(4 * t * (1 - t), 0, 1) ** 0.7


def _turned(upper_deg, lower_deg):
    """The same turn all along the lid, none at the corners; each function is of (t, open line, shut line)."""
    return (lambda t, line, shut: upper_deg * bump(t)), (lambda t, line, shut: lower_deg * bump(t))


def _to_shut(t, line, shut):
    return shut - line


LID_MOVES = {"eyeBlink": (_to_shut, _to_shut), "eyeSquint": _turned(-5.0, 10.0), "eyeWide": _turned(8.0, -3.0),
             "eyeLookUp": _turned(8.0, 2.5), "eyeLookDown": _turned(-15.0, -4.0), "cheekSquint": _turned(0.0, 6.0)}


def turn_lid(eye: Eye, p, degrees, weight, radius=None):
    """Displacement of points (n, 3) of the left eye's lids turned by degrees (positive opens upward)."""
    q = p - np.array(eye.centre)
    r = np.linalg.norm(q, axis=1)
    moved = rot_x(q, -degrees * weight)
    if radius is not None:
        moved = moved * (lerp(r, np.maximum(radius, r - 0.25), weight) / r)[:, None]
    return moved - q


def lid_place(head):
    """Per vertex: t along the lid (0 inner .. 1 outer), +1/-1 for upper/lower lid (0 elsewhere), share of a turn."""
    n = int(head.eye_q.max()) + 1
    half, q, k = n // 2, head.eye_q, head.eye_k
    t = np.where(q <= half, q / half, (n - q) / half)
    side = np.where((q <= 0) | (q == half), 0, np.where(q < half, 1, -1))
    return t, side, np.where(k >= 0, RING_SHARE[np.clip(k, 0, EYE_RINGS)], 0.0)


def lid_target(f: Fields, name):
    """Displacement of both eyes' lids."""
    up, low = LID_MOVES[name]
    t, side, weight = lid_place(f.head)
    eye = f.look.eye
    hi, lo, shut = lid_curves(eye, np.clip(t, 0, 1))
    degrees = np.where(side > 0, up(t, hi, shut), np.where(side < 0, low(t, lo, shut), 0.0))
    goal = None
    if name == "eyeBlink":
        r = np.linalg.norm(f.sv - np.array(eye.centre), axis=1)
        goal = np.where(f.head.eye_k <= LID_MARGIN, eye.ball_radius + eye.lid_gap + SHUT_OUT_CM, r)
    d = turn_lid(eye, f.sv, degrees, weight, goal)
    if name == "eyeLookUp":
        d += LIFTED_OUT_CM * (weight * bump(np.clip(t, 0, 1)))[:, None] * normalize(f.sv - np.array(eye.centre))
    d[side == 0] = 0.0
    d[:, 0] *= np.sign(f.v[:, 0])
    return d


def eye_targets(f: Fields):
    out = {name: lid_target(f, name) for name in LID_MOVES if name != "cheekSquint"}
    cheek = f.from_eye(APPLE_FROM_EYE, (1.6, 0.9, 2.0)) * f.off_lid
    out["eyeSquint"] += f.move(0, 0.16 * cheek, 0.06 * cheek)
    t, side, weight = lid_place(f.head)
    drawn = (weight * (side != 0) * bump(t))[:, None] * f.outwards(turned_sideways(f.sv, SIDEWAYS_DEG, f.look.eye.centre))
    return out | {"eyeLookIn": -drawn, "eyeLookOut": drawn}
