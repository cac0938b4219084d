import { answerAt, itemAt, itemsAt, languageAt, type Moment } from './flow.js';
import type { KioskFile, Page } from './kiosk_file.js';

/** What a button asks for. */
export type Action =
  | { type: 'begin' }
  | { type: 'back' }
  | { type: 'again' }
  | { type: 'choose'; place: number }
  | { type: 'language'; code: string };

/** What a view is made of. */
export interface ViewContext {
  kiosk: KioskFile;
  moment: Moment;
  /** What the kiosk file's own addresses are relative to. */
  base: URL;
  act: (action: Action) => void;
}

/** The panel beside the face, as a moment has it. */
export function panelOf(context: ViewContext): HTMLElement[] {
  return [headOf(context), bodyOf(context)];
}

function headOf({ kiosk, moment, act }: ViewContext): HTMLElement {
  const { words } = languageAt(kiosk, moment);
  const title = element('h1', '', kiosk.title[moment.language]);
  const head = element('header', 'head', title);
  if (kiosk.languages.length === 1) return head;
  const buttons = kiosk.languages.map(({ code, label, direction }) => {
    const one = button('language', label, `language ${code}`, () => {
      act({ type: 'language', code });
    });
    one.lang = code;
    one.dir = direction;
    one.setAttribute('aria-pressed', String(code === moment.language));
    return one;
  });
  const group = element('div', 'languages', ...buttons);
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', words.language);
  head.append(group);
  return head;
}

function bodyOf(context: ViewContext): HTMLElement {
  const { kiosk, moment } = context;
  const { scene, language, isOpen } = moment;
  switch (scene.name) {
    case 'attract':
      return element(
        'div',
        'body',
        ...line(kiosk.attract.lines[scene.line]?.[language]),
        start(context),
      );
    case 'greeting':
    case 'menu': {
      const path = scene.name === 'menu' ? scene.path : [];
      if (path.length > 0)
        return element('div', 'body', heading(context, path), menu(context, path), back(context));
      const greeting = isOpen ? kiosk.greeting : (kiosk.hours?.closed ?? kiosk.greeting);
      return element('div', 'body', ...line(greeting[language]), menu(context, path));
    }
    case 'answer':
      return answer(context, scene.path);
    case 'goodbye':
      return element('div', 'body', ...line(kiosk.goodbye?.[language]), start(context));
  }
}

function line(text: string | undefined): HTMLElement[] {
  return text === undefined ? [] : [element('p', 'line', text)];
}

function start({ kiosk, moment, act }: ViewContext): HTMLElement {
  return button('begin', languageAt(kiosk, moment).words.begin, 'begin', () => {
    act({ type: 'begin' });
  });
}

function heading({ kiosk, moment }: ViewContext, path: readonly number[]): HTMLElement {
  return element('h2', '', itemAt(kiosk, path)?.label[moment.language]);
}

/** Each button with the digit that does the same. */
function menu({ kiosk, moment, act }: ViewContext, path: readonly number[]): HTMLElement {
  const buttons = itemsAt(kiosk, path).map(({ label }, place) => {
    const digit = element('kbd', '', String(place + 1));
    digit.setAttribute('aria-hidden', 'true');
    const text = element('span', '', label[moment.language]);
    const one = button('item', text, `item ${[...path, place].join()}`, () => {
      act({ type: 'choose', place });
    });
    one.prepend(digit);
    return element('li', '', one);
  });
  return element('ul', 'menu', ...buttons);
}

function back({ kiosk, moment, act }: ViewContext): HTMLElement {
  return button('back', languageAt(kiosk, moment).words.back, 'back', () => {
    act({ type: 'back' });
  });
}

function answer(context: ViewContext, path: readonly number[]): HTMLElement {
  const { kiosk, moment, act } = context;
  const found = answerAt(kiosk, path);
  const again = button('again', languageAt(kiosk, moment).words.again, 'again', () => {
    act({ type: 'again' });
  });
  const text = (found?.page?.text ?? found?.text)?.[moment.language] ?? '';
  return element(
    'div',
    'body',
    heading(context, path),
    ...pictureOf(context, found?.page ?? null),
    ...text.split(/\n\s*\n/).map((paragraph) => element('p', 'text', paragraph)),
    element('div', 'actions', back(context), again),
  );
}

function pictureOf({ moment, base }: ViewContext, page: Page | null): HTMLElement[] {
  if (!page?.picture) return [];
  const picture = document.createElement('img');
  picture.src = new URL(page.picture.file, base).href;
  picture.alt = page.picture.label[moment.language] ?? '';
  return [picture];
}

/** @param key what it stays known by when the panel is made anew */
function button(
  className: string,
  content: string | Node,
  key: string,
  press: () => void,
): HTMLButtonElement {
  const one = element('button', className, content);
  one.type = 'button';
  one.dataset.key = key;
  one.addEventListener('click', press);
  return one;
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...content: (string | Node | undefined)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...content.filter((part) => part !== undefined));
  return made;
}
