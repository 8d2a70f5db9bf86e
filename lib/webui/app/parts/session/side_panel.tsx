import type { PanelName } from "../../core/session_url";
import { k_panels, type PanelProps } from "./panels";

interface Props extends PanelProps {
  name: PanelName;
  choose(name: PanelName): void;
}

const k_steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

/** The column beside the transcript: one tab at a time. */
export function SidePanel({ name, choose, ...props }: Props) {
  const panel = k_panels.find((known) => known.name === name) ?? k_panels[0]!;
  const on_key = (event: KeyboardEvent) => {
    const step = k_steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = k_panels[(k_panels.indexOf(panel) + step + k_panels.length) % k_panels.length]!;
    choose(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <div class="side-panel">
      <div class="tabs" role="tablist" aria-label="About this session" onKeyDown={on_key}>
        {k_panels.map(({ name: tab, label }) => (
          <button
            key={tab}
            id={`tab-${tab}`}
            type="button"
            role="tab"
            aria-selected={tab === panel.name}
            aria-controls="side-panel-body"
            tabIndex={tab === panel.name ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {label}
          </button>
        ))}
      </div>
      <div class="panel-body" id="side-panel-body" role="tabpanel" aria-labelledby={`tab-${panel.name}`} tabIndex={0}>
        <panel.Body {...props} />
      </div>
    </div>
  );
}
