import { useState } from "preact/hooks";
import { list_export_address } from "../../api/client";
import { count } from "../../core/format";
import { may } from "../../state/rights";
import { k_none, selection } from "../../state/selection";
import { Button } from "../button";
import { DeleteDialog } from "../delete_dialog";
import { Icon } from "../icon";

/** What can be done with the ticked sessions. */
export function BulkBar({ reload }: { reload(): void }) {
  const [asks, set_asks] = useState(false);
  const ids = [...selection.value.ids];
  const clear = () => (selection.value = k_none);
  const deleted = () => {
    set_asks(false);
    clear();
    reload();
  };
  if (ids.length === 0) return null;
  return (
    <div class="bulk-bar" role="region" aria-label="Selected sessions">
      <strong>{count(ids.length)} selected</strong>
      <a class="button" href={list_export_address(new URLSearchParams({ format: "jsonl", ids: ids.join(",") }))} download>
        <Icon name="export" />
        <span>Export</span>
      </a>
      {may("admin") && (
        <Button icon="trash" kind="danger" label="Delete the selected sessions" onClick={() => set_asks(true)}>
          Delete
        </Button>
      )}
      <Button kind="quiet" label="Clear the selection" onClick={clear}>
        Clear
      </Button>
      {asks && <DeleteDialog ids={ids} close={() => set_asks(false)} done={deleted} />}
    </div>
  );
}
