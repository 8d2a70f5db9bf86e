import { useMemo } from "preact/hooks";
import type { Message } from "../../api/types";
import { plural } from "../../core/format";
import { pieces_of, word_count, type Piece } from "../../core/pieces";
import { reveal } from "../../core/unicode";
import { settings } from "../../state/settings";
import { Icon } from "../icon";
import { MessageBody } from "../message_body";
import { Fold } from "./fold";
import { RawText } from "./raw_text";

type Call = Extract<Piece, { kind: "call" }>;

function CallTitle({ piece }: { piece: Call }) {
  const outcome = piece.output === null ? "" : piece.failed ? "failed" : "ok";
  return (
    <>
      <Icon name="tool" />
      <strong>{reveal(piece.name)}</strong>
      <code class="hint">{reveal(piece.hint)}</code>
      {outcome && (
        <span class={piece.failed ? "bad" : "quiet"}>
          <span aria-hidden="true">{piece.failed ? "✕" : "✓"}</span> {outcome}
        </span>
      )}
    </>
  );
}

function ToolCall({ id, piece }: { id: string; piece: Call }) {
  return (
    <Fold id={id} class="tool" initially_open={!settings.value.fold_tools} title={<CallTitle piece={piece} />}>
      {() => (
        <>
          {piece.input !== "" && <RawText id={`${id} in`} label="Input" text={piece.input} />}
          {piece.output !== null && <RawText id={`${id} out`} label={piece.failed ? "Error" : "Result"} text={piece.output} />}
        </>
      )}
    </Fold>
  );
}

function Thinking({ id, text }: { id: string; text: string }) {
  const title = (
    <>
      <Icon name="thinking" />
      <span>Thinking · {plural(word_count(text), "word")}</span>
    </>
  );
  return (
    <Fold id={id} class="thinking" initially_open={!settings.value.fold_thinking} title={title}>
      {() => <MessageBody id={id} text={text} />}
    </Fold>
  );
}

function PieceView({ id, piece }: { id: string; piece: Piece }) {
  switch (piece.kind) {
    case "text":
      return <MessageBody id={id} text={piece.text} />;
    case "thinking":
      return <Thinking id={id} text={piece.text} />;
    case "call":
      return <ToolCall id={id} piece={piece} />;
    case "image":
      return <p class="chip">image{piece.text && `: ${reveal(piece.text)}`}</p>;
    case "notice":
      return <p class="quiet notice">{reveal(piece.text)}</p>;
  }
}

/** The body of a message: text, thoughts, calls of tools in their order. */
export function Pieces({ message }: { message: Message }) {
  const pieces = useMemo(() => pieces_of(message), [message]);
  return (
    <div class="pieces">
      {pieces.map((piece, i) => (
        <PieceView key={i} id={pieces.length === 1 ? message.id : `${message.id} ${i}`} piece={piece} />
      ))}
    </div>
  );
}
