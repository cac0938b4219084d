import type { Action } from './view.js';

/** What a key means: an action, or the way that the focus goes. */
export type KeyMeaning = Action | { type: 'move'; by: 1 | -1 } | { type: 'nextLanguage' } | null;

/**
 * What a key of a keyboard, a number pad or a presenter's remote means. Enter and space press the
 * button that has the focus, as everywhere.
 * @param isRtl whether the page is read from right to left
 */
export function meaningOf(key: string, isRtl: boolean): KeyMeaning {
  if (/^[1-9]$/.test(key)) return { type: 'choose', place: Number(key) - 1 };
  switch (key) {
    case '0':
      return { type: 'nextLanguage' };
    case 'Escape':
      return { type: 'back' };
    case 'ArrowDown':
    case 'PageDown':
      return { type: 'move', by: 1 };
    case 'ArrowUp':
    case 'PageUp':
      return { type: 'move', by: -1 };
    case 'ArrowRight':
      return { type: 'move', by: isRtl ? -1 : 1 };
    case 'ArrowLeft':
      return { type: 'move', by: isRtl ? 1 : -1 };
    default:
      return null;
  }
}

/** Gives the focus to the button before or after the one that has it, round and round. */
export function moveFocus(buttons: readonly HTMLButtonElement[], by: 1 | -1): void {
  const at = buttons.findIndex((button) => button === document.activeElement);
  const from = at === -1 && by === -1 ? 0 : at;
  buttons.at((from + by) % buttons.length)?.focus();
}
