import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

interface Props {
  icon?: IconName;
  /** What it does; shown as a tooltip where `children` says it shorter or not at all. */
  label: string;
  /** The shortcut, as the help writes it. */
  keys?: string;
  kind?: "plain" | "quiet" | "primary" | "danger";
  pressed?: boolean;
  expanded?: boolean;
  disabled?: boolean;
  onClick(event: MouseEvent): void;
  children?: ComponentChildren;
}

export function Button({ icon, label, keys, kind = "plain", pressed, expanded, disabled, onClick, children }: Props) {
  return (
    <button
      type="button"
      class={`button ${kind}${children ? "" : " bare"}`}
      aria-label={children ? undefined : label}
      title={keys ? `${label} (${keys})` : label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      disabled={disabled}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </button>
  );
}
