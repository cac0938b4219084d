"""Contact sheets of an avatar GLB, rendered with Blender (Cycles on the CPU, small and cheap).

blender -b --factory-startup -P scripts/avatar/preview.py -- FILE.glb OUT.png [--sheet views|key|talk|visemes|combos|blink|gaze|targets|clay]
        [--size 288] [--samples 12] [--clay]
A sheet is a list of (label, view, weights, gaze) cells.
"""
import argparse
import json
import math
import os
import sys
import tempfile

import bpy
from mathutils import Euler, Vector
from PIL import Image, ImageDraw

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from arkit import ARKIT

# view name: (azimuth, elevation, distance factor, target offset (x, y, z) from the head's centre in metres)
VIEWS = {"front": (0, 2, 0.75, (0, 0, 0)), "three": (38, 4, 0.75, (0, 0, 0)), "side": (90, 2, 0.75, (0, 0, 0)),
         "below": (12, -28, 0.75, (0, 0, 0)), "back": (180, 5, 1.0, (0, 0, 0)), "above": (20, 35, 1.0, (0, 0, 0)),
         "bust": (0, 0, 1.75, (0, -0.06, 0)), "bust3": (-35, 2, 1.75, (0, -0.06, 0)),
         "mouth": (0, 2, 0.36, (0, -0.058, 0.07)), "mouth3": (38, 4, 0.36, (0, -0.058, 0.07)),
         "eye": (0, 2, 0.30, (0.031, 0.0, 0.07)), "eye3": (45, 4, 0.30, (0.031, 0.0, 0.07)),
         "eyedn": (10, -25, 0.30, (0.031, 0.0, 0.07)), "face": (0, 2, 0.62, (0, -0.03, 0.06)),
         "neck": (0, 0, 1.15, (0, -0.07, 0)), "neck3": (120, 8, 1.15, (0, -0.07, 0)),
         "ear": (90, 2, 0.4, (0.06, -0.01, -0.01)), "ear3": (48, 4, 0.4, (0.06, -0.01, 0)),
         "tips": (5, 0, 0.5, (0, -0.12, 0)), "tips3": (-40, 5, 0.5, (0, -0.12, 0)),
         "face3": (38, 4, 0.62, (0, -0.03, 0.06))}


def both(**kw):
    out = {}
    for k, v in kw.items():
        if k + "Left" in ARKIT:
            out[k + "Left"] = out[k + "Right"] = v
        else:
            out[k] = v
    return out


ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def shared_table(name, shape_member):
    """{name: weights} from a table in shared/ (visemes, moods)."""
    with open(os.path.join(ROOT, "shared", name + ".json"), encoding="utf-8") as f:
        return {row["name"]: row[shape_member] for row in json.load(f)[name]}


VISEMES = shared_table("visemes", "arkit")
MOODS = shared_table("moods", "pose")
COMBOS = {
    "smile": both(mouthSmile=.7, cheekSquint=.4, eyeSquint=.2),
    "laugh": both(mouthSmile=.8, jawOpen=.45, cheekSquint=.6, eyeSquint=.4, mouthUpperUp=.25),
    "smile1": both(mouthSmile=1), "jaw1": both(jawOpen=1), "oh": both(jawOpen=.5, mouthFunnel=1),
    "close.3": both(jawOpen=.3, mouthClose=.3), "close1": both(jawOpen=1, mouthClose=1), "tongue": both(jawOpen=.3, tongueOut=1)}


