// Vivi of lacquer, velvet and glass, for tests.
import { copyWithJson } from './packed_avatars.mjs';

/** What becomes of each material: its new name, which keeps it from being skin, and its extensions. */
const made = {
  skin: {
    name: 'porcelain',
    extensions: {
      KHR_materials_clearcoat: { clearcoatFactor: 1, clearcoatRoughnessFactor: 0.15 },
      KHR_materials_ior: { ior: 1.33 },
    },
  },
  hair: {
    name: 'velvet',
    extensions: {
      KHR_materials_sheen: { sheenColorFactor: [0.9, 0.5, 0.2], sheenRoughnessFactor: 0.4 },
    },
  },
  cloth: {
    name: 'glass',
    extensions: { KHR_materials_transmission: { transmissionFactor: 0.7 } },
  },
  'cloth collar': {
    name: 'foil',
    extensions: {
      KHR_materials_specular: { specularColorFactor: [8, 2, 1] },
      KHR_materials_clearcoat: { clearcoatFactor: 0.5 },
    },
    alphaMode: 'MASK',
  },
};

/** Writes a copy of Vivi of these materials. */
export function layeredAvatar(plain, to) {
  copyWithJson(plain, to, (json) => {
    json.materials = json.materials.map((material) => ({ ...material, ...made[material.name] }));
  });
}
