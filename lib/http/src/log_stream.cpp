#include "agentpipe/http/log_stream.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/hub/cursor.hpp"
#include "agentpipe/hub/sse.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "prefetch.hpp"

namespace agentpipe::http {

namespace {

using model::LogNumber;

// Rows of one read of the log. A page is sent as a whole, so it shrinks when events are large.
constexpr std::int64_t k_first_page = 16;
constexpr std::int64_t k_largest_page = 500;
constexpr std::size_t k_page_bytes = 256UL << 10U;
constexpr base::Milliseconds k_retry{3000};
constexpr base::Milliseconds k_retry_spread{1000};

/// What a worker brings back.
struct Inbox {
  base::Mutex mutex;
  bool ready GUARDED_BY(mutex) = false;
  bool failed GUARDED_BY(mutex) = false;
  bool beyond_the_log GUARDED_BY(mutex) = false;
  LogNumber place GUARDED_BY(mutex) = 0;
  std::vector<hub::Slice> slices GUARDED_BY(mutex);
};

class LogStream final : public StreamSource {
 public:
  LogStream(const LogStreamWorld& world, LogStreamRequest request)
      : world_(world), request_(std::move(request)) {}

  void start(std::function<void()> wake) override;
  Next pull(std::vector<hub::Slice>& out) override;
  std::string heartbeat(base::Timestamp now) override;
  [[nodiscard]] hub::Topic topic() const override { return hub::topic_of(request_.filter.session_id); }
  void prefetch() const override { http::prefetch(request_.filter.types.data(), sizeof(std::string)); }
  bool allowed() override { return !request_.allowed || request_.allowed(); }

 private:
  void begin_at_cursor();
  void greet();
  void reset(std::string_view reason);
  void tell_gap(LogNumber after);
  void say(std::string_view type, LogNumber number, const std::function<void(model::JsonWriter&)>& data);
  Next pull_live(std::vector<hub::Slice>& out);
  Next pull_inbox(std::vector<hub::Slice>& out);
  Next replay(LogNumber until);
  Next ask_for_the_end();
  Next give_to_worker(std::function<void()> task);

  // First what is read for each frame: see Connection::prefetch_source.
  const LogStreamWorld& world_;
  hub::Place place_;
  std::string opening_;  // not yet sent
  enum class Waiting : unsigned char { no, for_log, for_end } waiting_ = Waiting::no;
  LogStreamRequest request_;
  std::function<void()> wake_;
  std::int64_t page_ = k_first_page;
  std::shared_ptr<Inbox> inbox_;
};

void LogStream::start(std::function<void()> wake) {
  wake_ = std::move(wake);
  place_ = world_.hub.live();
  // Clients that a restart has sent away must not come back all at once.
  const auto spread = world_.clock.ticks().time_since_epoch().count() / 1000 % k_retry_spread.count();
  opening_ = hub::sse_retry(k_retry + base::Milliseconds(spread));
  if (request_.cursor.empty()) return greet();
  begin_at_cursor();
}

void LogStream::begin_at_cursor() {
  const auto cursor = hub::Cursor::parse(request_.cursor);
  if (!cursor || cursor->epoch != world_.hub.epoch()) {
    greet();
    return reset(cursor ? "another_log" : "malformed_cursor");
  }
  const bool whole_log = request_.filter.session_id.empty();
  if (whole_log && world_.hub.last() - cursor->number > world_.longest_replay) {
    greet();
    return tell_gap(cursor->number);
  }
  place_ = {cursor->number, 0};
  greet();
  // What is committed may not be published yet: only the store knows where the log ends.
  if (cursor->number > world_.hub.last()) waiting_ = Waiting::for_end;
}

void LogStream::greet() {
  say("connection.established", place_.number, [&](model::JsonWriter& data) {
    const auto& session = request_.filter.session_id;
    data.key("conversationId");
    session.empty() ? data.null() : data.value(session);
    data.field("message",
               session.empty() ? "Subscribed to all conversations" : "Subscribed to one conversation");
    data.field("cursor", hub::format_cursor(world_.hub.epoch(), place_.number));
  });
}

void LogStream::reset(std::string_view reason) {
  place_ = world_.hub.live();
  say("reset", place_.number, [&](model::JsonWriter& data) {
    data.field("reason", reason);
    data.field("cursor", hub::format_cursor(world_.hub.epoch(), place_.number));
  });
}

void LogStream::tell_gap(LogNumber after) {
  say("gap", place_.number, [&](model::JsonWriter& data) {
    data.field("after", hub::format_cursor(world_.hub.epoch(), after));
    data.field("cursor", hub::format_cursor(world_.hub.epoch(), place_.number));
    data.field("skipped", place_.number - after);
  });
}

void LogStream::say(std::string_view type, LogNumber number,
                    const std::function<void(model::JsonWriter&)>& data) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().field("type", type).field("timestamp", base::format_rfc3339(world_.clock.now()));
  writer.key("data").begin_object();
  data(writer);
  writer.end_object().end_object();
  const bool named = request_.naming == hub::Naming::named;
  const auto id = hub::format_cursor(world_.hub.epoch(), number);
  const auto appended = hub::append_sse(opening_, {named ? type : std::string_view{}, id, json});
  if (!appended) base::log(base::LogLevel::error, "a stream's greeting could not be encoded");
}

std::string LogStream::heartbeat(base::Timestamp now) {
  auto beat = hub::sse_comment("heartbeat");
  if (request_.naming == hub::Naming::named) beat += "event: ping\n";
  return beat + R"(data: {"type":"ping","timestamp":")" + base::format_rfc3339(now) + "\",\"data\":{}}\n\n";
}

