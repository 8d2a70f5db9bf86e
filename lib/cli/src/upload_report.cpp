#include "upload_report.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "format_names.hpp"

namespace agentpipe::cli {
namespace {

constexpr std::size_t k_title = 60;

bool is_failure(Sent sent) {
  return sent == Sent::conflict || sent == Sent::refused || is_final(sent);
}

void write_secrets(model::JsonWriter& writer, const redact::Report& secrets) {
  if (secrets.empty()) return;
  writer.key("redacted").begin_object();
  for (const auto& [kind, count] : secrets.counts()) writer.field(kind, count);
  writer.end_object();
}

void write_sessions(model::JsonWriter& writer, const FileReport& file) {
  writer.key("sessions").begin_array();
  for (const auto& session : file.sessions) {
    writer.begin_object()
        .field("conversation_id", session.conversation_id)
        .field("result", to_string(session.result.sent))
        .field("messages", session.messages)
        .field("messages_created", session.result.messages_created)
        .field("started_at", base::format_rfc3339(session.started_at))
        .field("title", session.title);
    if (session.result.differing > 0) writer.field("messages_differing", session.result.differing);
    if (!session.result.reason.empty()) writer.field("reason", session.result.reason);
    write_secrets(writer, session.secrets);
    writer.end_object();
  }
  writer.end_array();
}

void write_problems(model::JsonWriter& writer, const FileReport& file) {
  writer.key("problems").begin_array();
  for (const auto& problem : file.problems) {
    writer.begin_object().field("line", problem.line).field("reason", problem.reason).end_object();
  }
  writer.end_array();
  if (file.more_problems > 0) writer.field("more_problems", file.more_problems);
}

std::string messages_text(std::int64_t count) {
  return base::counted(static_cast<std::uint64_t>(count), "message");
}

void write_session(const SessionReport& session, std::ostream& out) {
  out << to_string(session.result.sent) << "  " << base::format_rfc3339(session.started_at) << "  "
      << messages_text(session.messages) << "  " << base::terminal_safe(session.conversation_id);
  if (!session.title.empty()) out << "  " << base::terminal_safe(base::one_line(session.title, k_title));
  if (!session.secrets.empty()) out << "  " << sentence(session.secrets);
  out << '\n';
}

}  // namespace

std::string_view status_of(const FileReport& file) {
  if (!file.reached) return "not_sent";
  const bool failed =
      std::any_of(file.sessions.begin(), file.sessions.end(),
                  [](const SessionReport& session) { return is_failure(session.result.sent); });
  if (failed) return "failed";
  if (!file.problems.empty()) return "problems";
  if (!file.skipped.empty()) return "skipped";
  return file.sessions.empty() ? "empty" : "ok";
}

std::string to_json_line(const FileReport& file) {
  std::string line;
  model::JsonWriter writer(line);
  writer.begin_object().field("path", file.path);
  writer.key("format");
  if (file.format.empty()) {
    writer.null();
  } else {
    writer.value(file.format);
  }
  writer.field("status", status_of(file));
  if (!file.skipped.empty()) writer.field("skipped", file.skipped);
  write_sessions(writer, file);
  write_problems(writer, file);
  writer.end_object();
  return line;
}

void UploadTally::add(const FileReport& file) {
  for (const auto& session : file.sessions) {
    ++counts_[static_cast<std::size_t>(session.result.sent)];
    secrets_.add(session.secrets);
    differing_ += static_cast<std::uint64_t>(session.result.differing);
  }
  if (!file.problems.empty()) ++files_with_problems_;
  if (!file.reached) ++not_reached_;
}

std::uint64_t UploadTally::sessions() const {
  std::uint64_t sum = 0;
  for (const auto count : counts_) sum += count;
  return sum;
}

std::string UploadTally::summary() const {
  const auto all = sessions();
  std::string text = base::counted(all, "session") + ": ";
  if (count(Sent::would_send) > 0) {
    text += base::group_digits(count(Sent::would_send)) + " would be sent";
  } else {
    text += base::group_digits(count(Sent::added)) + " new, " + base::group_digits(count(Sent::grown)) +
            " grown, " + base::group_digits(count(Sent::unchanged)) + " unchanged";
    const auto done = count(Sent::added) + count(Sent::grown) + count(Sent::unchanged);
    text += "; " + base::group_digits(all - done) + " failed";
  }
  if (files_with_problems_ > 0) text += "; " + base::counted(files_with_problems_, "file") + " with problems";
  if (not_reached_ > 0) text += "; " + base::counted(not_reached_, "file") + " not sent";
  if (differing_ > 0)
    text += "; " + base::counted(differing_, "message") + " stored with other words before, and kept so";
  return text + secrets_note(secrets_);
}

ExitCode UploadTally::exit_code() const {
  constexpr std::array<std::pair<Sent, ExitCode>, 6> k_worst_first = {{
      {Sent::stopped, ExitCode::interrupted},
      {Sent::key_refused, ExitCode::key_refused},
      {Sent::misconfigured, ExitCode::configuration},
      {Sent::unreachable, ExitCode::unreachable},
      {Sent::conflict, ExitCode::refused},
      {Sent::refused, ExitCode::refused},
  }};
  for (const auto& [sent, code] : k_worst_first) {
    if (count(sent) > 0) return code;
  }
  if (files_with_problems_ > 0) return ExitCode::refused;
  return not_reached_ > 0 ? ExitCode::failure : ExitCode::ok;
}

void write_text(const FileReport& file, Detail detail, std::ostream& out, std::ostream& err) {
  const auto path = base::terminal_safe(file.path);
  if (detail == Detail::sessions) {
    out << path << "  " << (file.format.empty() ? "-" : file.format) << "  " << status_of(file);
    if (!file.skipped.empty()) out << " (" << base::terminal_safe(file.skipped) << ")";
    out << '\n';
    for (const auto& session : file.sessions) {
      out << "  ";
      write_session(session, out);
    }
  }
  for (const auto& problem : file.problems) {
    err << path;
    if (problem.line > 0) err << ':' << problem.line;
    const bool unknown = problem.reason == formats::k_no_known_format;
    err << ": " << base::terminal_safe(unknown ? unknown_format() : problem.reason) << '\n';
  }
  if (file.more_problems > 0)
    err << path << ": " << base::group_digits(file.more_problems) << " more problems\n";
  for (const auto& session : file.sessions) {
    if (!is_failure(session.result.sent) || session.result.sent == Sent::stopped) continue;
    err << path << ": session " << base::terminal_safe(session.conversation_id) << ": "
        << to_string(session.result.sent) << ": " << base::terminal_safe(session.result.reason) << '\n';
  }
}

}  // namespace agentpipe::cli