def sheet_cells(name):
    if name == "views":
        return [(v, v, {}, 0, 0) for v in ("front", "three", "side", "below", "back", "above", "bust", "bust3")]
    if name == "clay":
        return [(v, v, {}, 0, 0) for v in ("front", "three", "side", "below", "face", "face3", "mouth", "eye")]
    if name == "targets":
        return [(t, "face", {t: 1.0}, 0, 0) for t in ARKIT]
    if name == "targets3":
        return [(t, "face3", {t: 1.0}, 0, 0) for t in ARKIT]
    if name == "visemes":
        return [(k, "face", w, 0, 0) for k, w in VISEMES.items()] + [("O3", "face3", VISEMES["O"], 0, 0)]
    if name == "combos":
        return [(k, "face", w, 0, 0) for k, w in {**MOODS, **COMBOS}.items()]
    if name == "blink":
        return [(f"{v} {b}", v, both(eyeBlink=b), 0, 0) for v in ("eye", "eye3", "eyedn") for b in (0, .25, .5, .75, 1)]
    if name == "gaze":
        out = []
        for label, yaw, pitch, w in (("L", 25, 0, dict(eyeLookOutLeft=1, eyeLookInRight=1)),
                                     ("R", -25, 0, dict(eyeLookInLeft=1, eyeLookOutRight=1)),
                                     ("up", 0, 20, both(eyeLookUp=1)), ("down", 0, -22, both(eyeLookDown=1))):
            out += [(label, "face", w, yaw, pitch), (label, "eyedn" if label == "up" else "eye", w, yaw, pitch)]
        return out
    if name == "key":
        return [("front", "front", {}, 0, 0), ("three", "three", {}, 0, 0), ("face", "face", {}, 0, 0), ("side", "side", {}, 0, 0),
                ("smile", "face", COMBOS["smile"], 0, 0), ("laugh3", "face3", COMBOS["laugh"], 0, 0),
                ("aa", "face", VISEMES["aa"], 0, 0), ("O", "face3", VISEMES["O"], 0, 0)]
    if name == "talk":
        shapes = {k: VISEMES[k] for k in ("aa", "O", "U", "PP", "FF", "TH")}
        shapes.update(laugh=COMBOS["laugh"], tongue=COMBOS["tongue"])
        return [(f"{k} {v}", v, w, 0, 0) for k, w in shapes.items() for v in ("mouth", "mouth3")]
    if name == "laugh":
        return [(v, v, COMBOS["laugh"], 0, 0) for v in ("eye", "eye3", "mouth3", "eyedn")]
    if name == "hair":
        return [(v, v, {}, 0, 0) for v in ("ear", "ear3", "tips", "tips3")]
    if name == "one":
        return [("", "front", {}, 0, 0)]
    if name == "one3":
        return [("", "three", {}, 0, 0)]
    if name == "turn":
        turns = {"left": (22, 0), "right": (-22, 0), "nod": (0, 16), "up": (0, -16)}
        return [(k, v, {"_head": t}, 0, 0) for k, t in turns.items() for v in ("neck", "neck3")]
    raise SystemExit("unknown sheet " + name)


def area_light(name, where, target, size, power, color):
    data = bpy.data.lights.new(name, "AREA")
    data.size, data.energy, data.color = size, power, color
    o = bpy.data.objects.new(name, data)
    o.location = where
    o.rotation_euler = (Vector(target) - Vector(where)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(o)


def world(color, strength):
    w = bpy.data.worlds.new("w")
    bpy.context.scene.world = w
    w.use_nodes = True
    bg = w.node_tree.nodes["Background"]
    bg.inputs[0].default_value, bg.inputs[1].default_value = (*color, 1), strength


def blender_point(x, y, z):
    return Vector((x, -z, y))


def set_up(args):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=args.glb)
    arm = [o for o in bpy.data.objects if o.type == "ARMATURE"][0]
    head = arm.matrix_world @ arm.data.bones["LeftEye"].head_local
    centre = Vector((0, head.y + 0.06, head.z))
    area_light("key", centre + blender_point(-0.75, 0.75, 1.3), centre, 0.9, 17, (1, .95, .88))
    area_light("fill", centre + blender_point(1.2, 0.1, 1.0), centre, 1.4, 5.5, (.9, .94, 1))
    area_light("rim", centre + blender_point(0.7, 0.6, -1.0), centre, 0.6, 14, (.75, .87, 1))
    world((.42, .47, .55), 0.55)
    s = bpy.context.scene
    s.render.engine = "CYCLES"
    s.cycles.samples, s.cycles.use_denoising, s.cycles.max_bounces = args.samples, False, 3
    s.cycles.use_adaptive_sampling = False
    s.render.resolution_x = s.render.resolution_y = args.size
    s.render.threads_mode, s.render.threads = "FIXED", 2
    s.render.use_persistent_data = False
    s.view_settings.view_transform = "Standard"
    for m in bpy.data.materials:
        node = m.node_tree.nodes.get("Principled BSDF") if m.use_nodes else None
        if node is None:
            continue
        if args.clay:
            for link in list(node.inputs["Base Color"].links):
                m.node_tree.links.remove(link)
            c = {"eye": (.8, .8, .82), "hair": (.2, .15, .12), "mouth": (.1, .02, .02)}.get(m.name, (.55, .5, .48))
            node.inputs["Base Color"].default_value = (*c, 1)
    cam = bpy.data.objects.new("cam", bpy.data.cameras.new("cam"))
    cam.data.lens, cam.data.sensor_width, cam.data.clip_start = 85, 36, 0.01
    bpy.context.collection.objects.link(cam)
    s.camera = cam
    return arm, centre, cam


