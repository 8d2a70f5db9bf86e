import type { Session } from "../../api/types";
import type { Conversation } from "../../core/conversation";
import { list_address, navigate } from "../../state/router";
import { DeleteDialog } from "../delete_dialog";
import { session_name } from "../session_facts";
import { ExportDialog } from "./export_dialog";
import { ShareDialog } from "./share_dialog";
import type { Sight } from "./transcript";

export type DialogName = "export" | "share" | "delete";

interface Props {
  name: DialogName | null;
  session: Session;
  conversation: Conversation;
  sight: Sight;
  close(): void;
}

function mean_bytes({ messages }: Conversation): number {
  const total = messages.reduce((sum, { content }) => sum + content.length, 0);
  return messages.length === 0 ? 0 : total / messages.length;
}

export function Dialogs({ name, session, conversation, sight, close }: Props) {
  switch (name) {
    case "export":
      return <ExportDialog session={session} mean_bytes={mean_bytes(conversation)} first={sight.first} last={sight.last} close={close} />;
    case "share":
      return <ShareDialog session={session} close={close} />;
    case "delete":
      return <DeleteDialog ids={[session.id]} name={session_name(session)} close={close} done={() => navigate(list_address.value)} />;
    case null:
      return null;
  }
}
