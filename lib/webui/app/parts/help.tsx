import { layers } from "../state/commands";
import { set_settings, settings } from "../state/settings";
import { Dialog } from "./dialog";

/** "g s" and "Ctrl K" as keys one after the other, "Home" and "g g" as two ways. */
export function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span class="keys">
      {keys.map((way) => (
        <span key={way}>
          {way.split(" ").map((key, i) => (
            <kbd key={i}>{key}</kbd>
          ))}
        </span>
      ))}
    </span>
  );
}

export function Help({ close }: { close(): void }) {
  const groups = layers.value
    .map(({ group, commands }) => ({ group, commands: commands.filter((command) => command.keys?.length) }))
    .filter(({ commands }) => commands.length > 0);
  return (
    <Dialog title="Keyboard shortcuts" close={close} shape="wide">
      <div class="help">
        {groups.map(({ group, commands }) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands.map((command) => (
                <div key={command.title}>
                  <dt>{command.title}</dt>
                  <dd>
                    <Keys keys={command.keys!} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={settings.value.shortcuts}
          onChange={(event) => set_settings({ shortcuts: event.currentTarget.checked })}
        />
        <span>Shortcuts of a single key</span>
      </label>
    </Dialog>
  );
}
