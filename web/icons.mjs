// Draws the app's icons from web/app/public/icon.svg; run it where that was changed.
//   node web/icons.mjs
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = new URL('app/public/', import.meta.url);
const icon = readFileSync(new URL('icon.svg', folder), 'utf8');
const fileOf = (name) => fileURLToPath(new URL(name, folder));
/** The unit of the icon's own drawing. */
const side = 32;

/** Square to its corners, the picture within the circle that every mask leaves (w3.org/TR/appmanifest, 0.4 of the side). */
function maskable(svg) {
  const colour = /<rect[^>]*fill="([^"]+)"/.exec(svg)?.[1];
  const inner = svg.replace(/^<svg[^>]*>|<\/svg>\s*$/g, '');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}">` +
    `<rect width="${side}" height="${side}" fill="${colour}"/>` +
    `<g transform="translate(${side / 10} ${side / 10}) scale(0.8)">${inner}</g></svg>`
  );
}

async function draw(svg, size_px, name) {
  const density = (72 * size_px) / side;
  await sharp(Buffer.from(svg), { density })
    .resize(size_px, size_px)
    .png({ compressionLevel: 9, palette: true })
    .toFile(fileOf(name));
}

await draw(icon, 192, 'icon-192.png');
await draw(icon, 512, 'icon-512.png');
await draw(maskable(icon), 512, 'icon-maskable-512.png');
