import { defineConfig } from "vitest/config";

export default defineConfig({
  // Fourteen hours before UTC, without summer time: whoever takes one zone for the other is found out.
  test: { include: ["tests/**/*.test.ts"], environment: "node", css: true, env: { TZ: "Pacific/Kiritimati" } },
});
