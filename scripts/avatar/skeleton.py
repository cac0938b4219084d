"""Joints of head, neck and spine, and which of them moves what."""
import numpy as np

from look import Look
from vmath import smoothstep

EYES_HEIGHT_M = 1.60           # above the ground: a woman of about 1.7 m
SPINE, NECK, HEAD = (0, -22.0, -3.0), (0, -11.5, -2.6), (0, -5.5, -1.4)
SHOULDER = (1.2, -14.0, -2.6)      # the left one: where the collar bone begins
PARENT = {"Spine": None, "Neck": "Spine", "Head": "Neck", "LeftEye": "Head", "RightEye": "Head", "LeftShoulder": "Spine", "RightShoulder": "Spine"}
NAMES = list(PARENT)
# Heights between which one joint takes over from another (cm).
NECK_TO_HEAD, SPINE_TO_NECK = (-11.0, -7.0), (-14.5, -11.0)
THROAT_HANGS = 0.42            # of a place's z: the throat is lower than the nape and still the head's
THROAT_Z = (-6, 5)
SHOULDERS_X, SHOULDERS_BELOW = (6.0, 9.0), -11
LIFTED_X, LIFTED_Y = (2.5, 7.5), (-24.0, -17.0)      # what a collar bone lifts: all beyond it, and less of it down the chest


def joints(look: Look):
    """{name: place in cm}."""
    eye = np.array(look.eye.centre)
    shoulder = np.array(SHOULDER)
    return {"Spine": SPINE, "Neck": NECK, "Head": HEAD, "LeftEye": tuple(eye), "RightEye": tuple(eye * [-1, 1, 1]),
            "LeftShoulder": SHOULDER, "RightShoulder": tuple(shoulder * [-1, 1, 1])}


def to_world(p):
    """Centimetres about the head to metres above the ground."""
    return np.asarray(p, float) * 0.01 + [0, EYES_HEIGHT_M, 0]


def rigid(n, joint):
    """Joints (n, 4) and weights (n, 4) of what one joint moves."""
    j, w = np.zeros((n, 4), int), np.zeros((n, 4))
    j[:, 0], w[:, 0] = NAMES.index(joint), 1.0
    return j, w


def _lifted(v):
    """How much of what hangs on the spine a collar bone lifts, and which joint that is."""
    beyond = smoothstep(*LIFTED_X, np.abs(v[:, 0])) * smoothstep(*LIFTED_Y, v[:, 1])
    return beyond, np.where(v[:, 0] > 0, NAMES.index("LeftShoulder"), NAMES.index("RightShoulder"))


def body_weights(v):
    """Joints and weights that change smoothly down the neck and along the shoulders."""
    head = smoothstep(*NECK_TO_HEAD, v[:, 1] + THROAT_HANGS * np.clip(v[:, 2], *THROAT_Z))
    shoulder = smoothstep(*SHOULDERS_X, np.abs(v[:, 0])) * (v[:, 1] < SHOULDERS_BELOW)
    torso = np.maximum(1 - smoothstep(*SPINE_TO_NECK, v[:, 1]), shoulder)
    lifted, side = _lifted(v)
    w = np.stack([torso * (1 - lifted), np.clip(1 - head - torso, 0, 1), head, torso * lifted], axis=1)
    order = np.tile([NAMES.index("Spine"), NAMES.index("Neck"), NAMES.index("Head"), 0], (len(v), 1))
    order[:, 3] = side
    return order, w / w.sum(1, keepdims=True)


def torso_weights(v):
    """Joints and weights of what is worn on a chest."""
    lifted, side = _lifted(v)
    nothing = np.zeros(len(v))
    order = np.full((len(v), 4), NAMES.index("Spine"))
    order[:, 1] = side
    return order, np.stack([1 - lifted, lifted, nothing, nothing], axis=1)


def add_skeleton(writer, look: Look):
    """The joints as nodes and a skin of them all; its index."""
    places, ids, bind = joints(look), {}, []
    for name, at in places.items():
        parent = PARENT[name]
        local = to_world(at) - (to_world(places[parent]) if parent else 0)
        ids[name] = writer.node(name, local, ids[parent] if parent else None)
        matrix = np.eye(4)
        matrix[3, :3] = -to_world(at)
        bind.append(matrix.reshape(16))
    return writer.skin(look.name, [ids[n] for n in NAMES], bind)
