import { moods, type Mood } from 'vivavox';
import { readLanguage, type Language } from './language.js';
import { days, readSpans, type OpeningHours } from './opening_hours.js';
import { YamlField } from './yaml_field.js';

/** One text in each language of the kiosk, by the languages' codes. */
export type Texts = Readonly<Record<string, string>>;

/** What a kiosk file says, with all that it leaves out filled in. */
export interface KioskFile {
  title: Texts;
  /** The first is the one that the kiosk goes back to. */
  languages: readonly [Language, ...Language[]];
  avatar: KioskAvatar;
  attract: Attract;
  greeting: Texts;
  /** What is said before the kiosk is left to the next person. */
  goodbye: Texts | null;
  menu: readonly Item[];
  hours: { open: OpeningHours; closed: Texts } | null;
  /** How long nobody does anything until that. */
  idle_s: number;
  captions: boolean;
  contrast: 'auto' | 'high';
  fullScreen: boolean;
}

export interface KioskAvatar {
  /** The avatar's file, as seen from the kiosk file; null for the family's. */
  file: string | null;
  look: string | null;
  background: string | null;
  mood: Mood;
}

/** What goes on while nobody is there. */
export interface Attract {
  lines: readonly Texts[];
  every_s: number;
  /** Whether the lines are said as well as shown. */
  isSaid: boolean;
}

/** A button of the menu: with an answer, or with items of its own. */
export interface Item {
  label: Texts;
  answer: Answer | null;
  items: readonly Item[];
}

export interface Answer {
  text: Texts;
  mood: Mood | null;
  page: Page | null;
}

/** What is shown beside the face while, and after, an answer is said. */
export interface Page {
  text: Texts | null;
  /** A picture, as seen from the kiosk file, and what it shows. */
  picture: { file: string; label: Texts } | null;
}

/** As many as there are digits to choose them by. */
const mostItems = 9;
const deepestMenu = 4;
/** A file of words: what is longer is something else. */
const longestFile = 1 << 20;

/**
 * Reads a kiosk file: YAML, of which JSON is a part.
 * @param hasVoice whether there is a voice of that name
 * @throws KioskFileError, which names line and path, and says what to do
 */
export function readKioskFile(text: string, hasVoice: (voice: string) => boolean): KioskFile {
  const root = YamlField.ofText(text.slice(0, longestFile));
  if (text.length > longestFile) root.fail(`the file is longer than ${longestFile} letters.`);
  const map = root.map([
    ...['title', 'languages', 'avatar', 'attract', 'greeting', 'goodbye'],
    ...['menu', 'hours', 'idle_s', 'captions', 'contrast', 'full_screen'],
  ] as const);
  const languages = readLanguages(map.needed('languages'), hasVoice);
  const reader = new TextReader(languages.map(({ code }) => code));
  const hours = map.at('hours');
  return {
    title: reader.texts(map.needed('title')),
    languages,
    avatar: readAvatar(map.at('avatar')),
    attract: reader.attract(map.at('attract')),
    greeting: reader.texts(map.needed('greeting')),
    goodbye: reader.textsOrNone(map.at('goodbye')),
    menu: reader.items(map.needed('menu'), 1),
    hours: hours && reader.hours(hours),
    idle_s: map.at('idle_s')?.number(5, 3600) ?? 45,
    captions: map.at('captions')?.flag() ?? true,
    contrast: map.at('contrast')?.choice(['auto', 'high']) ?? 'auto',
    fullScreen: map.at('full_screen')?.flag() ?? true,
  };
}

function readLanguages(
  field: YamlField,
  hasVoice: (voice: string) => boolean,
): [Language, ...Language[]] {
  const languages: Language[] = [];
  for (const entry of field.list(1, mostItems)) {
    const language = readLanguage(entry, hasVoice);
    if (languages.some(({ code }) => code === language.code)) {
      entry.fail(`"${language.code}" is there twice: remove one.`);
    }
    languages.push(language);
  }
  const [first, ...others] = languages;
  return first ? [first, ...others] : field.fail('is empty: name a language.');
}

function readAvatar(field: YamlField | null): KioskAvatar {
  const map = field?.map(['file', 'look', 'background', 'mood']);
  return {
    file: map?.at('file')?.text() ?? null,
    look: map?.at('look')?.text() ?? null,
    background: map?.at('background')?.text() ?? null,
    mood: map?.at('mood')?.choice(moods) ?? 'neutral',
  };
}

/** Reads what is told in each of the kiosk's languages. */
class TextReader {
  readonly #codes: readonly string[];

  constructor(codes: readonly string[]) {
    this.#codes = codes;
  }

  texts(field: YamlField): Texts {
    const [only] = this.#codes;
    if (field.isText && this.#codes.length === 1 && only !== undefined) {
      return { [only]: field.text() };
    }
    const map = field.map(this.#codes);
    return Object.fromEntries(this.#codes.map((code) => [code, map.needed(code).text()]));
  }

  textsOrNone(field: YamlField | null): Texts | null {
    return field && this.texts(field);
  }

  attract(field: YamlField | null): Attract {
    const map = field?.map(['lines', 'every_s', 'say']);
    return {
      lines:
        map
          ?.at('lines')
          ?.list(1, 50)
          .map((line) => this.texts(line)) ?? [],
      every_s: map?.at('every_s')?.number(5, 3600) ?? 20,
      isSaid: map?.at('say')?.flag() ?? false,
    };
  }

  items(field: YamlField, depth: number): Item[] {
    if (depth > deepestMenu) field.fail(`is too deep: a menu has ${deepestMenu} levels at most.`);
    return field.list(1, mostItems).map((entry) => this.#item(entry, depth));
  }

  hours(field: YamlField): NonNullable<KioskFile['hours']> {
    const map = field.map([...days, 'closed']);
    const open = days.map((day) => {
      const spans = map.at(day);
      return spans ? readSpans(spans) : [];
    });
    return { open, closed: this.texts(map.needed('closed')) };
  }

  #item(field: YamlField, depth: number): Item {
    const map = field.map(['label', 'answer', 'items']);
    const answer = map.at('answer');
    const items = map.at('items');
    if ((answer === null) === (items === null)) {
      field.fail('must have either an "answer" or "items".');
    }
    return {
      label: this.texts(map.needed('label')),
      answer: answer && this.#answer(answer),
      items: items ? this.items(items, depth + 1) : [],
    };
  }

  #answer(field: YamlField): Answer {
    const map = field.map(['text', 'mood', 'page']);
    const page = map.at('page');
    return {
      text: this.texts(map.needed('text')),
      mood: map.at('mood')?.choice(moods) ?? null,
      page: page && this.#page(page),
    };
  }

  #page(field: YamlField): Page {
    const map = field.map(['text', 'picture', 'picture_label']);
    const picture = map.at('picture');
    return {
      text: this.textsOrNone(map.at('text')),
      picture: picture && {
        file: picture.text(),
        label: this.texts(map.needed('picture_label')),
      },
    };
  }
}
