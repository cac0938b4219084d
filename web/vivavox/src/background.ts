import { VivavoxError } from './errors.js';

/** `#rrggbb`, `transparent`, or a picture that the canvas shows through (any CSS image). */
export type Background = string;

/** What the renderer paints: a colour, or nothing where the page shows through. */
export function paintOf(background: Background): { color: string; image: string } {
  if (/^#[0-9a-f]{6}$/i.test(background)) return { color: background, image: '' };
  if (background === 'transparent') return { color: 'transparent', image: '' };
  const isImage = CSS.supports('background-image', background) && background.includes('(');
  if (isImage) return { color: 'transparent', image: background };
  throw new VivavoxError(
    'invalid_argument',
    `"${background}" is no background: write #rrggbb, transparent or url(…).`,
  );
}
