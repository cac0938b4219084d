import { createApp } from 'vue';
import TalkingFace from './TalkingFace.vue';

createApp(TalkingFace, { greeting: 'Hello from Vue.' }).mount('main');
