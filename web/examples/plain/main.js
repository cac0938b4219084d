import { Avatar } from 'vivavox';
import { createSpeech } from 'vivavox-speech';

const form = document.querySelector('form');
const output = document.querySelector('output');

try {
  const avatar = await Avatar.create(document.querySelector('canvas'), { speech: createSpeech() });
  form.onsubmit = async (event) => {
    event.preventDefault();
    output.value = '';
    const saying = avatar.speak(form.querySelector('input').value);
    output.value = await saying.catch(({ message }) => message);
  };
  form.querySelector('button').disabled = false;
} catch (error) {
  output.value = error.message;
}
