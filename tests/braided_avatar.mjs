// An avatar with two braids that swing, for tests.
import { NodeIO } from '@gltf-transform/core';
import { copyWithJson } from './packed_avatars.mjs';

const length = 0.05;
const joints = 6;
const braids = ['left', 'right'];

/** A box from its top at 0 down to -length, as positions, normals and indices. */
function box() {
  const wide = 0.015;
  const positions = [];
  const normals = [];
  const indices = [];
  for (const axis of [0, 1, 2]) {
    for (const side of [1, -1]) {
      const first = positions.length / 3;
      for (const [u, v] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ]) {
        const at = [0, 0, 0];
        at[axis] = side;
        at[(axis + 1) % 3] = u * side;
        at[(axis + 2) % 3] = v;
        positions.push(at[0] * wide, ((at[1] - 1) * length) / 2, at[2] * wide);
        const normal = [0, 0, 0];
        normal[axis] = side;
        normals.push(...normal);
      }
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
  }
  return { positions, normals, indices };
}

/** Writes a copy of the avatar with braids of VRMC_springBone at its head. */
export async function braidedAvatar(plain, to) {
  const document = await new NodeIO().read(plain);
  const root = document.getRoot();
  const [buffer] = root.listBuffers();
  const { positions, normals, indices } = box();
  const accessor = (type, array) =>
    document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const mesh = document.createMesh().addPrimitive(
    document
      .createPrimitive()
      .setAttribute('POSITION', accessor('VEC3', new Float32Array(positions)))
      .setAttribute('NORMAL', accessor('VEC3', new Float32Array(normals)))
      .setIndices(accessor('SCALAR', new Uint16Array(indices)))
      .setMaterial(
        document
          .createMaterial('braid')
          .setBaseColorFactor([0.5, 0.05, 0.02, 1])
          .setMetallicFactor(0),
      ),
  );
  for (const braid of braids) {
    let above = root.listNodes().find((node) => node.getName() === 'Head');
    for (let i = 0; i < joints; i++) {
      const aside = braid === 'left' ? 0.1 : -0.1;
      const node = document
        .createNode(`${braid}${i}`)
        .setTranslation(i === 0 ? [aside, 0.03, 0.03] : [0, -length, 0]);
      if (i + 1 < joints) node.setMesh(mesh);
      above.addChild(node);
      above = node;
    }
  }
  await new NodeIO().write(to, document);
  copyWithJson(to, to, (json) => {
    const place = (name) => json.nodes.findIndex((node) => node.name === name);
    const joint = (braid, i) => ({
      node: place(`${braid}${i}`),
      stiffness: 0.2,
      dragForce: 0.1,
      gravityPower: 0.4,
      hitRadius: 0.015,
    });
    json.extensionsUsed = [...(json.extensionsUsed ?? []), 'VRMC_springBone'];
    json.extensions = {
      VRMC_springBone: {
        specVersion: '1.0',
        colliders: [
          {
            node: place('Neck'),
            shape: { capsule: { offset: [0, 0.05, 0], tail: [0, -0.2, 0], radius: 0.06 } },
          },
        ],
        colliderGroups: [{ colliders: [0] }],
        springs: braids.map((braid) => ({
          colliderGroups: [0],
          joints: Array.from({ length: joints }, (_, i) => joint(braid, i)),
        })),
      },
    };
  });
}
