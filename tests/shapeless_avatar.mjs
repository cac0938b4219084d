// Avatars without shapes, for tests: what is left of others whose shapes are known.
import { Logger, NodeIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { dequantize, prune } from '@gltf-transform/functions';

/** Takes the shape of a target for good. */
function take(primitive, index) {
  const target = primitive.listTargets()[index]?.getAttribute('POSITION');
  if (!target) return;
  const positions = primitive.getAttribute('POSITION');
  const ways = target.getArray();
  positions.setArray(positions.getArray().map((value, i) => value + ways[i]));
}

/** Has the file show this look for good: its nodes and colours, without traits. */
function wear(root, look) {
  const { traits = {}, looks = {} } = root.getExtras().vivavox ?? {};
  const choices = looks[look] ?? {};
  const values = Object.entries(traits).flatMap(([name, trait]) =>
    Object.entries(trait.values ?? {}).map(([value, { show = [], colors = {} }]) => ({
      isWorn: value === (choices[name] ?? trait.default),
      show,
      colors,
    })),
  );
  const worn = values.filter(({ isWorn }) => isWorn);
  const shown = new Set(worn.flatMap(({ show }) => show));
  for (const node of root.listNodes()) {
    const isOfTrait = values.some(({ show }) => show.includes(node.getName()));
    if (isOfTrait && !shown.has(node.getName())) node.dispose();
  }
  for (const material of root.listMaterials()) {
    const color = worn.map(({ colors }) => colors[material.getName()]).findLast(Boolean);
    if (color) material.setBaseColorFactor([...color, 1]);
  }
  root.setExtras({});
}

/** Writes the avatar without a single morph target; of several in a file the one of this look. */
export async function shapelessAvatar(from, to, look) {
  const io = new NodeIO().registerExtensions(ALL_EXTENSIONS);
  const document = await io.read(from);
  document.setLogger(new Logger(Logger.Verbosity.SILENT));
  await document.transform(dequantize());
  const root = document.getRoot();
  for (const mesh of root.listMeshes()) {
    const names = mesh.getExtras().targetNames ?? [];
    for (const primitive of mesh.listPrimitives()) {
      take(primitive, names.indexOf(`shape_${look}`));
      for (const target of primitive.listTargets()) primitive.removeTarget(target);
    }
    mesh.setExtras({}).setWeights([]);
  }
  wear(root, look);
  await document.transform(prune());
  await io.write(to, document);
}
