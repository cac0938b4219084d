// An avatar whose file says what can be changed about it, for tests.
import { copyWithJson } from './packed_avatars.mjs';

/**
 * Writes a copy of Vivi with traits: `hair` bob or none, `top` shirt or none, `cheeks` usual or full
 * (by a target of their own), `topColor` teal, red or any; the looks `vivi` and `bald`.
 */
export function traitAvatar(vivi, to) {
  copyWithJson(vivi, to, (json) => {
    for (const { extras } of json.meshes) {
      const at = extras?.targetNames?.indexOf('cheekPuff') ?? -1;
      if (at >= 0) extras.targetNames[at] = 'shape_full';
    }
    json.extras = {
      vivavox: {
        traits: {
          hair: { default: 'bob', values: { bob: { show: ['hair', 'hair_inside'] }, none: {} } },
          top: { default: 'shirt', values: { shirt: { show: ['top', 'collar'] }, none: {} } },
          cheeks: {
            default: 'usual',
            values: { usual: {}, full: { weights: { shape_full: 1 } } },
          },
          topColor: {
            default: 'teal',
            values: { teal: {}, red: { colors: { cloth: [0.6, 0.02, 0.02] } } },
            any: ['cloth'],
          },
        },
        looks: { vivi: {}, bald: { hair: 'none', topColor: 'red' } },
      },
    };
  });
}
