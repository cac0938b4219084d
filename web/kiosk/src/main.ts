import { Updates } from '../../app/src/updates.js';
import './element.js';

const kiosk = document.querySelector('vivavox-kiosk');
const updates = await Updates.begin('../service_worker.js');
kiosk?.addEventListener('rest', () => {
  updates?.takeUp();
  updates?.becomeKept();
});
