import { mount } from 'svelte';
import TalkingFace from './TalkingFace.svelte';

mount(TalkingFace, {
  target: document.querySelector('main'),
  props: { greeting: 'Hello from Svelte.' },
});