def pose(arm, weights, yaw, pitch):
    for o in bpy.data.objects:
        if o.type == "MESH" and o.data.shape_keys:
            for k in o.data.shape_keys.key_blocks:
                k.value = weights.get(k.name, 0.0)
    turns = {"LeftEye": (yaw, pitch), "RightEye": (yaw, pitch)}
    head_yaw, head_down = weights.get("_head", (0, 0))
    turns["Head"] = (head_yaw * 0.65, -head_down * 0.65)
    turns["Neck"] = (head_yaw * 0.35, -head_down * 0.35)
    for bone, (y, p) in turns.items():
        pb = arm.pose.bones[bone]
        pb.rotation_mode = "QUATERNION"
        rest = pb.bone.matrix_local.to_quaternion()
        turn = Euler((math.radians(-p), 0, math.radians(y)), "XYZ").to_quaternion()
        pb.rotation_quaternion = rest.inverted() @ turn @ rest


def aim(cam, centre, view):
    az, el, dist, off = VIEWS[view]
    target = centre + blender_point(*off)
    a, e, r = math.radians(az), math.radians(el), 0.85 * dist
    if dist < 0.7:
        r = max(r, 0.45)
    cam.data.lens = 85 * r / (0.85 * dist)
    cam.location = target + blender_point(r * math.sin(a) * math.cos(e), r * math.sin(e), r * math.cos(a) * math.cos(e))
    cam.rotation_euler = (target - cam.location).to_track_quat("-Z", "Y").to_euler()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("glb")
    ap.add_argument("out")
    ap.add_argument("--sheet", default="views")
    ap.add_argument("--size", type=int, default=288)
    ap.add_argument("--samples", type=int, default=12)
    ap.add_argument("--cols", type=int, default=4)
    ap.add_argument("--clay", action="store_true")
    ap.add_argument("--only", default="")
    args = ap.parse_args(sys.argv[sys.argv.index("--") + 1:])
    arm, centre, cam = set_up(args)
    cells = sheet_cells(args.sheet)
    if args.only:
        cells = [c for c in cells if any(c[0].startswith(o) for o in args.only.split(","))]
    cols = min(args.cols, len(cells))
    rows = -(-len(cells) // cols)
    sheet = Image.new("RGB", (cols * args.size, rows * args.size))
    draw = ImageDraw.Draw(sheet)
    tmp = os.path.join(tempfile.mkdtemp(), "c.png")
    for n, (label, view, weights, yaw, pitch) in enumerate(cells):
        pose(arm, weights, yaw, pitch)
        aim(cam, centre, view)
        bpy.context.scene.render.filepath = tmp
        bpy.ops.render.render(write_still=True)
        x, y = n % cols * args.size, n // cols * args.size
        sheet.paste(Image.open(tmp).convert("RGB"), (x, y))
        draw.text((x + 5, y + 4), label, fill=(20, 20, 20))
    sheet.save(args.out)
    print("SHEET", args.out)


main()
