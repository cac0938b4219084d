// What train_phone_sounds learns from. Usage: training_list.mjs FOLDER SCRATCH > LIST
// The speaker of the English and Spanish prompts is left out: alignment is measured on her.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { decode, languages, prompts } from './corpus.mjs';
import { output } from './programs.mjs';

const [root, scratch] = process.argv.slice(2);
let made = 0;

function add(voice, soundFile, text) {
  const samples = decode(soundFile);
  const file = join(scratch, `${made++}.f32`);
  writeFileSync(file, Buffer.from(samples.buffer));
  console.log([voice, file, text].join('\t'));
}

for (const language of ['fr', 'it', 'ru']) {
  for (const prompt of prompts(root, language)) {
    add(languages[language].voice, prompt.file, prompt.text);
  }
}
const everyOther = prompts(root, 'en').filter((_, i) => i % 2 === 1);
for (const speaker of ['awb', 'rms', 'slt', 'kal16']) {
  for (const { text } of everyOther) {
    const file = join(scratch, 'spoken.wav');
    output(join(root, `usr/bin/flite_cmu_us_${speaker}`), ['-t', text, '-o', file]);
    add(languages.en.voice, file, text);
  }
}
