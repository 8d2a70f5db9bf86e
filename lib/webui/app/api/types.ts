// The server's JSON, as its pages use it. Absent facts are null, never 0 or "".

export type Status = "ACTIVE" | "COMPLETED" | "INTERRUPTED" | "ERROR";

export interface Participant {
  agentId: string;
  agentType: string;
  agentName: string | null;
  model: string | null;
  prompt: string | null;
  cliVersion: string | null;
}

export interface Summary {
  shortText: string | null;
  text: string | null;
  agentType: string | null;
  model: string | null;
  totalTokens: number | null;
  cost: number | null;
}

export interface Session {
  id: string;
  name: string | null;
  mode: string | null;
  status: Status;
  source: string | null;
  sourceFormat: string | null;
  machine: string | null;
  startedAt: string;
  completedAt: string | null;
  updatedAt: string | null;
  initialPrompt: string | null;
  maxTurns: number | null;
  totalMessages: number;
  totalTokens: number;
  inputTokens: number;
  outputTokens: number;
  totalCost: number | null;
  /** Milliseconds. */
  totalDuration: number | null;
  errorCount: number;
  errorMessage: string | null;
  summary: Summary | null;
  participants: Participant[];
}

export interface Message {
  id: string;
  agentId: string | null;
  agentName: string | null;
  agentType: string | null;
  content: string;
  role: string | null;
  timestamp: string;
  sequenceNumber: number;
  turnNumber: number | null;
  /** Milliseconds. */
  duration: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  totalTokens: number | null;
  model: string | null;
  cost: number | null;
}

/** What is shown between messages: a line of the log, or an error. */
export interface Note {
  type: "log.entry" | "conversation.error";
  timestamp: string;
  /** Position in the server's log; names the note. */
  logNumber: number;
  /** The message it comes after; 0 before the first. */
  afterSequence: number;
  level: string | null;
  role: string | null;
  agentName: string | null;
  content: string;
}

export interface SessionList {
  sessions: Session[];
  pagination: { page: number; limit: number; total: number; totalPages: number };
  streamCursor: string | null;
}

export type SessionHead = Session & { streamCursor: string | null };

export interface MessagePage {
  messages: Message[];
  pagination: { limit: number; total: number; nextCursor: string | null; previousCursor: string | null };
  streamCursor: string | null;
}

/** The body of every error answer. */
export interface ErrorBody {
  error: string;
  code: string;
  message: string;
  request_id: string;
}
