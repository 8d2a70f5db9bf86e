// Small pages that share much and travel together: as three chunks they would weigh more than as one.

export { default as DiagnosticsPage } from "./diagnostics";
export { default as SettingsPage } from "./settings";
export { default as UploadPage } from "./upload";
