import { useEffect, useRef, useState } from 'react';
import { Avatar } from 'vivavox';
import { createSpeech } from 'vivavox-speech';

const speech = createSpeech(); // shared by all faces of the page

export function TalkingFace({ greeting }) {
  const canvas = useRef(null);
  const [avatar, setAvatar] = useState(null);
  const [text, setText] = useState(greeting);
  const [outcome, setOutcome] = useState('');

  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    let made = null;
    Avatar.create(canvas.current, { speech, signal }).then(
      (avatar) => setAvatar((made = avatar)),
      (error) => {
        if (!signal.aborted) setOutcome(error.message);
      },
    );
    return () => {
      leaving.abort();
      made?.dispose();
      setAvatar(null);
    };
  }, []);

  const speak = (event) => {
    event.preventDefault();
    setOutcome('');
    avatar.speak(text).then(setOutcome, ({ message }) => setOutcome(message));
  };

  return (
    <>
      <canvas ref={canvas} />
      <form onSubmit={speak}>
        <input
          aria-label="What to say"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button disabled={!avatar}>Speak</button>
      </form>
      <output>{outcome}</output>
    </>
  );
}
