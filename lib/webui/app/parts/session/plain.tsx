import { useEffect, useState } from "preact/hooks";
import { list_messages } from "../../api/client";
import type { Message, Session } from "../../api/types";
import { author_of, type Agent } from "../../core/agents";
import { count, plural } from "../../core/format";
import { reveal } from "../../core/unicode";
import { failure_of, type Failure } from "../../state/failure";
import { times } from "../../state/times";
import { FailureBox } from "../notice";

interface Reading {
  messages: readonly Message[];
  done: boolean;
  failure: Failure | null;
}

/** All messages, page after page. */
function useAll(id: string): [Reading, () => void] {
  const [reading, set_reading] = useState<Reading>({ messages: [], done: false, failure: null });
  const [round, set_round] = useState(0);
  useEffect(() => {
    const aborter = new AbortController();
    const read = async () => {
      let messages: Message[] = [];
      for (let after_seq = 0; ; after_seq = messages[messages.length - 1]!.sequenceNumber) {
        const page = await list_messages(id, { after_seq }, aborter.signal);
        messages = [...messages, ...page.messages];
        const done = page.pagination.nextCursor === null || page.messages.length === 0;
        set_reading({ messages, done, failure: null });
        if (done) return;
      }
    };
    read().catch((error) => !aborter.signal.aborted && set_reading((now) => ({ ...now, failure: failure_of(error) })));
    return () => aborter.abort();
  }, [id, round]);
  return [reading, () => set_round(round + 1)];
}

/** The whole session as plain text in one page: for the browser's own search, for printing, for copying. */
export function PlainView({ session, agents, back }: { session: Session; agents: readonly Agent[]; back: string }) {
  const [{ messages, done, failure }, retry] = useAll(session.id);
  return (
    <div class="plain-view" aria-busy={!done}>
      <p class="plain-tools">
        <a href={back}>Back to the transcript</a>
        <button type="button" class="button" disabled={!done} onClick={() => print()}>
          Print
        </button>
        <span class="quiet">{done ? plural(messages.length, "message") : `${count(messages.length)} of ${count(session.totalMessages)} read`}</span>
      </p>
      {failure && <FailureBox failure={failure} stale_since={null} retry={retry} />}
      {session.initialPrompt && (
        <section>
          <h2>Prompt</h2>
          <pre dir="auto">{reveal(session.initialPrompt)}</pre>
        </section>
      )}
      {messages.map((message) => (
        <section key={message.id} id={`m-${message.sequenceNumber}`}>
          <h2>
            <bdi>{reveal(author_of(message, agents).name)}</bdi>
            <span class="quiet">
              {" "}
              #{count(message.sequenceNumber)} · {times.value.exact(message.timestamp)}
            </span>
          </h2>
          <pre dir="auto">{reveal(message.content)}</pre>
        </section>
      ))}
    </div>
  );
}
