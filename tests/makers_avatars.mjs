// Vivi as the files of other makers have their avatars: with their names, bones and extensions.
import { Logger, NodeIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { draco, meshopt, quantize, textureCompress } from '@gltf-transform/functions';
import draco3d from 'draco3dgltf';
import { MeshoptEncoder } from 'meshoptimizer';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { copyWithJson } from './packed_avatars.mjs';

/** The Oculus visemes as mixes of ARKit's shapes. */
const visemes = JSON.parse(
  readFileSync(new URL('../shared/visemes.json', import.meta.url)),
).visemes.map(({ name, arkit }) => ({ name, arkit }));
const viseme = (wanted) => visemes.find(({ name }) => name === wanted).arkit;

// --- vectors, quaternions (x, y, z, w), matrices by columns -----------------------

const difference = (a, b) => a.map((value, i) => value - b[i]);
const length = (v) => Math.hypot(...v);

function product(a, b) {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}
const inverse = ([x, y, z, w]) => [-x, -y, -z, w];
function turned(q, v) {
  return product(product(q, [...v, 0]), inverse(q)).slice(0, 3);
}
const about = (axis, angle_rad) => {
  const q = [0, 0, 0, Math.cos(angle_rad / 2)];
  q[axis] = Math.sin(angle_rad / 2);
  return q;
};

/** A matrix that moves by -place and then turns by the inverse of q. */
function bindMatrix(q, place) {
  const back = inverse(q);
  const columns = [0, 1, 2].map((i) =>
    turned(
      back,
      [0, 1, 2].map((k) => (i === k ? 1 : 0)),
    ),
  );
  const moved = turned(
    back,
    place.map((value) => -value),
  );
  return [...columns.flatMap((column) => [...column, 0]), ...moved, 1];
}

// --- what is done to Vivi -----------------------------------------------------------

/** A document, and what makers do with its rig. */
class Model {
  constructor(document) {
    this.document = document;
    this.root = document.getRoot();
    this.skin = this.root.listSkins()[0];
    /** Of each joint: where it is in the model, and how it is turned. */
    this.places = new Map(
      this.skin.listJoints().map((joint) => [joint, joint.getWorldTranslation()]),
    );
    this.turns = new Map(this.skin.listJoints().map((joint) => [joint, [0, 0, 0, 1]]));
  }

  joint(name) {
    return this.skin.listJoints().find((joint) => joint.getName() === name);
  }

  rename(names) {
    for (const [from, to] of Object.entries(names)) {
      const found = [...this.root.listNodes(), ...this.root.listMaterials()].filter(
        (one) => one.getName() === from,
      );
      if (found.length === 0) throw new Error(`there is no ${from}`);
      for (const one of found) one.setName(to);
    }
  }

  *primitives() {
    for (const mesh of this.root.listMeshes()) {
      for (const primitive of mesh.listPrimitives()) yield { mesh, primitive };
    }
  }

  /** The displacements of a mesh's target by ARKit's name, as a plain array; null without. */
  displacements({ mesh, primitive }, name) {
    const index = (mesh.getExtras().targetNames ?? []).indexOf(name);
    if (index < 0) return null;
    return [...primitive.listTargets()[index].getAttribute('POSITION').getArray()];
  }

  accessor(type, array) {
    const [buffer] = this.root.listBuffers();
    return this.document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  }

  /** Has these targets instead: each name with its mix of Vivi's. */
  setTargets(mixes) {
    for (const part of this.primitives()) {
      const { mesh, primitive } = part;
      const count = primitive.getAttribute('POSITION').getArray().length;
      const made = Object.entries(mixes).map(([name, mix]) => {
        const sum = new Float32Array(count);
        for (const [shape, weight] of Object.entries(mix)) {
          const moved = this.displacements(part, shape);
          moved?.forEach((value, i) => (sum[i] += weight * value));
        }
        return { name, sum };
      });
      const kept = made.filter(({ sum }) => sum.some((value) => value !== 0));
      for (const target of primitive.listTargets()) primitive.removeTarget(target);
      for (const { name, sum } of kept) {
        const target = this.document.createPrimitiveTarget(name);
        primitive.addTarget(target.setAttribute('POSITION', this.accessor('VEC3', sum)));
      }
      mesh.setExtras({ ...mesh.getExtras(), targetNames: kept.map(({ name }) => name) });
      mesh.setWeights([]);
    }
  }

  /** A bone at a place below another; what hangs on it is added by hang(). */
  addJoint(name, parent, place) {
    const above = this.places.get(parent);
    const joint = this.document
      .createNode(name)
      .setTranslation(turned(inverse(this.turns.get(parent)), difference(place, above)));
    parent.addChild(joint);
    this.skin.addJoint(joint);
    this.places.set(joint, place);
    this.turns.set(joint, [0, 0, 0, 1]);
    this.bind();
    return joint;
  }

  /**
   * Hangs on the joint what the shape of this name moves, so that a turn of the joint about X by
   * this angle moves it as far, or more by the grip.
   */
  hang(joint, shape, angle_rad, { moves = () => true, grip = 1 } = {}) {
    const place = this.places.get(joint);
    const index = this.skin.listJoints().indexOf(joint);
    for (const part of this.primitives()) {
      const moved = this.displacements(part, shape);
      if (!moved) continue;
      const { primitive } = part;
      const positions = primitive.getAttribute('POSITION').getArray();
      const joints = primitive.getAttribute('JOINTS_0');
      const weights = primitive.getAttribute('WEIGHTS_0');
      for (let i = 0; i < joints.getCount(); i++) {
        const way = moved.slice(3 * i, 3 * i + 3);
        const from = difference([...positions.slice(3 * i, 3 * i + 3)], place);
        if (length(way) < 1e-5 || !moves(way, from)) continue;
        const reach = 2 * Math.sin(angle_rad / 2) * Math.hypot(from[1], from[2]);
        const hold = Math.min(1, (grip * length(way)) / Math.max(reach, 1e-4));
        const before = weights.getElement(i, []);
        const most = before.indexOf(Math.max(...before));
        if (before[most] < 0.6) continue;
        joints.setElement(i, [joints.getElement(i, [])[most], index, 0, 0]);
        weights.setElement(i, [1 - hold, hold, 0, 0]);
      }
    }
  }

  /** Gives every bone axes of its own, as Blender does, without moving what hangs on it. */
  turnBones(q) {
    for (const joint of this.skin.listJoints()) {
      const parent = joint.getParentNode();
      const isRoot = !this.turns.has(parent);
      const translation = joint.getTranslation();
      joint.setTranslation(isRoot ? translation : turned(inverse(q), translation));
      joint.setRotation(isRoot ? q : [0, 0, 0, 1]);
      this.turns.set(joint, q);
    }
    this.bind();
  }

  /** A node above all bones that turns and scales; the bones stay where they are. */
  wrapBones(name, q, scale) {
    const [top] = this.skin.listJoints().filter((one) => !this.turns.has(one.getParentNode()));
    const armature = this.document.createNode(name).setRotation(q).setScale([scale, scale, scale]);
    const [scene] = this.root.listScenes();
    scene.removeChild(top);
    scene.addChild(armature.addChild(top));
    top.setTranslation(turned(inverse(q), top.getTranslation()).map((value) => value / scale));
    top.setRotation(product(inverse(q), top.getRotation()));
    top.setScale([1 / scale, 1 / scale, 1 / scale]);
  }

  /** Has it look to the other side. */
  turnRound() {
    const [top] = this.skin.listJoints().filter((one) => !this.turns.has(one.getParentNode()));
    const [scene] = this.root.listScenes();
    scene.removeChild(top);
    scene.addChild(this.document.createNode('Root').setRotation(about(1, Math.PI)).addChild(top));
  }

  bind() {
    const joints = this.skin.listJoints();
    const matrices = joints.flatMap((joint) =>
      bindMatrix(this.turns.get(joint), this.places.get(joint)),
    );
    this.skin.setInverseBindMatrices(this.accessor('MAT4', new Float32Array(matrices)));
  }
}

/** A bone for the jaw, hinged before the ears, and what Vivi's jawOpen moves on it. */
function addJaw(model, name, head) {
  const [x, y, z] = model.places.get(head);
  const hinge = [x, y + 0.035, z + 0.005];
  const joint = model.addJoint(name, head, hinge);
  model.hang(joint, 'jawOpen', 0.44);
  return joint;
}

/** Bones for the lids, at the middle of each eye; whole lids hang on them, lest they sink in. */
function addLids(model, names) {
  const angle_rad = 0.75;
  const grip = 2;
  for (const [eye, blink, upper, lower] of names) {
    const hang = (name, moves) => {
      const joint = model.addJoint(name, eye.getParentNode(), model.places.get(eye));
      model.hang(joint, blink, angle_rad, { moves, grip });
    };
    hang(upper, ([, rise]) => rise < 0);
    hang(lower, ([, rise]) => rise > 0);
  }
}

const both = (...names) =>
  Object.fromEntries(
    names.flatMap((one) => [`${one}Left`, `${one}Right`].map((name) => [name, 1])),
  );
const named = (names, mix = (name) => ({ [name]: 1 })) =>
  Object.fromEntries(names.map((name) => [name, mix(name)]));

const arkit = (model) => [
  ...new Set([...model.primitives()].flatMap(({ mesh }) => mesh.getExtras().targetNames ?? [])),
];
const oculus = Object.fromEntries(visemes.map(({ name, arkit }) => [`viseme_${name}`, arkit]));

// --- the makers ----------------------------------------------------------------------

const webp = textureCompress({ encoder: sharp, targetFormat: 'webp' });

/** Each maker's kind: what becomes of the model, what packs it, and what of its JSON. */
const makers = {
  'Ready Player Me': {
    change(model) {
      model.setTargets({ ...named(arkit(model)), ...oculus });
      model.rename({ Spine: 'Hips', head: 'Wolf3D_Head', skin: 'Wolf3D_Skin', eye: 'Wolf3D_Eye' });
      model.rename({ teeth_upper: 'Wolf3D_Teeth', hair: 'Wolf3D_Hair' });
    },
    pack: [webp, meshopt({ encoder: MeshoptEncoder })],
  },
  Avaturn: {
    change(model) {
      model.setTargets({ ...named(arkit(model)), ...oculus });
      model.rename({ head: 'Head_Mesh', eye_left: 'Eye_Mesh', lashes: 'Eyelash_Mesh' });
      model.rename({ tongue: 'Tongue_Mesh', hair: 'avaturn_hair_0', Spine: 'Spine2' });
    },
    pack: [quantize()],
  },
  'Character Creator': {
    change(model) {
      const creator = {
        browDownLeft: 'Brow_Drop_L',
        browDownRight: 'Brow_Drop_R',
        browOuterUpLeft: 'Brow_Raise_Outer_L',
        browOuterUpRight: 'Brow_Raise_Outer_R',
        cheekSquintLeft: 'Cheek_Raise_L',
        cheekSquintRight: 'Cheek_Raise_R',
        mouthLowerDownLeft: 'Mouth_Down_Lower_L',
        mouthLowerDownRight: 'Mouth_Down_Lower_R',
        mouthUpperUpLeft: 'Mouth_Up_Upper_L',
        mouthUpperUpRight: 'Mouth_Up_Upper_R',
      };
      const spelt = (name) =>
        name
          .replace(/([a-z])([A-Z])/g, '$1_$2')
          .replace(/Left$/, 'L')
          .replace(/Right$/, 'R')
          .replace(/^./, (first) => first.toUpperCase());
      const targets = Object.fromEntries(
        arkit(model).map((name) => [creator[name] ?? spelt(name), { [name]: 1 }]),
      );
      const { Brow_Inner_Up: inner, ...others } = targets;
      model.setTargets({
        ...others,
        Brow_Raise_Inner_L: { browInnerUp: 0.5 },
        Brow_Raise_Inner_R: { browInnerUp: 0.5 },
        V_Explosive: viseme('PP'),
        V_Open: viseme('aa'),
        V_Dental_Lip: viseme('FF'),
      });
      if (!inner) throw new Error('the inner brows are renamed');
      model.rename({ Spine: 'CC_Base_Spine02', Neck: 'CC_Base_NeckTwist01', Head: 'CC_Base_Head' });
      model.rename({ LeftEye: 'CC_Base_L_Eye', RightEye: 'CC_Base_R_Eye', skin: 'Std_Skin_Head' });
      model.rename({ lash: 'Std_Eyelash', teeth: 'Std_Upper_Teeth', tongue: 'Std_Tongue' });
      model.turnBones(product(about(0, Math.PI / 2), about(2, 0.3)));
      model.wrapBones('Armature', about(0, -Math.PI / 2), 0.01);
    },
    pack: [draco()],
  },
  'MakeHuman and MPFB': {
    change(model) {
      const head = model.joint('Head');
      addJaw(model, 'jaw', head);
      addLids(model, [
        [model.joint('LeftEye'), 'eyeBlinkLeft', 'orbicularis03.L', 'orbicularis04.L'],
        [model.joint('RightEye'), 'eyeBlinkRight', 'orbicularis03.R', 'orbicularis04.R'],
      ]);
      model.setTargets({});
      model.rename({ Spine: 'spine01', Neck: 'neck01', Head: 'head', LeftEye: 'eye.L' });
      model.rename({ RightEye: 'eye.R' });
      model.turnBones(about(0, -Math.PI / 2));
    },
    pack: [draco()],
  },
  MetaHuman: {
    change(model) {
      const head = model.joint('Head');
      addJaw(model, 'FACIAL_C_Jaw', head);
      addLids(model, [
        [model.joint('LeftEye'), 'eyeBlinkLeft', 'FACIAL_L_EyelidUpperA', 'FACIAL_L_EyelidLowerA'],
        [
          model.joint('RightEye'),
          'eyeBlinkRight',
          'FACIAL_R_EyelidUpperA',
          'FACIAL_R_EyelidLowerA',
        ],
      ]);
      const expressions = {
        browDown: 'browDown',
        mouthSmile: 'mouthCornerPull',
        mouthFrown: 'mouthCornerDepress',
        cheekSquint: 'eyeCheekRaise',
        eyeWide: 'eyeWiden',
        mouthLowerDown: 'mouthLowerLipDepress',
        mouthUpperUp: 'mouthUpperLipRaise',
        browOuterUp: 'browRaiseOuter',
        mouthPress: 'mouthPressU',
        mouthStretch: 'mouthStretch',
      };
      const sided = Object.entries(expressions).flatMap(([from, to]) => [
        [`CTRL_expressions_${to}L`, { [`${from}Left`]: 1 }],
        [`CTRL_expressions_${to}R`, { [`${from}Right`]: 1 }],
      ]);
      model.setTargets(Object.fromEntries(sided));
      model.rename({ Spine: 'spine_05', Neck: 'neck_01', Head: 'head', LeftEye: 'FACIAL_L_Eye' });
      model.rename({ RightEye: 'FACIAL_R_Eye' });
      model.turnBones(product(about(2, -Math.PI / 2), about(0, Math.PI / 2)));
      model.wrapBones('root', about(0, -Math.PI / 2), 0.01);
    },
    pack: [webp],
  },
  'Mixamo, a jaw alone': {
    change(model) {
      addJaw(model, 'mixamorig:Jaw', model.joint('Head'));
      model.setTargets({});
      for (const joint of model.skin.listJoints()) {
        if (!joint.getName().startsWith('mixamorig')) joint.setName(`mixamorig:${joint.getName()}`);
      }
      model.turnBones(about(1, 0.4));
      model.wrapBones('Armature', about(0, Math.PI / 2), 0.01);
    },
    pack: [],
  },
  'VRoid, VRM 0.x': {
    change(model) {
      model.setTargets(fcl);
      model.rename({ Spine: 'J_Bip_C_UpperChest', Neck: 'J_Bip_C_Neck', Head: 'J_Bip_C_Head' });
      model.rename({ LeftEye: 'J_Adj_L_FaceEye', RightEye: 'J_Adj_R_FaceEye', head: 'Face' });
      model.turnRound();
    },
    pack: [],
    json(json) {
      // UniVRM names a primitive's targets, not the mesh's.
      for (const { extras, primitives } of json.meshes) {
        for (const primitive of primitives) primitive.extras = { targetNames: extras?.targetNames };
        if (extras) delete extras.targetNames;
      }
      const binds = (target) =>
        json.meshes.flatMap(({ primitives }, mesh) => {
          const index = primitives[0].extras.targetNames?.indexOf(target) ?? -1;
          return index < 0 ? [] : [{ mesh, index, weight: 100 }];
        });
      const group = ([presetName, target]) => ({ name: target, presetName, binds: binds(target) });
      const bones = {
        head: 'J_Bip_C_Head',
        neck: 'J_Bip_C_Neck',
        leftEye: 'J_Adj_L_FaceEye',
        rightEye: 'J_Adj_R_FaceEye',
      };
      json.extensionsUsed = [...(json.extensionsUsed ?? []), 'VRM'];
      json.extensions = {
        VRM: {
          specVersion: '0.0',
          blendShapeMaster: { blendShapeGroups: Object.entries(presets).map(group) },
          humanoid: {
            humanBones: Object.entries(bones).map(([bone, name]) => ({
              bone,
              node: json.nodes.findIndex((node) => node.name === name),
            })),
          },
        },
      };
    },
  },
  'VRM 1.0': {
    change(model) {
      model.setTargets(
        Object.fromEntries(
          Object.entries(expressions).map(([name, mix]) => [`shape ${name}`, mix]),
        ),
      );
      model.skin.listJoints().forEach((joint, i) => joint.setName(`bone ${i}`));
      model.turnBones(product(about(0, 0.7), about(1, -0.4)));
    },
    pack: [quantize()],
    json(json) {
      const binds = (target) =>
        json.nodes.flatMap(({ mesh }, node) => {
          const index = json.meshes[mesh]?.extras?.targetNames?.indexOf(target) ?? -1;
          return index < 0 ? [] : [{ node, index, weight: 1 }];
        });
      const bones = ['chest', 'neck', 'head', 'leftEye', 'rightEye'];
      const preset = Object.fromEntries(
        Object.keys(expressions).map((name) => [
          name,
          { morphTargetBinds: binds(`shape ${name}`) },
        ]),
      );
      json.extensionsUsed = [...(json.extensionsUsed ?? []), 'VRMC_vrm'];
      json.extensions = {
        VRMC_vrm: {
          specVersion: '1.0',
          expressions: { preset },
          humanoid: {
            humanBones: Object.fromEntries(
              bones.map((bone, i) => [
                bone,
                { node: json.nodes.findIndex(({ name }) => name === `bone ${i}`) },
              ]),
            ),
          },
        },
      };
    },
  },
};

/** VRM 1.0's presets as mixes. */
const expressions = {
  aa: viseme('aa'),
  ih: viseme('I'),
  ou: viseme('U'),
  ee: viseme('E'),
  oh: viseme('O'),
  blink: both('eyeBlink'),
  blinkLeft: { eyeBlinkLeft: 1 },
  blinkRight: { eyeBlinkRight: 1 },
  happy: both('mouthSmile', 'cheekSquint'),
  angry: both('browDown'),
  sad: both('mouthFrown'),
  surprised: both('eyeWide'),
};

/** VRoid's targets, and VRM 0.x's presets that show them. */
const fcl = {
  Fcl_MTH_A: viseme('aa'),
  Fcl_MTH_I: viseme('I'),
  Fcl_MTH_U: viseme('U'),
  Fcl_MTH_E: viseme('E'),
  Fcl_MTH_O: viseme('O'),
  Fcl_EYE_Close: both('eyeBlink'),
  Fcl_EYE_Close_L: { eyeBlinkLeft: 1 },
  Fcl_EYE_Close_R: { eyeBlinkRight: 1 },
  Fcl_ALL_Joy: both('mouthSmile', 'cheekSquint'),
  Fcl_ALL_Angry: both('browDown'),
  Fcl_ALL_Sorrow: both('mouthFrown'),
};
const presets = {
  a: 'Fcl_MTH_A',
  i: 'Fcl_MTH_I',
  u: 'Fcl_MTH_U',
  e: 'Fcl_MTH_E',
  o: 'Fcl_MTH_O',
  blink: 'Fcl_EYE_Close',
  blink_l: 'Fcl_EYE_Close_L',
  blink_r: 'Fcl_EYE_Close_R',
  joy: 'Fcl_ALL_Joy',
  angry: 'Fcl_ALL_Angry',
  sorrow: 'Fcl_ALL_Sorrow',
};

export const makerNames = Object.keys(makers);

/** Writes Vivi as this maker's avatars are. */
export async function makersAvatar(name, plain, to) {
  const io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({
    'draco3d.encoder': await draco3d.createEncoderModule(),
    'meshopt.encoder': MeshoptEncoder,
  });
  const document = await io.read(plain);
  document.setLogger(new Logger(Logger.Verbosity.SILENT));
  const { change, pack, json } = makers[name];
  change(new Model(document));
  await document.transform(...pack);
  await io.write(to, document);
  if (json) copyWithJson(to, to, json);
}
