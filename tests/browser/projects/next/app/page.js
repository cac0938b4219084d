'use client';
import { useEffect, useRef, useState } from 'react';
import { Avatar } from 'vivavox';
import { createSpeech } from 'vivavox-speech';
import { onnxRuntime } from 'vivavox-speech/onnxruntime';
import 'vivavox/element';

const voices = ['espeak:en-us', 'tone.onnx'];

export default function Page() {
  const canvas = useRef(null);
  const [avatar, setAvatar] = useState(null);
  const [outcome, setOutcome] = useState('');
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const speech = createSpeech({ onnxRuntime });
    Avatar.create(canvas.current, { speech, signal }).then(setAvatar, (error) => {
      if (!signal.aborted) setOutcome(`${error.code}: ${error.message}`);
    });
    return () => {
      leaving.abort();
      speech.then((loaded) => loaded.dispose());
      setAvatar((before) => {
        before?.dispose();
        return null;
      });
    };
  }, []);
  const speak = (voice) => {
    setOutcome('');
    avatar
      .speak('Papa bought a map. Mama may buy a boat.', { voice })
      .then(setOutcome, (error) => setOutcome(`${error.code}: ${error.message}`));
  };
  return (
    <>
      <canvas ref={canvas} width="160" height="160" />
      {voices.map((voice) => (
        <button key={voice} value={voice} disabled={!avatar} onClick={() => speak(voice)}>
          {voice}
        </button>
      ))}
      <output>{outcome}</output>
    </>
  );
}
