import type { AvatarOptions } from './avatar_options.js';
import { paintOf } from './background.js';
import { VivavoxError } from './errors.js';
import { qualityLevels } from './quality.js';
import type { Look } from './scene.js';
import { shotOf } from './view.js';

/** The studio's grey: the engine makes it lighter behind the head. Other colours are plain. */
export const defaultBackground = '#aeb9c8';
/** Kinds of light: engine/stage/lighting.h. */
export const lightings = ['portrait', 'soft', 'window', 'dramatic', 'flat'] as const;
export const qualities = ['auto', ...qualityLevels] as const;

/** @throws VivavoxError `invalid_argument` for what is none of the choices */
export function checkedChoice<T extends string>(what: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new VivavoxError('invalid_argument', `${what} must be one of ${choices.join(', ')}`);
}

/** How an avatar of these options is drawn. @throws VivavoxError `invalid_argument` */
export function lookOf({
  background,
  view = 'bust',
  lighting = 'portrait',
  quality = 'auto',
}: AvatarOptions): Look {
  return {
    background: paintOf(background ?? defaultBackground).color,
    shot: shotOf(view),
    lighting: checkedChoice('lighting', lighting, lightings),
    quality: checkedChoice('quality', quality, qualities),
  };
}
