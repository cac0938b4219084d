// What every project's page does: an avatar, and a button for each voice.
import { Avatar } from 'vivavox';
import { createSpeech } from 'vivavox-speech';

export async function start(onnxRuntime) {
  const speech = createSpeech({ onnxRuntime });
  const avatar = await Avatar.create(document.querySelector('canvas'), { speech });
  for (const button of document.querySelectorAll('button')) {
    button.onclick = async () => {
      document.querySelector('output').value = '';
      const outcome = await avatar
        .speak('Papa bought a map. Mama may buy a boat.', { voice: button.value })
        .catch((error) => `${error.code}: ${error.message}`);
      if (outcome === 'finished') await avatar.follow(new OscillatorNode(new AudioContext()));
      document.querySelector('output').value = outcome;
    };
    button.disabled = false;
  }
}
