import type { Avatar, Trait, TraitChoices } from 'vivavox';

/** What can be changed of an avatar, for a person to change it; hidden where that is nothing. */
export class LookPanel {
  readonly #panel: HTMLElement;
  readonly #avatar: Avatar;
  readonly #attempt: (action: () => Promise<void>) => Promise<void>;

  /** @param attempt runs what may fail and tells the person */
  constructor(
    panel: HTMLElement,
    avatar: Avatar,
    attempt: (action: () => Promise<void>) => Promise<void>,
  ) {
    this.#panel = panel;
    this.#avatar = avatar;
    this.#attempt = attempt;
  }

  /** Makes its controls as the avatar is now. */
  async fill(): Promise<void> {
    const { traits, looks } = await this.#avatar.traits();
    const names = Object.keys(looks);
    const fields = Object.entries(traits).map(([name, trait]) =>
      field(name, this.#controls(name, trait)),
    );
    const isWorn = (name: string) =>
      Object.entries(looks[name] ?? {}).every(([trait, value]) => traits[trait]?.chosen === value);
    if (names.length > 0) {
      const worn = names.find(isWorn) ?? null;
      fields.unshift(field('look', [this.#select('look', names, worn)]));
    }
    this.#panel.replaceChildren(...fields);
    this.#panel.hidden = fields.length === 0;
  }

  #controls(name: string, { values, takesColor, chosen, color }: Trait): HTMLElement[] {
    const controls: HTMLElement[] = [];
    if (values.length > 0) controls.push(this.#select(name, values, chosen));
    if (takesColor) controls.push(this.#color(name, color));
    return controls;
  }

  #select(name: string, values: readonly string[], chosen: string | null): HTMLSelectElement {
    const select = document.createElement('select');
    select.append(...values.map((value) => new Option(worded(value), value)));
    // Where it is none of them, none shows.
    select.value = chosen ?? '';
    select.addEventListener('change', () => {
      void this.#attempt(async () => {
        await this.#avatar.customize({ [name]: select.value });
        await this.fill();
      });
    });
    return named(select, name);
  }

  #color(name: string, color: string | null): HTMLInputElement {
    const input = document.createElement('input');
    input.type = 'color';
    if (color !== null) input.value = color;
    input.addEventListener('input', () => {
      const choices: TraitChoices = { [name]: input.value };
      void this.#attempt(() => this.#avatar.customize(choices));
    });
    return named(input, name);
  }
}

function named<T extends HTMLSelectElement | HTMLInputElement>(control: T, name: string): T {
  control.name = name;
  control.setAttribute('aria-label', worded(name));
  return control;
}

function field(name: string, controls: HTMLElement[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'field';
  const label = document.createElement('label');
  label.textContent = worded(name);
  const [first] = controls;
  if (first) first.id = label.htmlFor = `look-${name}`;
  box.append(label, ...controls);
  return box;
}

/** A trait's name as a person reads it: "hairColor" is "Hair color". */
function worded(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
