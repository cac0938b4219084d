import { VivavoxError } from './errors.js';

/** What Avatar.mood can be: the moods of shared/moods.json, as the build makes sure. */
export const moods = [
  'neutral',
  'professional',
  'happy',
  'surprised',
  'confused',
  'sad',
  'thoughtful',
  'angry',
  'fear',
  'disgust',
  'love',
  'sleep',
] as const;

/** The name of a mood. */
export type Mood = (typeof moods)[number];

/** Whether it is the name of a mood. */
export function isMood(name: string): name is Mood {
  return (moods as readonly string[]).includes(name);
}

/** @throws VivavoxError `invalid_argument` for a mood there is not, or an intensity outside 0 to 1 */
export function checkedMood(
  mood = 'neutral',
  moodIntensity = 1,
): {
  mood: Mood;
  moodIntensity: number;
} {
  if (!isMood(mood)) {
    throw new VivavoxError(
      'invalid_argument',
      `There is no mood "${mood}": choose one of ${moods.join(', ')}.`,
    );
  }
  if (!(moodIntensity >= 0 && moodIntensity <= 1)) {
    throw new VivavoxError('invalid_argument', 'The intensity of a mood must be from 0 to 1.');
  }
  return { mood, moodIntensity };
}
