"""Targets of the lips; in those of a pair x points outwards."""
import numpy as np

from fields import Fields
from head import LIP_BORDER, LIP_CONTACT
from face_targets import APPLE
from jaw import MOUTH_SHIFT_DEG, turned_sideways
from vmath import gauss, smoothstep

INNER_LIP_FLARE = 0.75         # lips that come forward turn out: their inside follows less


def smile_targets(f: Fields):
    """Smiles lift by a power of the way to the corner: a bump at the corner alone makes a V."""
    c, m, s = f.around_corner(), f.mouth, np.clip(f.share, 0, 1.15)
    apple = f.from_eye(APPLE, (1.5, 1.2, 2.2)) * f.off_lid
    thin = f.red * f.to_line() * 0.12
    mid = m * np.exp(-(f.ax / 1.4) ** 2)
    near = f.around_corner(1.15, 1.45)
    rise = 0.55 * m * s ** 1.8 + 0.55 * near * s ** 1.5
    wide = 0.55 * m * np.minimum(s, 1) + 0.5 * near * s
    round_red = smoothstep(0, LIP_BORDER + 1, f.head.mouth_k)
    return {
        "mouthSmile": f.move(0.62 * wide + 0.06 * apple, 0.92 * rise - 0.10 * m * (1 - rise) + 0.44 * apple + thin,
                             -0.40 * c + 0.26 * apple - 0.10 * m),
        "mouthFrown": f.move(0.05 * c, -0.70 * c + 0.08 * mid, -0.12 * c),
        "mouthDimple": f.move(0.32 * c, 0.10 * c, -0.36 * c),
        "mouthStretch": f.move(0.72 * c, -0.16 * c - 0.10 * f.low * m * c, -0.42 * c - 0.05 * m),
        "mouthPress": f.move(0.10 * c, f.red * f.to_line() * 0.42 + 0.06 * c, -0.13 * round_red - 0.08 * c)}


def lift_targets(f: Fields):
    arch = (1 - f.s ** 3) * (0.75 + 0.5 * f.s)
    below = np.where(f.red, 1.0, 1 - smoothstep(0.8, 2.6, -f.from_line))
    above = np.where(f.red, 1.0, 1 - smoothstep(0.7, 2.0, f.from_line))
    low, up = f.low * f.mouth * arch * below, (1 - f.low) * f.mouth * arch * above
    wing = gauss(f.sv, (1.0, -2.9, 8.0), (0.8, 0.6, 1.2))
    return {"mouthLowerDown": f.move(0.05 * low, -0.62 * low, 0.02 * low),
            "mouthUpperUp": f.move(0.02 * up, 0.70 * up + 0.12 * wing, 0.04 * up)}


def round_targets(f: Fields):
    """Funnel opens into a ring; pucker brings the corners in and down to the ring's middle, and parts hardly."""
    m, s, x = f.mouth, f.s, f.v[:, 0]
    ring, parted = (1 - s ** 2) ** 0.7, np.where(f.head.mouth_k >= LIP_CONTACT, 0.35, 1)
    up, low = (1 - f.low) * m, f.low * m
    cheeks = gauss(f.sv, (3.4, f.look.mouth.height + 0.2, 5.8), (1.2, 1.4, 2))
    flare = np.where(f.head.mouth_k >= LIP_CONTACT, INNER_LIP_FLARE, 1.0)
    return {"mouthFunnel": f.move(-0.36 * x * m, (0.44 * up - 0.44 * low) * ring - 0.52 * s ** 2 * m,
                                  (0.52 + 0.22 * s * s) * m * flare),
            "mouthPucker": f.move(-0.66 * x * m, (0.08 * up - 0.08 * low) * (1 - s * s) * parted - 0.72 * s ** 2 * m,
                                  (0.62 + 0.35 * s * s) * m * flare - 0.10 * cheeks)}


def roll_targets(f: Fields):
    k, out = f.head.mouth_k, {}
    fade = np.clip(1 - f.s ** 4, 0, 1)
    t = np.clip((k - LIP_BORDER) / (LIP_CONTACT - LIP_BORDER), 0, 1) * f.red
    skin, inner = f.mouth * (1 - f.red) * fade, (k > LIP_CONTACT) * f.red
    for name, part, mask, sign, rise in (("mouthRollLower", f.lower, f.low, 1.0, 0.37),
                                         ("mouthRollUpper", f.upper, 1 - f.low, -1.0, 0.24)):
        red = part * fade
        y = red * f.to_line() * (0.62 - 0.1 * t) + sign * rise * red * t ** 1.5 + sign * 0.28 * skin * mask
        out[name] = f.move(0, y, -(0.16 + 0.34 * t + 0.10 * inner) * red - 0.12 * skin * mask)
    return out


def shrug_targets(f: Fields):
    mid = f.mouth * (1 - f.s ** 2.5)
    chin = gauss(f.sv, (0, f.look.mouth.height - 2.4, 7.3), (1.6, 1.0, 2.0))
    return {"mouthShrugLower": f.move(0, 0.34 * mid * (0.55 + 0.45 * f.low) + 0.28 * chin * (1 - f.red),
                                      0.12 * mid * f.low + 0.06 * chin),
            "mouthShrugUpper": f.move(0, 0.26 * mid * (1 - 0.45 * f.low), 0.10 * mid * (1 - f.low)),
            "mouthLeft": turned_sideways(f.v, MOUTH_SHIFT_DEG, (0, 0, 1.0)) * f.mouth[:, None]}


def tongue_room(f: Fields):
    """tongueOut parts the lips a little in the middle."""
    mid = f.mouth * (1 - f.s ** 1.6)
    return f.move(0, 0.20 * mid * (1 - f.low) - 0.50 * mid * f.low, 0.10 * mid)
