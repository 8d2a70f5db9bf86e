import { mkdir } from "node:fs/promises";
import path from "node:path";

const k_widths = [1440, 1024, 390, 320];
const k_themes = ["light", "dark"];

/** Pictures of the page at every width and in both themes, when SCREENSHOT_DIR says where to. */
export async function take_screenshots(page, name) {
  const directory = process.env.SCREENSHOT_DIR;
  if (!directory) return;
  await mkdir(directory, { recursive: true });
  const before = page.viewportSize();
  for (const width of k_widths) {
    await page.setViewportSize({ width, height: width < 768 ? 800 : 900 });
    for (const colorScheme of k_themes) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(150);
      await page.screenshot({ path: path.join(directory, `${name}-${width}-${colorScheme}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(before);
}

/** The same for a page that was loaded at one width and is looked at there only. */
export async function take_screenshot(page, name) {
  const directory = process.env.SCREENSHOT_DIR;
  if (!directory) return;
  await mkdir(directory, { recursive: true });
  for (const colorScheme of k_themes) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(100);
    await page.screenshot({ path: path.join(directory, `${name}-${page.viewportSize().width}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: null });
}
