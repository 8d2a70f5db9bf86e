// Small pages that share much and travel together: as chunks of their own they would weigh more than as one.

export { default as DiagnosticsPage } from "./diagnostics";
export { default as SettingsPage } from "./settings";
export { default as SignInPage } from "./sign_in";
export { default as UploadPage } from "./upload";
