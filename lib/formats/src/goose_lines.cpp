#include "database_reader.hpp"
#include "goose_session.hpp"
#include "json_scan.hpp"
#include "record_reader.hpp"
#include "rows.hpp"

/// Session files of older versions of Goose: the first line is about the session, each further one a message.
/// The session is called as the file.
namespace agentpipe::formats {
namespace {

class GooseLines final : public RecordReader {
 public:
  explicit GooseLines(const Origin& origin) : RecordReader(origin, Strangers::problem) {}

  void end(Sink& sink) override {
    if (session_) session_->finish(origin().writer, {}, std::move(totals_), sink);
  }

 private:
  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    if (!session_) open(record);
    if (!record["content"].is_array()) {
      if (number > 1) sink.skipped(Skip::unknown, number);
      return;
    }
    const goose::Said said{record["id"].text(), record["role"].view(), record["created"].epoch_seconds()};
    session_->message(said, record["content"], sink);
  }

  void open(const Node& about) {
    constexpr std::string_view k_ending = ".jsonl";
    goose::Head head;
    head.id = origin().name;
    if (head.id.ends_with(k_ending)) head.id.resize(head.id.size() - k_ending.size());
    head.title = about["description"].text();
    head.directory = about["working_dir"].text();
    totals_.total_tokens = about.either("accumulated_total_tokens", "total_tokens").count();
    session_.emplace(head, origin(), std::nullopt);
  }

  std::optional<goose::Session> session_;
  model::ConversationCompleted totals_;
};

}  // namespace

bool is_goose_lines(std::string_view head, const Origin&) {
  const auto about = scan_top_level(head.substr(0, head.find('\n')));
  return about.has("working_dir") && about.has("message_count") && !about.has("type");
}

std::unique_ptr<Reader> open_goose_lines(const Origin& origin) {
  return std::make_unique<GooseLines>(origin);
}

}  // namespace agentpipe::formats
