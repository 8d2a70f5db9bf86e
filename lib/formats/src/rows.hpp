#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agentpipe/formats/reader.hpp"

/// What each format's file offers to the table.
namespace agentpipe::formats {

bool is_agentpipe_events(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_events(const Origin& origin);

bool is_agentpipe_state(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_state(const Origin& origin);

bool is_agentpipe_export(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_export(const Origin& origin);

bool is_agentpipe_chatlog(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_chatlog(const Origin& origin);

bool is_claude_code(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_claude_code(const Origin& origin);

std::string claude_lineage(std::string_view head, const Origin& origin);

bool is_claude_stream(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_claude_stream(const Origin& origin);

bool is_codex_rollout(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_codex_rollout(const Origin& origin);

std::string codex_lineage(std::string_view head, const Origin& origin);

bool is_codex_exec(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_codex_exec(const Origin& origin);

bool is_gemini_log(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_gemini_log(const Origin& origin);

bool is_gemini_document(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_gemini_document(const Origin& origin);

bool is_gemini_stream(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_gemini_stream(const Origin& origin);

bool is_aider(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_aider(const Origin& origin);

bool is_goose_database(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_goose_database(const Origin& origin);

bool is_goose_lines(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_goose_lines(const Origin& origin);

bool is_opencode_database(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_opencode_database(const Origin& origin);

bool is_opencode_export(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_opencode_export(const Origin& origin);

bool is_opencode_stream(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_opencode_stream(const Origin& origin);

bool is_opencode_tree(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_opencode_tree(const Origin& origin);

bool is_copilot_events(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_copilot_events(const Origin& origin);

bool is_cursor_lines(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_cursor_lines(const Origin& origin);

bool is_cursor_text(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_cursor_text(const Origin& origin);

bool is_openai_messages(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_openai_messages(const Origin& origin);

bool is_sharegpt(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_sharegpt(const Origin& origin);

bool is_chatgpt(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_chatgpt(const Origin& origin);

bool is_claude_ai(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_claude_ai(const Origin& origin);

bool is_zip(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_zip(const Origin& origin);

bool is_session_upload(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_session_upload(const Origin& origin);

}  // namespace agentpipe::formats
