#include "agentpipe/service/file_upload.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <set>
#include <utility>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "parameters.hpp"

namespace agentpipe::service {

namespace {

constexpr std::size_t k_longest_file_name = 255;
constexpr std::size_t k_most_problems = 100;
constexpr std::string_view k_on_duplicate = "on_duplicate";

enum class Duplicates : unsigned char { skip, replace, keep_both };

struct DuplicatesRow {
  std::string_view name;
  Duplicates value;
};
constexpr std::array k_duplicates{
    DuplicatesRow{"skip", Duplicates::skip},
    DuplicatesRow{"replace", Duplicates::replace},
    DuplicatesRow{"keep_both", Duplicates::keep_both},
};

struct Wish {
  std::string name;
  std::string_view format;
  Duplicates duplicates = Duplicates::skip;
};

base::Result<Wish> wish_of(const Query& query) {
  Wish wish;
  wish.name = query.text("name").value_or("");
  if (wish.name.size() > k_longest_file_name)
    return tl::unexpected(bad_parameter("name", "may have at most 255 bytes"));
  wish.format = query.text("format").value_or("");
  if (wish.format == "auto") wish.format = {};
  const auto duplicates = query.text(k_on_duplicate).value_or("skip");
  const auto* const row = std::ranges::find(k_duplicates, duplicates, &DuplicatesRow::name);
  if (row == k_duplicates.end())
    return tl::unexpected(bad_parameter("on_duplicate", "must be skip, replace or keep_both"));
  wish.duplicates = row->value;
  return wish;
}

/// What became of one session.
struct Line {
  std::string id;
  std::string name;
  std::string_view result;
  std::int64_t messages = 0;
  std::int64_t added = 0;
};

/// Collects the lines as the store answers; whoever comes last tells the client.
struct Report {
  std::string file;
  std::string format;
  std::vector<Line> lines;  // one a session, each written by one commit
  std::vector<FileProblem> problems;
  base::Mutex mutex;
  std::optional<base::Error> broken GUARDED_BY(mutex);  // the store refused: try again
  std::atomic<std::size_t> open{0};
  FileDone done;
};

std::int64_t messages_in(const model::Upload& upload) {
  std::int64_t count = 0;
  for (const auto& event : upload.events)
    count += std::holds_alternative<model::MessageCreated>(event.body) ? 1 : 0;
  return count;
}

std::string another_id(const std::string& id) {
  constexpr std::size_t k_mark = 3;
  constexpr std::size_t k_room = 100;  // for the id, so that the longer one is still an id
  return id.substr(0, k_room) + "-" + base::to_hex(base::random_bytes(k_mark));
}

void rename(model::Upload& upload, const std::string& id) {
  for (auto& event : upload.events) {
    std::visit(
        [&](auto& body) {
          if constexpr (requires { body.conversation_id; }) body.conversation_id = id;
        },
        event.body);
  }
}

void tell(Line& line, const std::vector<model::Event>& events, const store::Appended& appended,
          std::string_view when_new) {
  bool grown = false;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool start = std::holds_alternative<model::ConversationStarted>(events[i].body);
    const bool created = appended[i].outcome == store::Outcome::created;
    if (start && created) line.result = when_new;
    if (appended[i].outcome == store::Outcome::replaced) line.result = "replaced";
    grown = grown || (!start && created);
    line.added += created && std::holds_alternative<model::MessageCreated>(events[i].body) ? 1 : 0;
  }
  if (line.result.empty()) line.result = grown ? "grown" : "unchanged";
}

/// The store's answer for one session.
void settle(Report& report, Line& line, const std::vector<model::Event>& events, std::string_view when_new,
            const base::Result<store::Appended>& appended) {
  if (appended) return tell(line, events, *appended, when_new);
  const auto& error = appended.error();
  if (error.code == base::ErrorCode::conflict || error.code == base::ErrorCode::gone) {
    line.result = "conflict";
    return;
  }
  const base::MutexLock lock(report.mutex);
  report.broken = error;
}

void write_problems(model::JsonWriter& writer, const std::vector<FileProblem>& problems) {
  writer.key("problems").begin_array();
  for (std::size_t i = 0; i < std::min(problems.size(), k_most_problems); ++i)
    writer.begin_object()
        .field("line", static_cast<std::int64_t>(problems[i].line))
        .field("reason", problems[i].reason)
        .end_object();
  writer.end_array();
}

std::string to_json(const Report& report) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().field("file", report.file).field("format", report.format);
  writer.key("sessions").begin_array();
  for (const auto& line : report.lines) {
    writer.begin_object()
        .field("conversationId", line.id)
        .field("name", line.name)
        .field("result", line.result)
        .field("messages", line.messages)
        .field("added", line.added)
        .end_object();
  }
  writer.end_array();
  write_problems(writer, report.problems);
  if (report.lines.empty())
    writer.field("error", "Nothing to store")
        .field("code", "nothing_to_store")
        .field("message", "No session could be read from this file; the problems say why.");
  writer.end_object();
  return json;
}

void finish(const std::shared_ptr<Report>& report) {
  if (report->open.fetch_sub(1) > 1) return;
  const base::MutexLock lock(report->mutex);
  if (report->broken) return report->done(tl::unexpected(*report->broken));
  const auto kind = report->lines.empty() ? FileReply::Kind::nothing : FileReply::Kind::stored;
  report->done(FileReply{kind, to_json(*report)});
}

}  // namespace

Need FileUploads::need(const Query& query) {
  return query.text(k_on_duplicate) == "replace" ? Need::manage : Need::upload;
}

void FileUploads::upload(std::string_view bytes, const Query& query, FileDone done) {
  const auto wish = wish_of(query);
  if (!wish) return done(base::forward(wish));
  auto contents = read_(bytes, wish->name, wish->format);
  if (!contents) return done(base::forward(contents));

  const auto report = std::make_shared<Report>();
  report->file = wish->name;
  report->format = std::move(contents->format);
  report->problems = std::move(contents->problems);
  report->lines.resize(contents->sessions.size());
  report->open = contents->sessions.size() + 1;
  report->done = std::move(done);
  const auto received = clock_.now();
  std::set<std::string> met;  // a file that tells a session in parts replaces it once
  for (std::size_t i = 0; i < contents->sessions.size(); ++i) {
    auto& upload = contents->sessions[i];
    std::string_view when_new = "new";
    if (wish->duplicates == Duplicates::keep_both && store_.session(upload.started().conversation_id)) {
      rename(upload, another_id(upload.started().conversation_id));
      when_new = "kept_both";
    }
    auto& line = report->lines[i];
    line.id = upload.started().conversation_id;
    line.name = upload.started().name.value_or(base::one_line(upload.started().initial_prompt, 120));
    line.messages = messages_in(upload);
    const bool replace = wish->duplicates == Duplicates::replace && met.insert(line.id).second;
    const auto events = std::make_shared<const std::vector<model::Event>>(std::move(upload.events));
    store_.append({*events, received, store::Source::cli_upload, std::nullopt,
                   replace ? store::IfPresent::replace : store::IfPresent::extend},
                  [report, events, &line, when_new](const base::Result<store::Appended>& appended) {
                    settle(*report, line, *events, when_new, appended);
                    finish(report);
                  });
  }
  finish(report);
}

}  // namespace agentpipe::service
