import { computed } from "@preact/signals";
import { time_words } from "../core/times";
import { settings } from "./settings";

// Other settings than these two make no new words.
const zone = computed(() => settings.value.zone);
const hours = computed(() => settings.value.hours);

/** How this browser's reader wants times written. */
export const times = computed(() => time_words(zone.value, hours.value));
