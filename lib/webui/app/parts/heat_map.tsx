import { count, plural } from "../core/format";

const k_days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const k_steps = 5;

/** Which of the shades a value has: 0 for nothing, then in equal steps of its square root, so that quiet hours show too. */
function shade(value: number, most: number): number {
  return value === 0 ? 0 : Math.max(1, Math.ceil(k_steps * Math.sqrt(value / most)));
}

/** Messages by weekday and hour. A real table: the numbers are there for who cannot see the shades. */
export function HeatMap({ table, zone }: { table: readonly (readonly number[])[]; zone: string }) {
  const most = Math.max(1, ...table.flat());
  return (
    <figure class="plot heat-map">
      <figcaption class="plot-head">
        <h2>When messages come</h2>
        <span class="quiet plot-point">{zone}</span>
      </figcaption>
      <div class="scroll-box" tabIndex={0} role="region" aria-label="When messages come">
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">Day</span>
              </th>
              {table[0]!.map((_, hour) => (
                <th key={hour} scope="col">
                  <span class={hour % 3 === 0 ? "" : "unseen"}>{hour}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.map((hours, day) => (
              <tr key={day}>
                <th scope="row">{k_days[day]}</th>
                {hours.map((value, hour) => (
                  <td key={hour} class={`heat-${shade(value, most)}`} title={`${k_days[day]} ${hour}:00: ${plural(value, "message")}`}>
                    <span class="unseen">{count(value)}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
