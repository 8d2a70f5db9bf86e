#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agentpipe/model/records.hpp"

namespace agentpipe::service {

/// How a session becomes a file. Called in this order: begin, messages, notes, end; appends to `out`.
class ExportFormat {
 public:
  virtual ~ExportFormat() = default;
  virtual void begin(std::string& out, const model::Session& session) = 0;
  virtual void message(std::string& out, const model::Message& message) = 0;
  virtual void note(std::string& out, const model::Event& event) = 0;
  virtual void end(std::string& out, const model::Session& session) = 0;
};

std::unique_ptr<ExportFormat> json_format();
std::unique_ptr<ExportFormat> jsonl_format();
std::unique_ptr<ExportFormat> markdown_format();
std::unique_ptr<ExportFormat> html_format();
std::unique_ptr<ExportFormat> csv_format();

/// A row for each session, for lists.
std::string session_csv_head();
std::string session_csv_row(const model::Session& session);

/// The session as the events that would make it.
model::Event started_event(const model::Session& session);
/// Only for a session that has ended.
std::optional<model::Event> completed_event(const model::Session& session);

/// What people call it: its name, or the first line of its prompt, or its id.
std::string title_of(const model::Session& session);

/// The message without tool calls and their results; its text is then that of its text parts.
void drop_tools(model::MessageCreated& message);

}  // namespace agentpipe::service
