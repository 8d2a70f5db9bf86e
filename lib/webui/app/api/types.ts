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
  /** INTERRUPTED because nothing came for long, not because somebody said so. */
  statusInferred?: boolean;
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
  cacheReadTokens?: number | null;
  cacheWriteTokens?: number | null;
  reasoningTokens?: number | null;
  cwd?: string | null;
  gitBranch?: string | null;
  parentConversationId?: string | null;
  summary: Summary | null;
  participants: Participant[];
  systemInfo?: Record<string, unknown> | null;
  command?: unknown;
  metadata?: Record<string, unknown> | null;
}

/** A piece of a message that is more than text: what a model thought, called and got. */
export interface Part {
  type: string;
  [key: string]: unknown;
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
  costKind?: string | null;
  cacheReadTokens?: number | null;
  cacheWriteTokens?: number | null;
  reasoningTokens?: number | null;
  parts?: Part[] | null;
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

export interface Snippet {
  text: string;
  hit: boolean;
}

export interface SearchMatch {
  messageId: string | null;
  sequenceNumber: number | null;
  agentName: string | null;
  timestamp: string | null;
  field: "message" | "name" | "prompt";
  snippet: Snippet[];
}

export interface SearchResult {
  session: Session;
  hits: number;
  matches: SearchMatch[];
}

export interface SearchPage {
  results: SearchResult[];
  pagination: { limit: number; nextCursor: string | null; total: number | null };
}

export interface FacetValue {
  value: string;
  count: number;
}

export type FacetName = "agentTypes" | "models" | "sources" | "modes" | "statuses" | "machines";
export type Facets = Record<FacetName, FacetValue[]>;

export interface OutlineItem {
  sequenceNumber: number;
  messageId: string;
  agentId: string | null;
  agentName: string | null;
  agentType: string | null;
  role: string | null;
  timestamp: string;
  totalTokens: number | null;
  cost: number | null;
  duration: number | null;
  error: boolean;
  head: string;
}

export interface OutlinePage {
  items: OutlineItem[];
  total: number;
}

export interface FindHit {
  sequenceNumber: number;
  messageId: string;
  count: number;
}

export interface FindPage {
  total: number;
  hits: FindHit[];
}

export type Scope = "ingest" | "read" | "admin";

export interface Rights {
  authenticated: boolean;
  signInNeeded: boolean;
  scopes: Scope[];
}

export interface Share {
  id: string;
  mode: "live" | "frozen";
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
}

export interface NewShare {
  id: string;
  url: string;
  path: string;
  mode: "live" | "frozen";
  createdAt: string;
  expiresAt: string | null;
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
