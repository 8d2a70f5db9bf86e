// A session and what guests see of one: the same parts, hence one chunk.

export { default as SessionPage } from "./session";
export { default as SharePage } from "./share";
