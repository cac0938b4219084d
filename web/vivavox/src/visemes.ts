/** The 15 visemes of the Oculus/Meta set with a sound that each stands for, in IPA. */
const sounds = {
  sil: '',
  PP: 'p',
  FF: 'f',
  TH: 'θ',
  DD: 't',
  kk: 'k',
  CH: 'ʃ',
  SS: 's',
  nn: 'n',
  RR: 'ɹ',
  aa: 'ɑ',
  E: 'ɛ',
  I: 'i',
  O: 'o',
  U: 'u',
} as const;

/** The name of a viseme, without the prefix that morph targets carry. */
export type VisemeName = keyof typeof sounds;

/** The names of the visemes. */
export const visemes = Object.keys(sounds) as readonly VisemeName[];

/** A sound that has this viseme, in IPA; undefined for a name that is none. */
export function soundOf(viseme: string): string | undefined {
  const name = viseme.replace(/^viseme_/, '');
  return Object.hasOwn(sounds, name) ? sounds[name as VisemeName] : undefined;
}

/** A viseme and when it is seen, in seconds. */
export interface TimedViseme {
  viseme: VisemeName;
  start_s: number;
  end_s: number;
}
