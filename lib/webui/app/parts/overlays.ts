// What lies over any page: as two chunks they would weigh more than as one.

export { Help } from "./help";
export { Palette } from "./palette";
