"""The lower jaw's movements: it turns about a hinge before the ears, slides forward and swings sideways."""
import numpy as np

from vmath import rot_x

HINGE = np.array([0.0, -2.4, -0.6])
OPEN_DEG = 26.0                # parts the lips by about a fifth of the head
SWING_DEG = 6.0
MOUTH_SHIFT_DEG = 8.0
FORWARD_CM = np.array([0, 0.05, 0.62])


def opened(p, degrees=OPEN_DEG):
    """Displacement (n, 3) of points that turn with the jaw."""
    return rot_x(p - HINGE, degrees) + HINGE - p


def turned_sideways(p, degrees, about=HINGE):
    return np.cross(np.array([0, np.radians(degrees), 0]), p - np.array(about))


def jaw_part_targets(p, share=1.0):
    """Targets of what is fixed to the lower jaw; share (n,) or one number for what follows in part."""
    w = np.broadcast_to(np.asarray(share, float), (len(p),))[:, None]
    yaw = turned_sideways(p, SWING_DEG) * w
    return {"jawOpen": opened(p) * w, "jawForward": np.tile(FORWARD_CM, (len(p), 1)) * w, "jawLeft": yaw, "jawRight": -yaw}
