#include "upload_file.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/follow/path_pattern.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "sessions_found.hpp"
#include "upload_session.hpp"
#include "versions.hpp"

namespace agentpipe::cli {
namespace {

/// Nothing is said in a session for so long: whatever wrote the file is gone.
constexpr std::chrono::hours k_quiet{1};
/// An answer that is being written does not stop for so long; a file that rests has whole answers.
constexpr std::chrono::minutes k_resting{2};

struct FileSessions {
  std::vector<model::Upload> uploads;
  FileReport report;
  std::optional<follow::Facts> rests;  ///< as it lay there before it was read, if nobody writes to it
};

void take_problems(const SessionCollector& collector, FileReport& report) {
  report.problems = collector.problems();
  report.more_problems = collector.problem_count() - report.problems.size();
}

/// A file that was only found beside others may be anything; nobody said that it is a session.
void forgive_if_found(const Input& input, FileReport& report) {
  if (input.choice != Input::Choice::found || !report.format.empty() || report.problems.empty()) return;
  const auto& reason = report.problems.front().reason;
  report.skipped = reason.substr(0, reason.find(';'));
  report.problems.clear();
}

FileSessions read_stream(std::istream& stream, const Input& input, const formats::Origin& origin,
                         const SessionChoice& choice, base::Timestamp now) {
  FileSessions file;
  file.report.path = input.path.string();
  SessionCollector collector;
  const auto* format = formats::read_all(stream, origin, choice.format, collector);
  if (format != nullptr) file.report.format = format->name;
  const bool over = input.is_standard_input() || now - origin.arrived > k_quiet;
  using Unfinished = SessionCollector::Unfinished;
  file.uploads = collector.take(over ? Unfinished::interrupted : Unfinished::active);
  take_problems(collector, file.report);
  forgive_if_found(input, file.report);
  return file;
}

FileSessions obstacle(const Input& input, const std::string& reason) {
  FileSessions file;
  file.report.path = input.path.string();
  file.report.problems.push_back({0, reason});
  forgive_if_found(input, file.report);
  return file;
}

FileSessions read_input(const Input& input, const SessionChoice& choice, World& world) {
  const auto now = world.clock.now();
  formats::Origin origin{input.path.filename().string(), now};
  origin.prices = choice.prices;
  origin.ledger = input.ledger;
  if (input.is_standard_input()) {
    origin.name.clear();
    return read_stream(world.in, input, origin, choice, now);
  }
  if (!input.obstacle.empty()) return obstacle(input, input.obstacle);
  auto opened = open_input(world.working_directory / input.path);
  if (!opened) {
    auto file = obstacle(input, opened.error().message);
    if (!file.report.skipped.empty()) file.report.problems.push_back({0, file.report.skipped});
    return file;
  }
  const auto facts = session_facts(world.working_directory / input.path);
  origin.arrived = opened->modified;
  origin.path = world.working_directory / input.path;
  const bool resting = now - opened->modified > k_resting;
  origin.writer = resting ? formats::Writer::gone : formats::Writer::present;
  auto file = read_stream(*opened->stream, input, origin, choice, now);
  if (facts && now - opened->modified > k_quiet) file.rests = *facts;
  return file;
}

/// A folder stands for all below it, a plain name for the last part of the session's folder.
bool is_of_project(const model::OptionalText& cwd, const std::string& project) {
  if (project.empty()) return true;
  if (!cwd) return false;
  if (project.find('/') != std::string::npos) return follow::lies_below(*cwd, project);
  return std::filesystem::path(*cwd).filename() == project;
}

bool chosen(const model::Upload& upload, const FileReport& report, const SessionChoice& choice) {
  const auto start = upload.events.front().at;
  if (choice.since && start < *choice.since) return false;
  if (choice.until && start >= *choice.until) return false;
  if (!is_of_project(upload.started().cwd, choice.project)) return false;
  if (choice.sources.empty()) return true;
  const auto& origin = upload.started().source_format;
  return std::any_of(choice.sources.begin(), choice.sources.end(), [&](const std::string& source) {
    return belongs_to(report.format, source) || (origin && belongs_to(*origin, source));
  });
}

model::Json this_client() {
  model::Json client;
  model::JsonWriter writer(client.text);
  writer.begin_object().field("name", "agentpipe-bridge").field("version", program_version()).end_object();
  return client;
}

void label(model::Upload& upload, const SessionChoice& choice) {
  auto& started = std::get<model::ConversationStarted>(upload.events.front().body);
  if (!choice.name.empty()) started.name = base::truncate_utf8(choice.name, model::k_max_label);
  if (!started.machine && !choice.machine.empty()) started.machine = choice.machine;
  if (started.client.empty()) started.client = this_client();
}

SessionReport describe(const model::Upload& upload) {
  constexpr std::size_t k_title = 120;
  const auto& started = upload.started();
  SessionReport report;
  report.conversation_id = started.conversation_id;
  report.title = base::one_line(started.name.value_or(started.initial_prompt), k_title);
  report.started_at = upload.events.front().at;
  report.messages = std::count_if(upload.events.begin(), upload.events.end(), [](const model::Event& event) {
    return std::holds_alternative<model::MessageCreated>(event.body);
  });
  report.result.sent = Sent::would_send;
  return report;
}

/// Has the server all of it?
bool is_done(const FileReport& report) {
  return report.problems.empty() && std::ranges::all_of(report.sessions, [](const SessionReport& session) {
           const auto sent = session.result.sent;
           return sent == Sent::added || sent == Sent::grown || sent == Sent::unchanged;
         });
}

}  // namespace

bool belongs_to(std::string_view format, std::string_view source) {
  return format == source || (format.starts_with(source) && format.substr(source.size()).starts_with('-'));
}

FileReport upload_file(const Input& input, const SessionChoice& choice, SessionSender* sender, World& world,
                       const std::stop_token& stop) {
  auto file = read_input(input, choice, world);
  const bool known = input.uploaded.has_value();
  std::size_t left_out = 0;
  for (auto& upload : file.uploads) {
    if (!chosen(upload, file.report, choice)) {
      ++left_out;
      continue;
    }
    label(upload, choice);
    auto secrets = choice.redactor ? choice.redactor->redact(upload) : redact::Report();
    auto session = describe(upload);
    session.secrets = std::move(secrets);
    if (known) session.result.sent = Sent::unchanged;
    if (sender != nullptr && !known) session.result = sender->send(upload, stop);
    const auto sent = session.result.sent;
    file.report.sessions.push_back(std::move(session));
    if (is_final(sent)) break;
    model::Upload().events.swap(upload.events);  // what is sent need not wait in memory for the rest
  }
  if (left_out > 0 && file.report.sessions.empty() && file.report.skipped.empty()) {
    file.report.skipped = "not chosen by --since, --until, --project or --source";
  }
  if (left_out == 0 && is_done(file.report)) file.report.uploaded = file.rests;
  return std::move(file.report);
}

}  // namespace agentpipe::cli
