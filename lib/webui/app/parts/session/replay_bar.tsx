import { ticking } from "../../core/format";
import { k_speeds } from "../../core/session_url";
import { Button } from "../button";
import type { Replay } from "./use_replay";

interface Props {
  replay: Replay;
  speed: number;
  set_speed(speed: number): void;
  close(): void;
}

/** The controls of a replay; pauses of the conversation are cut to two seconds. */
export function ReplayBar({ replay, speed, set_speed, close }: Props) {
  const { position_ms, total_ms, playing, errors } = replay;
  return (
    <div class="replay-bar" role="group" aria-label="Replay">
      <Button icon={playing ? "pause" : "play"} label={playing ? "Pause" : "Play"} keys="Space" onClick={replay.toggle} />
      <span class="quiet replay-time">
        {ticking(position_ms)} / {ticking(total_ms)}
      </span>
      <div class="scrubber">
        <input
          type="range"
          aria-label="Place in the conversation"
          aria-valuetext={`${ticking(position_ms)} of ${ticking(total_ms)}`}
          min={0}
          max={Math.max(1, total_ms)}
          step={100}
          value={position_ms}
          onInput={(event) => replay.seek(Number(event.currentTarget.value))}
        />
        {errors.map((at) => (
          <span key={at} class="scrubber-error" style={{ left: `${at * 100}%` }} title="Error" />
        ))}
      </div>
      <select aria-label="Speed" value={speed} onChange={(event) => set_speed(Number(event.currentTarget.value))}>
        {k_speeds.map((known) => (
          <option key={known} value={known} selected={known === speed}>
            {known}×
          </option>
        ))}
      </select>
      <Button icon="close" kind="quiet" label="End the replay" onClick={close} />
    </div>
  );
}
