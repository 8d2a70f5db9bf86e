#include "upload_file.hpp"

#include <algorithm>
#include <istream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/follow/path_pattern.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "sessions_found.hpp"
#include "stream_io.hpp"
#include "upload_session.hpp"
#include "versions.hpp"

namespace agentpipe::cli {
namespace {

/// Nothing is said in a session for so long: whatever wrote the file is gone.
constexpr std::chrono::hours k_session_quiet{1};

void take_problems(const SessionCollector& collector, FileReport& report) {
  report.problems = collector.problems();
  report.more_problems = collector.problem_count() - report.problems.size();
}

/// A file that was only found beside others may be anything; nobody said that it is a session.
void forgive_if_found(const Input& input, FileReport& report) {
  if (input.choice != Input::Choice::found || !report.format.empty() || report.problems.empty()) return;
  report.skipped = report.problems.front().reason;
  report.problems.clear();
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

/// One input on its way: what is whole goes while the rest is read.
class FileUpload {
 public:
  FileUpload(const Input& input, const SessionChoice& choice, SessionSender* sender,
             const std::stop_token& stop)
      : input_(input), choice_(choice), sender_(sender), stop_(stop) {
    report_.path = input.path.string();
  }

  FileReport run(World& world) && {
    read(world);
    if (left_out_ > 0 && report_.sessions.empty() && report_.skipped.empty())
      report_.skipped = "not chosen by --since, --until, --project or --source";
    if (left_out_ == 0 && is_done(report_)) report_.uploaded = at_rest_;
    return std::move(report_);
  }

 private:
  void read(World& world) {
    const auto now = world.clock.now();
    formats::Origin origin{input_.path.filename().string(), now};
    origin.prices = choice_.prices;
    origin.ledger = input_.ledger;
    if (!input_.is_standard_input()) return read_file(std::move(origin), world, now);
    origin.name.clear();
    origin.scratch = world.paths.state;
    read_standard_input(world.in_channel.fd, origin, now);
  }

  void read_standard_input(int fd, const formats::Origin& origin, base::Timestamp now) {
    const StopEvent stop(stop_);
    InputBuffer buffer(fd, stop);
    std::istream stream(&buffer);
    read_stream(stream, origin, now);
    if (!stop.requested()) return;
    // Not the whole input was read, and what seems to be wrong with it comes from that.
    report_.reached = false;
    report_.problems.clear();
    report_.more_problems = 0;
  }

  void read_file(formats::Origin origin, const World& world, base::Timestamp now) {
    if (!input_.obstacle.empty()) return obstacle(input_.obstacle);
    origin.path = world.working_directory / input_.path;
    auto opened = open_input(origin.path);
    if (!opened) {
      obstacle(opened.error().message);
      if (!report_.skipped.empty()) report_.problems.push_back({0, report_.skipped});
      return;
    }
    const auto facts = session_facts(origin.path);
    origin.arrived = facts ? modified_at(*facts) : opened->modified;
    const auto quiet = now - origin.arrived;
    origin.writer = quiet > k_resting ? formats::Writer::gone : formats::Writer::present;
    origin.quiet = quiet > formats::k_quiet;
    read_stream(*opened->stream, origin, now);
    if (facts && quiet > k_resting) at_rest_ = *facts;
    report_.may_go_on = quiet <= k_session_quiet;
  }

  void read_stream(std::istream& stream, const formats::Origin& origin, base::Timestamp now) {
    SessionCollector collector([this](model::Upload upload) { take(std::move(upload)); });
    const auto* format = formats::read_all(stream, origin, choice_.format, collector);
    if (format != nullptr) report_.format = format->name;
    const bool over = input_.is_standard_input() || now - origin.arrived > k_session_quiet;
    using Unfinished = SessionCollector::Unfinished;
    for (auto& upload : collector.take(over ? Unfinished::interrupted : Unfinished::active))
      take(std::move(upload));
    take_problems(collector, report_);
    forgive_if_found(input_, report_);
  }

  void obstacle(const std::string& reason) {
    report_.problems.push_back({0, reason});
    forgive_if_found(input_, report_);
  }

  /// After a final answer nothing more is sent, whatever else is read.
  void take(model::Upload upload) {
    if (ended_) return;
    if (!chosen(upload, report_, choice_)) {
      ++left_out_;
      return;
    }
    label(upload, choice_);
    auto secrets = choice_.redactor ? choice_.redactor->redact(upload) : redact::Report();
    auto session = describe(upload);
    session.secrets = std::move(secrets);
    const bool known = input_.uploaded.has_value();
    if (known) session.result.sent = Sent::unchanged;
    if (sender_ != nullptr && !known) session.result = sender_->send(upload, stop_);
    ended_ = is_final(session.result.sent);
    report_.sessions.push_back(std::move(session));
  }

  const Input& input_;
  const SessionChoice& choice_;
  SessionSender* sender_;
  const std::stop_token& stop_;
  FileReport report_;
  std::size_t left_out_ = 0;
  bool ended_ = false;
  std::optional<follow::Facts> at_rest_;  ///< as it lay there before it was read, if nobody was writing to it
};

}  // namespace

bool belongs_to(std::string_view format, std::string_view source) {
  return format == source || (format.starts_with(source) && format.substr(source.size()).starts_with('-'));
}

FileReport upload_file(const Input& input, const SessionChoice& choice, SessionSender* sender, World& world,
                       const std::stop_token& stop) {
  return FileUpload(input, choice, sender, stop).run(world);
}

}  // namespace agentpipe::cli
