import { VivavoxError } from './errors.js';

/** How much of their usual movement jaw and lips make, each from 0 to 2. */
export interface JawAndLips {
  jaw: number;
  lips: number;
}

/** The styles with names: shared/speaking_styles.json, as the build makes sure. */
const named = {
  natural: { jaw: 1, lips: 1 },
  whisper: { jaw: 0.7, lips: 1.05 },
  mumble: { jaw: 0.4, lips: 0.45 },
  clear: { jaw: 1.15, lips: 1.35 },
  shout: { jaw: 1.5, lips: 1.2 },
} as const;

/** What Avatar.speakingStyle can be, by name. */
export const speakingStyles = Object.keys(named) as (keyof typeof named)[];

/**
 * How much jaw and lips are used to speak: by name or in numbers. Lips that must meet do so in any
 * style.
 */
export type SpeakingStyle = keyof typeof named | JawAndLips;

const most = 2;

/** @throws VivavoxError `invalid_argument` for a name there is not, or a number out of range */
export function jawAndLips(style: SpeakingStyle = 'natural'): JawAndLips {
  if (typeof style === 'object') {
    const { jaw, lips } = style;
    if ([jaw, lips].every((value) => value >= 0 && value <= most)) return { jaw, lips };
    throw new VivavoxError('invalid_argument', 'Jaw and lips of a style must be from 0 to 2.');
  }
  if (Object.hasOwn(named, style)) return named[style];
  throw new VivavoxError(
    'invalid_argument',
    `There is no speaking style "${style}": choose one of ${speakingStyles.join(', ')}, or give jaw and lips.`,
  );
}
