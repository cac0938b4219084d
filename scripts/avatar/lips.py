"""The lines of the lips over s = 0 (middle) .. 1 (corner), and their rings from the red border inwards."""
import numpy as np

from look import Mouth
from shape import Form, cast
from vmath import lerp

MOUTH_C = 12                 # columns of the grid that the mouth spans, from the midline
HALF = MOUTH_C + 2           # index of the corner's column round the mouth
CUPID_BOW = 0.20             # how much lower the upper lip is in its middle
LIP_FRONT = (0.0, 0.2, 0.46, 0.75, 1.0)          # shares of the way from the red border to the contact line
UPPER_FULL_CM, LOWER_FULL_CM = 0.22, 0.34        # how far the lips stand out from the skin: the lower one fuller
# Rings of the inner lip: (back from the contact line, away from it, share of its width).
INNER_LIP = ((0.34, 0.0, 0.985), (0.62, 0.22, 0.97), (0.78, 0.62, 0.97), (0.80, 1.05, 0.97))


def mouth_s(j):
    """Place of a column round the mouth: 0 at the middle, 1 at the corner; closer together at the corner."""
    t = 1 - np.abs(np.asarray(j) - HALF) / HALF
    return 0.45 * t + 0.55 * np.sin(t * np.pi / 2)


def mouth_line(mouth: Mouth, s):
    """Height of the line where the lips meet: level in the middle, its ends turned up."""
    return mouth.height + mouth.corner_lift * (0.2 * s ** 2 + 0.8 * s ** 3)


def lip_curves(mouth: Mouth, s):
    """Heights of the contact line, the upper and the lower red border."""
    contact = mouth_line(mouth, s)
    taper = np.clip(np.cos(s * np.pi / 2), 0, 1)
    bow = (1 - CUPID_BOW * np.exp(-(s / 0.15) ** 2)) * (1 - 0.12 * s)
    return contact, contact + mouth.upper_lip * taper * bow, contact - mouth.lower_lip * taper ** 1.15


def _front_z(form: Form, x, y):
    origin = np.stack([x, y, np.zeros_like(x)], axis=1)
    return cast(form.skin, origin, np.tile([0, 0, 1.0], (len(x), 1)))[:, 2]


def lip_rings(form: Form, n):
    """Positions [(n, 3)] of the rings from the red border over the contact line to the inner lip."""
    mouth, j = form.look.mouth, np.arange(n)
    s = mouth_s(j)
    upper, corner = j < n // 2, j == n // 2
    x = mouth.half_width * s
    contact, hi, lo = lip_curves(mouth, s)
    edge = np.where(upper, hi, np.where(corner, contact, lo))
    fade = np.clip(1 - s * s, 0, 1) ** 0.45
    rings = []
    for t in LIP_FRONT:
        y = lerp(edge, contact, t)
        full = np.where(upper, UPPER_FULL_CM * np.sin(np.pi * t * 0.66), LOWER_FULL_CM * np.sin(np.pi * t ** 0.9 * 0.74))
        rings.append(np.stack([x, y, _front_z(form, x, y) + full * fade], axis=1))
    front = rings[-1]
    front[:, 2] = 0.5 * (front[:, 2] + front[::-1, 2])   # upper and lower lip touch
    sign = np.where(upper, 1.0, np.where(corner, 0.0, -1.0))
    for back, rise, share in INNER_LIP:
        rings.append(np.stack([front[:, 0] * share, front[:, 1] + sign * rise * (1 - s ** 4), front[:, 2] - back], axis=1))
    return rings
