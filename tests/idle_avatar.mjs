// An avatar whose file has clips, for tests.
import { NodeIO } from '@gltf-transform/core';

const length_s = 2;

/** A turn about an axis, as glTF has it. */
const turn = (axis, angle_rad) => {
  const q = [0, 0, 0, Math.cos(angle_rad / 2)];
  q[axis] = Math.sin(angle_rad / 2);
  return q;
};

/** What each clip does with the spine, and with the mesh of the head: four keys of a round. */
const clips = {
  'Breathing Idle': { spine: [0, 0.1, 0, -0.1], smile: [0, 0.8, 0, 0.8], between: 'LINEAR' },
  Dance: { spine: [0.5, -0.5, 0.5, -0.5], smile: [0, 0, 0, 0], between: 'STEP' },
};

/** Writes a copy of Vivi with these clips. */
export async function idleAvatar(plain, to) {
  const io = new NodeIO();
  const document = await io.read(plain);
  const root = document.getRoot();
  const [buffer] = root.listBuffers();
  const accessor = (type, numbers) =>
    document.createAccessor().setType(type).setArray(new Float32Array(numbers)).setBuffer(buffer);
  const node = (name) => root.listNodes().find((one) => one.getName() === name);
  const head = node('head');
  const { targetNames } = head.getMesh().getExtras();
  for (const [name, { spine, smile, between }] of Object.entries(clips)) {
    const times = accessor(
      'SCALAR',
      [...spine.keys(), spine.length].map((i) => (i * length_s) / 4),
    );
    const round = (values) => [...values, values[0]];
    const weights = round(smile).flatMap((weight) =>
      targetNames.map((target) => (target.startsWith('mouthSmile') ? weight : 0)),
    );
    const animation = document.createAnimation(name);
    for (const [target, path, output] of [
      [
        node('Spine'),
        'rotation',
        accessor(
          'VEC4',
          round(spine).flatMap((a) => turn(2, a)),
        ),
      ],
      [head, 'weights', accessor('SCALAR', weights)],
    ]) {
      const sampler = document
        .createAnimationSampler()
        .setInput(times)
        .setOutput(output)
        .setInterpolation(between);
      animation
        .addSampler(sampler)
        .addChannel(
          document
            .createAnimationChannel()
            .setTargetNode(target)
            .setTargetPath(path)
            .setSampler(sampler),
        );
    }
  }
  await io.write(to, document);
}
