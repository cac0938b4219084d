/** The names of the engine's moods; web/build.mjs takes them from shared/moods.json. */
declare const MOODS: string[];

/** What Avatar.mood can be. */
export const moods: readonly string[] = MOODS;
