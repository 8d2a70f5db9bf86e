import { bytes } from "../core/format";
import { escape_html } from "./escape";
import { host_of } from "./links";

// 2 MB of image as base64, four characters for three bytes.
const k_longest_data = Math.ceil((2_000_000 * 4) / 3);
const k_most_pixels = 40_000_000;
const k_data_image = /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=]+$/i;

/** A chip in place of the image: nothing is fetched; one that the message carries itself is drawn on click. */
export function image_html(alt: string, src: string): string {
  const name = escape_html(alt || "no description");
  if (!src.toLowerCase().startsWith("data:")) {
    const host = host_of(src);
    return `<span class="chip" title="${escape_html(src)}">image: ${name}${host ? ` (${escape_html(host)})` : ""}</span>`;
  }
  if (!k_data_image.test(src) || src.length > k_longest_data) return `<span class="chip">image: ${name} (not shown)</span>`;
  const size = bytes((src.length * 3) / 4);
  return `<button type="button" class="chip" data-image="${escape_html(src)}">image: ${name} (${size}) – show</button>`;
}

/** Puts the image in the place of its chip. */
export async function show_image(chip: HTMLElement): Promise<void> {
  const image = new Image();
  image.decoding = "async";
  image.className = "drawn-image";
  image.alt = chip.textContent ?? "";
  image.src = chip.dataset.image!;
  const loaded = await new Promise<boolean>((resolve) => {
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
  });
  if (loaded && image.naturalWidth * image.naturalHeight <= k_most_pixels) chip.replaceWith(image);
  else chip.replaceWith(loaded ? "image: too large to show" : "image: damaged");
}
