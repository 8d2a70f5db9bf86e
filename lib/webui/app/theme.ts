// Runs before the first paint, so that a page never flashes in the wrong theme.
try {
  const stored = localStorage.getItem("agentpipe.theme");
  if (stored === "light" || stored === "dark" || stored === "contrast") document.documentElement.dataset.theme = stored;
} catch {
  // Storage is blocked: the system's theme it is.
}
