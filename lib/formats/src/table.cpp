#include <array>

#include "rows.hpp"

namespace agentpipe::formats {
namespace {

constexpr std::array k_formats = {
    Format{"agentpipe-events", "JSONL events: event store files, `agentpipe run --json`", is_agentpipe_events,
           open_agentpipe_events, k_max_line, Format::Growth::by_lines},
    Format{"agentpipe-chatlog", "chat logs of agentpipe, text or JSON", is_agentpipe_chatlog,
           open_agentpipe_chatlog, k_max_line},
    Format{"agentpipe-state", "saved states of agentpipe (conversation-….json)", is_agentpipe_state,
           open_agentpipe_state, k_max_document},
    Format{"agentpipe-export", "JSON written by `agentpipe export`", is_agentpipe_export,
           open_agentpipe_export, k_max_document},
    Format{"session-upload", "session documents: JSON exports of agentpipe-web, upload bodies",
           is_session_upload, open_session_upload, k_max_document},
    Format{"claude-code", "session files of Claude Code (~/.claude/projects)", is_claude_code,
           open_claude_code, k_max_document, Format::Growth::by_reader, claude_lineage},
    Format{"claude-code-stream", "`claude -p --output-format stream-json --verbose`, or `json`",
           is_claude_stream, open_claude_stream, k_max_document},
    Format{"codex", "rollouts of Codex (~/.codex/sessions)", is_codex_rollout, open_codex_rollout,
           k_max_document, Format::Growth::by_reader, codex_lineage},
    Format{"codex-exec", "`codex exec --json`", is_codex_exec, open_codex_exec, k_max_document},
    Format{"gemini", "session logs of Gemini CLI (~/.gemini/tmp)", is_gemini_log, open_gemini_log,
           k_max_document, Format::Growth::by_reader},
    Format{"gemini-json", "older session files of Gemini CLI, `gemini --output-format json`",
           is_gemini_document, open_gemini_document, k_max_document},
    Format{"gemini-stream", "`gemini --output-format stream-json`", is_gemini_stream, open_gemini_stream,
           k_max_document},
    Format{"aider", "chat histories of Aider (.aider.chat.history.md)", is_aider, open_aider, k_max_line,
           Format::Growth::by_reader},
    Format{"opencode", "databases of OpenCode (opencode.db)", is_opencode_database, open_opencode_database,
           k_max_document, Format::Growth::as_a_whole, nullptr, Format::Feed::file},
    Format{"opencode-export", "`opencode export ID`", is_opencode_export, open_opencode_export,
           k_max_document},
    Format{"opencode-stream", "`opencode run --format json`", is_opencode_stream, open_opencode_stream,
           k_max_document},
    Format{"opencode-json", "files of older versions of OpenCode (storage/session)", is_opencode_tree,
           open_opencode_tree, k_max_document},
    Format{"goose", "databases of Goose (sessions.db)", is_goose_database, open_goose_database,
           k_max_document, Format::Growth::as_a_whole, nullptr, Format::Feed::file},
    Format{"goose-jsonl", "session files of older versions of Goose", is_goose_lines, open_goose_lines,
           k_max_document},
    Format{"copilot", "session logs of GitHub Copilot CLI (~/.copilot/session-state)", is_copilot_events,
           open_copilot_events, k_max_document, Format::Growth::by_reader},
    Format{"cursor", "transcripts of Cursor's agent (~/.cursor/projects)", is_cursor_lines, open_cursor_lines,
           k_max_document, Format::Growth::by_reader},
    Format{"cursor-text", "older transcripts of Cursor's agent, text", is_cursor_text, open_cursor_text,
           k_max_line, Format::Growth::by_reader},
    Format{"chatgpt", "data export of ChatGPT (conversations.json)", is_chatgpt, open_chatgpt, k_max_document,
           Format::Growth::as_a_whole, nullptr, Format::Feed::pieces},
    Format{"claude-ai", "data export of Claude.ai (conversations.json)", is_claude_ai, open_claude_ai,
           k_max_document, Format::Growth::as_a_whole, nullptr, Format::Feed::pieces},
    Format{"sharegpt", "ShareGPT conversations, JSON or JSONL", is_sharegpt, open_sharegpt, k_max_document,
           Format::Growth::as_a_whole, nullptr, Format::Feed::pieces},
    Format{"openai-messages", "lists of OpenAI chat messages, JSON or JSONL", is_openai_messages,
           open_openai_messages, k_max_document, Format::Growth::as_a_whole, nullptr, Format::Feed::pieces},
    Format{"zip", "zip archives of ChatGPT and Claude.ai, as they come by mail", is_zip, open_zip,
           k_max_document, Format::Growth::as_a_whole, nullptr, Format::Feed::file},
};

}  // namespace

std::span<const Format> all_formats() {
  return k_formats;
}

const Format* find_format(std::string_view name) {
  for (const auto& format : k_formats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

const Format* recognise(std::string_view head, const Origin& origin) {
  for (const auto& format : k_formats) {
    if (format.recognise(head, origin)) return &format;
  }
  return nullptr;
}

}  // namespace agentpipe::formats
