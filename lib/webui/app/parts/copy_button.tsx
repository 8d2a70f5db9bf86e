import { useEffect, useState } from "preact/hooks";
import { copy_text } from "./copy";
import { Icon, type IconName } from "./icon";

const k_said_ms = 1_600;

interface Props {
  label: string;
  icon?: IconName;
  /** Asked for when it is pressed. */
  text(): string | Promise<string>;
  class?: string;
  children?: string;
}

/** Copies, and says so for a moment. */
export function CopyButton({ label, icon = "copy", text, class: look = "button quiet", children }: Props) {
  const [said, set_said] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => set_said(""), k_said_ms);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => set_said((await copy_text(await text())) ? "Copied" : "Not copied");
  return (
    <button type="button" class={`${look}${children ? "" : " bare"}`} aria-label={children ? undefined : label} title={label} onClick={() => void copy()}>
      <Icon name={said === "Copied" ? "check" : icon} />
      {children && <span>{said || children}</span>}
    </button>
  );
}
