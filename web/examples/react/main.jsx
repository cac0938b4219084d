import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { TalkingFace } from './TalkingFace.jsx';

createRoot(document.querySelector('main')).render(
  <StrictMode>
    <TalkingFace greeting="Hello from React." />
  </StrictMode>,
);
