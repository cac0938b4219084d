// An avatar as others' tools pack it, for tests.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Logger, NodeIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS, EXTTextureAVIF } from '@gltf-transform/extensions';
import { draco, meshopt, textureCompress } from '@gltf-transform/functions';
import draco3d from 'draco3dgltf';
import { MeshoptEncoder } from 'meshoptimizer';
import sharp from 'sharp';

/** A glTF binary's JSON. */
export function jsonOf(file) {
  const length = file.readUInt32LE(12);
  return JSON.parse(file.subarray(20, 20 + length).toString());
}

/** The tools' output by name: what each file is packed by, and a file of it in the folder. */
export async function packedAvatars(plain, folder) {
  const io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({
    'draco3d.encoder': await draco3d.createEncoderModule(),
    'meshopt.encoder': MeshoptEncoder,
  });
  const at = (name) => path.join(folder, `${name}.glb`);
  const transformed = async (name, ...transforms) => {
    const document = await io.read(plain);
    document.setLogger(new Logger(Logger.Verbosity.SILENT));
    await document.transform(...transforms);
    await io.write(at(name), document);
    return at(name);
  };
  const gltfpacked = (name, ...options) => {
    const tool = createRequire(import.meta.url).resolve('gltfpack/cli.js');
    // Names, which the rig is known by, stay.
    const kept = ['-kn', '-km', '-ke'];
    execFileSync(process.execPath, [tool, '-i', plain, '-o', at(name), ...kept, ...options]);
    return at(name);
  };
  return {
    quantized: gltfpacked('quantized'),
    meshopt: gltfpacked('meshopt', '-c'),
    'meshopt, closer': gltfpacked('meshopt-closer', '-cc'),
    'meshopt, closest': gltfpacked('meshopt-closest', '-cz'),
    'meshopt, floats of version 1': gltfpacked('meshopt-1', '-cz', '-vpf', '-vtf', '-vnf'),
    'meshopt, floats': gltfpacked('meshopt-floats', '-cc', '-vpf', '-vtf', '-vnf'),
    'meshopt by gltf-transform': await transformed(
      'meshopt-transform',
      meshopt({ encoder: MeshoptEncoder }),
    ),
    draco: await transformed('draco', draco()),
    'draco in order': await transformed('draco-sequential', draco({ method: 'sequential' })),
    webp: await transformed('webp', textureCompress({ encoder: sharp, targetFormat: 'webp' })),
    'draco and webp': await transformed(
      'draco-webp',
      textureCompress({ encoder: sharp, targetFormat: 'webp' }),
      draco(),
    ),
  };
}

/**
 * Writes a copy whose textures are AVIF, nearly as they were, with this alpha everywhere: opaque
 * materials show their colours all the same, if nobody multiplied them.
 */
export async function avifAvatar(plain, to, alpha) {
  const io = new NodeIO().registerExtensions(ALL_EXTENSIONS);
  const document = await io.read(plain);
  document.createExtension(EXTTextureAVIF).setRequired(true);
  for (const texture of document.getRoot().listTextures()) {
    const image = sharp(texture.getImage()).removeAlpha().ensureAlpha(alpha);
    texture.setImage(await image.avif({ quality: 90, effort: 0 }).toBuffer());
    texture.setMimeType('image/avif');
  }
  await io.write(to, document);
}

/** Writes a copy of the file with its JSON changed. */
export function copyWithJson(file, to, change) {
  const bytes = readFileSync(file);
  const json = jsonOf(bytes);
  change(json);
  const text = Buffer.from(JSON.stringify(json));
  const padded = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, ' ')]);
  const head = Buffer.from(bytes.subarray(0, 20));
  const rest = bytes.subarray(20 + bytes.readUInt32LE(12));
  head.writeUInt32LE(20 + padded.length + rest.length, 8);
  head.writeUInt32LE(padded.length, 12);
  writeFileSync(to, Buffer.concat([head, padded, rest]));
}
