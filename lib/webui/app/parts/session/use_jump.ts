import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../core/conversation";
import type { Span } from "../../core/url";
import type { SessionStore } from "../../state/session_store";
import type { Aim } from "./transcript";

export type Jump = (sequence: number, focus?: boolean) => void;

/** Brings the reader to a message, wherever it is. `span`: where the address points to. */
export function useJump(store: SessionStore, conversation: Conversation, span: Span | null, pause: () => void): [Aim | null, Jump] {
  const [aim, set_aim] = useState<Aim | null>(span && { span, focus: false });
  const latest = useRef(conversation);
  latest.current = conversation;
  const bring = (to: Span, focus: boolean) => {
    pause();
    set_aim({ span: to, focus });
    if (!latest.current.messages.some((message) => message.sequenceNumber === to.first)) void store.load({ around: to.first });
  };
  const is_first = useRef(true);
  useEffect(() => {
    if (span && !is_first.current) bring(span, false);
    is_first.current = false;
  }, [span?.first, span?.last]);
  return [aim, (sequence, focus = false) => bring({ first: sequence, last: sequence }, focus)];
}
