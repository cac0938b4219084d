"""What random mixes of expressions do to each look: python3 scripts/avatar/combinations.py

Prints for each look the worst that was measured in 200 mixes, always the same ones. A mix is four expressions at any
strength, as speech under a mood is; what no face is asked for at once is left out: a mouth closed further than its
jaw is open, or two expressions that undo one another.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np

import checks
import crossings
import family
import teeth
from arkit import TARGETS
from body import Body
from head import LID_CREASE, LID_MARGIN, LIP_CONTACT

MIXES, EXPRESSIONS_A_MIX, SEED = 200, 4, 12
SKIN_ROUND_LIPS = 1            # rings of the mouth from here to the contact line are seen
OPPOSED = (("eyeLookUp", "eyeLookDown"), ("eyeLookIn", "eyeLookOut"), ("eyeBlink", "eyeWide"), ("eyeSquint", "eyeWide"), ("eyeBlink", "eyeLookDown"),
           ("jawLeft", "jawRight"), ("mouthLeft", "mouthRight"), ("mouthSmile", "mouthFrown"), ("mouthPucker", "mouthStretch"),
           ("mouthFunnel", "mouthStretch"), ("mouthPucker", "mouthSmile"), ("mouthRollLower", "mouthFunnel"), ("mouthRollUpper", "mouthFunnel"),
           ("mouthRollLower", "mouthPucker"), ("mouthRollUpper", "mouthPucker"), ("tongueOut", "mouthClose"), ("browDown", "browOuterUp"))


def _undo(a, b):
    sided = a.removesuffix("Left").removesuffix("Right"), b.removesuffix("Left").removesuffix("Right")
    return any({a, b} == set(pair) or set(sided) == set(pair) for pair in OPPOSED)


def mixes():
    """[{name: weight}], the same at every call."""
    random, out = np.random.default_rng(SEED), []
    while len(out) < MIXES:
        names = [TARGETS[i] for i in random.choice(len(TARGETS), EXPRESSIONS_A_MIX, replace=False)]
        weights = dict(zip(names, random.random(EXPRESSIONS_A_MIX).round(3).tolist()))
        if any(_undo(a, b) for a in names for b in names if a < b):
            continue
        if "mouthClose" in weights:
            weights["jawOpen"] = max(weights.get("jawOpen", 0.0), weights["mouthClose"])
        out.append(weights)
    return out


def mixed(targets, weights, like):
    return sum((w * targets[k] for k, w in weights.items() if k in targets), np.zeros_like(like))


def _region(body: Body, ring, lo, hi):
    """Fine triangles all of whose corners lie between two rings round the eye or the mouth."""
    fine = body.finer.apply(ring[:, None].astype(float))[:, 0]
    inside = (fine >= lo - 1e-6) & (fine <= hi + 1e-6)
    return body.skin.tris[inside[body.skin.tris].all(axis=1)]


def measured(body: Body):
    """Per mix (depth of a lid in the eye, of a tooth before the lips, crossings of lids, of lips)."""
    lids = _region(body, body.head.eye_k, LID_CREASE, LID_MARGIN)
    lips = _region(body, body.head.mouth_k, SKIN_ROUND_LIPS, LIP_CONTACT)
    ring, rows = body.eye_ring, teeth.teeth(body.look.mouth)
    out = []
    for weights in mixes():
        p = body.skin.v + mixed(body.skin.targets, weights, body.skin.v)
        moved = [(name, v + mixed(d, weights, v)) for name, v, _, _, d in rows]
        out.append((checks.lid_depth(body.look, ring, p), checks.teeth_out(body.look, p, body.skin.tris, moved),
                    crossings.count(p, lids), crossings.count(p, lips)))
    return np.array(out)


def report(body: Body):
    found = measured(body)
    lid, tooth, lids, lips = found.T
    return (f"{body.look.name}: lid to eye {-lid.max():.3f} cm at least, in {np.sum(lid > 0)} of {MIXES} mixes within it; tooth to lip "
            f"{-tooth.max():.3f} cm, {np.sum(tooth > 0)} before it; lids cross themselves in {np.sum(lids > 0)}, lips in {np.sum(lips > 0)}")


def main():
    for body in family.bodies():
        print(report(body), flush=True)


if __name__ == "__main__":
    main()
