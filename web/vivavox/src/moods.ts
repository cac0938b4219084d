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
