// What an app writes against the packages' types.
import { Avatar, moods, VivavoxError, type AvatarOptions, type SpeechSource } from 'vivavox';
import 'vivavox/element';
import { createSpeech } from 'vivavox-speech';
import { onnxRuntime } from 'vivavox-speech/onnxruntime';

export async function main(canvas: HTMLCanvasElement, source?: SpeechSource): Promise<void> {
  const speech = source ?? createSpeech({ onnxRuntime });
  const options: AvatarOptions = { speech, mood: moods[2] };
  const avatar = await Avatar.create(canvas, options);
  const onWord = ({ detail }: CustomEvent<{ text: string }>): string => detail.text;
  avatar.addEventListener('word', onWord);
  avatar.removeEventListener('word', onWord);
  const element = document.querySelector('vivavox-avatar');
  await element?.speak('Hi').catch((error: unknown) => {
    if (!(error instanceof VivavoxError) || error.code !== 'no_speech') throw error;
  });
  // @ts-expect-error -- no such mood
  avatar.mood = 'hungry';
  // @ts-expect-error -- no such event
  avatar.addEventListener('finish', onWord);
}
