/**
 * What an avatar is to look like: its traits by name. Which it has, and what they can be,
 * Avatar.traits() tells; these are usual ones. `null` takes a choice back.
 */
export interface TraitChoices {
  /** One of the avatar's looks: all that was chosen before is taken back, and what is chosen with it lies over it. */
  look?: string | null;
  /** A value's name, or `#rrggbb`. */
  skin?: string | null;
  hair?: string | null;
  /** A value's name, or `#rrggbb`. */
  hairColor?: string | null;
  /** Their colour: a value's name, or `#rrggbb`. */
  eyes?: string | null;
  glasses?: string | null;
  beard?: string | null;
  top?: string | null;
  /** A value's name, or `#rrggbb`. */
  topColor?: string | null;
  [trait: string]: string | null | undefined;
}

/** What a trait can be, and what it is. */
export interface Trait {
  /** The names of its values; where it takes a colour alone there may be none. */
  readonly values: readonly string[];
  /** Whether it also takes any colour, as `#rrggbb`. */
  readonly takesColor: boolean;
  /** A value's name or a colour; null where the file's own colour shows, which has no name. */
  readonly chosen: string | null;
  /** The colour that shows, on average; null where the trait takes none. */
  readonly color: string | null;
}

/** What can be changed about an avatar. */
export interface AvatarTraits {
  readonly traits: Readonly<Record<string, Trait>>;
  /** Sets of traits that go together. */
  readonly looks: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What is chosen when `more` is chosen over it. */
export function choicesOver(chosen: TraitChoices, more: TraitChoices): TraitChoices {
  const before = typeof more.look === 'string' ? {} : chosen;
  const given = Object.entries({ ...before, ...more }).filter(([, value]) => value != null);
  return Object.fromEntries(given);
}
