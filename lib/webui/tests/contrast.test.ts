import { expect, test } from "vitest";
import agents_css from "../app/styles/agents.css?raw";
import tokens_css from "../app/styles/tokens.css?raw";

type Colour = readonly [number, number, number];
const k_themes = ["light", "dark"] as const;

/** Names to the colours of light and dark, from the rules of one selector. */
function tokens(selector: string): Map<string, [string, string]> {
  const text = tokens_css;
  const start = text.indexOf(`${selector} {`);
  const body = text.slice(start, text.indexOf("}", start));
  return new Map([...body.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map((m) => [m[1]!, [m[2]!, m[3]!]]));
}

const from_hex = (hex: string): Colour => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255) as unknown as Colour;

function from_hsl(hue: number, saturation: number, lightness: number): Colour {
  const [s, l] = [saturation / 100, lightness / 100];
  const part = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [part(0), part(8), part(4)];
}

/** As WCAG 2.2 defines it. */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Colour, b: Colour): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const k_texts = ["ink", "quiet", "link", "good", "info", "warn", "bad"];
const k_grounds = ["ground", "raised", "sunken", "over"];
const k_pairs = k_texts.flatMap((text) => k_grounds.map((ground) => [text, ground] as const));
const k_special = [["bad", "bad-ground"], ["ink", "bad-ground"], ["good", "good-ground"], ["ink", "aim"], ["quiet", "aim"], ["ink", "mark"]] as const;

test.each(k_themes.map((theme, i) => [theme, i] as const))("every colour of text reaches 4.5:1 on every ground, %s", (_, i) => {
  const all = tokens(":root");
  const colour = (name: string) => from_hex(all.get(name)![i]!);
  const poor = [...k_pairs, ...k_special].filter(([text, ground]) => contrast(colour(text), colour(ground)) < 4.5);
  expect(poor).toEqual([]);
});

test.each(k_themes.map((theme, i) => [theme, i] as const))("edges of controls and the focus reach 3:1, %s", (_, i) => {
  const all = tokens(":root");
  const ratio = (name: string) => contrast(from_hex(all.get(name)![i]!), from_hex(all.get("ground")![i]!));
  expect(["line-strong", "focus"].filter((name) => ratio(name) < 3)).toEqual([]);
});

test.each(k_themes.map((theme, i) => [theme, i] as const))("high contrast reaches 7:1, %s", (_, i) => {
  const all = tokens(':root[data-theme="contrast"]');
  const ratio = (name: string) => contrast(from_hex(all.get(name)![i]!), from_hex(all.get("ground")![i]!));
  expect(k_texts.filter((name) => ratio(name) < 7)).toEqual([]);
});

test.each(k_themes.map((theme, i) => [theme, i] as const))("every agent's colour reaches 4.5:1 on the page and on its own ground, %s", (_, i) => {
  const text = agents_css;
  const hues = [...text.matchAll(/\.agent-([\w-]+) \{ --hue: (\d+); \}/g)].map((m) => [m[1]!, Number(m[2])] as const);
  const [ink, own] = ["agent", "agent-ground"].map((name) => {
    const rule = new RegExp(`--${name}: light-dark\\(hsl\\(var\\(--hue\\) (\\d+)% (\\d+)%\\), hsl\\(var\\(--hue\\) (\\d+)% (\\d+)%\\)\\)`).exec(text)!;
    return [Number(rule[1 + 2 * i]), Number(rule[2 + 2 * i])] as const;
  }) as [readonly [number, number], readonly [number, number]];
  const page = ["ground", "raised"].map((name) => from_hex(tokens(":root").get(name)![i]!));
  const poor = hues.filter(([, hue]) => [...page, from_hsl(hue, ...own)].some((ground) => contrast(from_hsl(hue, ...ink), ground) < 4.5));
  expect(hues.length).toBeGreaterThan(20);
  expect(poor).toEqual([]);
});