StreamSource::Next LogStream::pull(std::vector<hub::Slice>& out) {
  if (!opening_.empty()) {
    out.push_back({std::make_shared<const std::string>(std::exchange(opening_, {})), 0});
    return Next::data;
  }
  if (waiting_ == Waiting::no) return pull_live(out);
  if (!inbox_) return ask_for_the_end();
  return pull_inbox(out);
}

StreamSource::Next LogStream::pull_live(std::vector<hub::Slice>& out) {
  const auto reading = world_.hub.read(place_, request_.filter);
  switch (reading.state) {
    case hub::Reading::State::nothing:
      return Next::nothing;
    case hub::Reading::State::behind:
      return replay(reading.until);
    case hub::Reading::State::frames:
      break;
  }
  for (const auto& frame : reading.frames) out.push_back(frame->slice(request_.naming));
  return Next::data;
}

StreamSource::Next LogStream::give_to_worker(std::function<void()> task) {
  // Refused: close, the client comes back with its cursor.
  return world_.workers.run(std::move(task)) ? Next::nothing : Next::end;
}

StreamSource::Next LogStream::ask_for_the_end() {
  inbox_ = std::make_shared<Inbox>();
  return give_to_worker([inbox = inbox_, wake = wake_, last = world_.log.last, number = place_.number] {
    const auto end = last();
    {
      const base::MutexLock lock(inbox->mutex);
      inbox->beyond_the_log = number > end;
      inbox->place = number;
      inbox->ready = true;
    }
    wake();
  });
}

StreamSource::Next LogStream::replay(LogNumber until) {
  waiting_ = Waiting::for_log;
  inbox_ = std::make_shared<Inbox>();
  return give_to_worker([inbox = inbox_, wake = wake_, filter = request_.filter, naming = request_.naming,
                         page = world_.log.page, limit = page_, epoch = world_.hub.shared_epoch(),
                         after = place_.number, until] {
    std::vector<hub::Slice> slices;
    auto rows = page(after, until, filter.session_id, limit);
    // A page may end early: only an empty one says that there is no more.
    const LogNumber place = rows && !rows->empty() ? rows->back().number : until;
    if (rows) {
      for (auto& row : *rows) {
        if (!filter.matches(row.event)) continue;
        const hub::Frame frame(epoch, std::make_shared<const model::Logged>(std::move(row)),
                               hub::Kind::stored);
        slices.push_back(frame.slice(naming));
      }
    } else {
      base::log(base::LogLevel::error, "the log could not be replayed", {{"detail", rows.error().detail}});
    }
    {
      const base::MutexLock lock(inbox->mutex);
      inbox->failed = !rows;
      inbox->place = place;
      inbox->slices = std::move(slices);
      inbox->ready = true;
    }
    wake();
  });
}

StreamSource::Next LogStream::pull_inbox(std::vector<hub::Slice>& out) {
  const auto inbox = inbox_;
  const base::MutexLock lock(inbox->mutex);
  if (!inbox->ready) return Next::nothing;
  inbox_.reset();
  waiting_ = Waiting::no;
  if (inbox->failed) return Next::end;
  if (inbox->beyond_the_log) {
    reset("beyond_the_log");
    return pull(out);
  }
  place_ = {inbox->place, 0};
  std::size_t bytes = 0;
  for (const auto& slice : inbox->slices) bytes += slice.view().size();
  page_ = bytes > k_page_bytes ? std::max<std::int64_t>(page_ / 2, 1) : std::min(page_ * 2, k_largest_page);
  if (inbox->slices.empty()) return pull_live(out);
  std::ranges::move(inbox->slices, std::back_inserter(out));
  return Next::data;
}

}  // namespace

std::unique_ptr<StreamSource> make_log_stream(const LogStreamWorld& world, LogStreamRequest request) {
  return std::make_unique<LogStream>(world, std::move(request));
}

}  // namespace agentpipe::http
