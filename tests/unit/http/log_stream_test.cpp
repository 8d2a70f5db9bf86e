#include "agentpipe/http/log_stream.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "log_events.hpp"
#include "sse_parser.hpp"
#include "test_server.hpp"

using namespace agentpipe;
using model::LogNumber;
using test::SseMessage;
using Ids = std::vector<std::string>;

namespace {

/// A log in memory that commits first and publishes after, as the store does.
class MemoryLog {
 public:
  explicit MemoryLog(hub::RingLimits ring = {}) : hub("ep", 0, ring) {}

  void commit(LogNumber last, const std::string& conversation = "c", std::string content = "hello") {
    const std::lock_guard lock(mutex_);
    for (auto n = static_cast<LogNumber>(events_.size()) + 1; n <= last; ++n) {
      events_.push_back(test::shared_message(n, conversation, content));
    }
  }
  void publish(LogNumber first, LogNumber last) {
    std::vector<std::shared_ptr<const model::Logged>> some;
    {
      const std::lock_guard lock(mutex_);
      for (auto n = first; n <= last; ++n) some.push_back(events_.at(static_cast<std::size_t>(n - 1)));
    }
    hub.publish(some);
  }
  http::StoredLog stored() {
    http::StoredLog log;
    log.page = [this](LogNumber after, LogNumber until, const std::string& session,
                      std::int64_t limit) -> base::Result<std::vector<model::Logged>> {
      const std::lock_guard lock(mutex_);
      ++pages;
      if (broken) return base::failure(base::ErrorCode::io, "broken");
      std::vector<model::Logged> rows;
      for (const auto& event : events_) {
        if (event->number <= after || event->number > until) continue;
        if (!session.empty() && model::conversation_id(event->event) != session) continue;
        if (static_cast<std::int64_t>(rows.size()) < std::min<std::int64_t>(limit, page_ends_at))
          rows.push_back(*event);
      }
      return rows;
    };
    log.last = [this] {
      const std::lock_guard lock(mutex_);
      return static_cast<LogNumber>(events_.size());
    };
    return log;
  }

  hub::Hub hub;
  std::atomic<int> pages{0};
  std::atomic<std::int64_t> page_ends_at{1000};  // as a store does when the rows are large
  std::atomic<bool> broken{false};

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<const model::Logged>> events_;
};

/// A server with one stream route over a MemoryLog.
class StreamServer {
 public:
  explicit StreamServer(http::ServerOptions options = {}, hub::RingLimits ring = {},
                        LogNumber longest_replay = 100'000)
      : log(ring),
        world_{log.hub, workers_, clock_, log.stored(), longest_replay},
        server_(std::move(options), {{http::Method::get, "/stream", 0, http::Access::open,
                                      [this](const http::Request& request, http::Responder respond) {
                                        http::LogStreamRequest wish;
                                        wish.cursor = request.header_or_empty("last-event-id");
                                        wish.filter.session_id = request.query.get("c").value_or("");
                                        wish.filter.types = request.query.list("types");
                                        if (request.query.get("named")) wish.naming = hub::Naming::named;
                                        wish.allowed = [this] { return allowed.load(); };
                                        respond.stream(http::make_log_stream(world_, std::move(wish)));
                                      }}}) {
    log.hub.on_news([this](const hub::News& news) { server_.server->wake_streams(news); });
  }
  void add(LogNumber last, const std::string& conversation = "c", std::string content = "hello") {
    const auto first = log.hub.last() + 1;
    log.commit(last, conversation, std::move(content));
    log.publish(first, last);
  }
  http::Server& server() { return *server_.server; }
  [[nodiscard]] unsigned short port() const { return server_.port(); }

  MemoryLog log;
  std::atomic<bool> allowed{true};

 private:
  base::SystemClock clock_;
  http::Workers workers_;
  http::LogStreamWorld world_;
  test::TestServer server_;
};

class Subscriber {
 public:
  Subscriber(StreamServer& server, const std::string& cursor, const std::string& query = {}, int buffer = 0)
      : client_(server.port(), buffer) {
    client_.send("GET /stream?" + query + " HTTP/1.1\r\nHost: localhost\r\n" +
                 (cursor.empty() ? "" : "Last-Event-ID: " + cursor + "\r\n") + "\r\n");
    head = client_.receive_until("\r\n\r\n");
    established = next();
  }
  SseMessage next() {
    while (queue_.empty()) {
      auto bytes = client_.receive_until("\n");
      for (auto& message : parser_.feed(bytes)) queue_.push_back(std::move(message));
    }
    auto message = queue_.front();
    queue_.erase(queue_.begin());
    return message;
  }
  /// Of the next events of the log. Heartbeats are counted instead: they repeat the id before them.
  Ids next_ids(std::size_t count) {
    Ids ids;
    while (ids.size() < count) {
      const auto message = next();
      if (message.data.starts_with(R"({"type":"ping",)"))
        ++pings;
      else
        ids.push_back(message.id);
    }
    return ids;
  }
  bool closed() { return client_.receive_all().find("data:") == std::string::npos; }
  [[nodiscard]] const test::SseParser& parser() const { return parser_; }

 private:
  test::HttpClient client_;
  test::SseParser parser_;
  std::vector<SseMessage> queue_;

 public:
  std::string head;
  SseMessage established;
  int pings = 0;
};

Ids ids(LogNumber first, LogNumber last) {
  Ids all;
  for (auto n = first; n <= last; ++n) all.push_back("ep-" + std::to_string(n));
  return all;
}

}  // namespace

TEST_CASE("a stream begins with its headers, a retry time and a greeting that carries the cursor") {
  StreamServer server;
  server.add(3);
  Subscriber subscriber(server, "");
  CHECK(subscriber.head.find("\r\nContent-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(subscriber.head.find("\r\nCache-Control: no-cache, no-store, no-transform\r\n") != std::string::npos);
  CHECK(subscriber.head.find("\r\nX-Accel-Buffering: no\r\n") != std::string::npos);
  CHECK(subscriber.head.find("Content-Length") == std::string::npos);
  CHECK(std::stoi(subscriber.parser().retry()) >= 3000);
  CHECK(subscriber.established.id == "ep-3");
  CHECK(subscriber.established.data.starts_with(R"({"type":"connection.established","timestamp":")"));
  CHECK(subscriber.established.data.ends_with(
      R"("data":{"conversationId":null,"message":"Subscribed to all conversations","cursor":"ep-3"}})"));
}

TEST_CASE("without a cursor a subscriber gets only what comes from now on") {
  StreamServer server;
  server.add(3);
  Subscriber subscriber(server, "");
  server.add(5);
  CHECK(subscriber.next_ids(2) == ids(4, 5));
}

TEST_CASE("a cursor within the ring resumes from memory, one behind it from the log") {
  StreamServer server({}, {8, 1U << 20U});
  server.add(1000);
  Subscriber near(server, "ep-995");
  CHECK(near.next_ids(5) == ids(996, 1000));
  CHECK(server.log.pages == 0);
  Subscriber far(server, "ep-0");
  CHECK(far.next_ids(1000) == ids(1, 1000));
  CHECK(server.log.pages > 0);
  server.add(1001);
  CHECK(far.next_ids(1) == ids(1001, 1001));
  CHECK(near.next_ids(1) == ids(1001, 1001));
}

TEST_CASE("a page of the log that ends before its limit leaves no hole") {
  StreamServer server({}, {8, 1U << 20U});
  server.log.page_ends_at = 3;
  server.add(200);
  Subscriber far(server, "ep-0");
  CHECK(far.next_ids(200) == ids(1, 200));
  server.add(201);
  CHECK(far.next_ids(1) == ids(201, 201));
}

TEST_CASE("while events pour in, a replay hands over to live without hole or repeat") {
  constexpr LogNumber k_last = 3000;
  StreamServer server({}, {16, 1U << 20U});
  server.add(500);
  std::thread publisher([&] {
    for (LogNumber n = 501; n <= k_last; n += 5) server.add(std::min(n + 4, k_last));
  });
  std::vector<std::thread> readers;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&, i] {
      const LogNumber from = i * 100;
      Subscriber subscriber(server, "ep-" + std::to_string(from));
      if (subscriber.next_ids(static_cast<std::size_t>(k_last - from)) == ids(from + 1, k_last)) ++right;
    });
  }
  publisher.join();
  for (auto& reader : readers) reader.join();
  CHECK(right == 4);
}

TEST_CASE("a committed but unpublished number is waited for, one beyond the log leads to a reset") {
  StreamServer server;
  server.add(2);
  server.log.commit(4);
  Subscriber waits(server, "ep-4");
  server.log.publish(3, 4);
  server.add(5);
  CHECK(waits.next_ids(1) == ids(5, 5));
  Subscriber beyond(server, "ep-9");
  const auto reset = beyond.next();
  CHECK(reset.data.starts_with(R"({"type":"reset",)"));
  CHECK(reset.data.ends_with(R"("data":{"reason":"beyond_the_log","cursor":"ep-5"}})"));
  CHECK(reset.id == "ep-5");
  server.add(6);
  CHECK(beyond.next_ids(1) == ids(6, 6));
}

TEST_CASE("a cursor of another log or nonsense leads to one reset, then live") {
  StreamServer server;
  server.add(2);
  for (const auto& [cursor, reason] : std::map<std::string, std::string>{
           {"other-1", "another_log"}, {"nonsense", "malformed_cursor"}, {"ep-1x", "malformed_cursor"}}) {
    Subscriber subscriber(server, cursor);
    CHECK(subscriber.next().data.find(R"("reason":")" + reason) != std::string::npos);
  }
}

TEST_CASE("who missed too much is told how much in one gap, then live; of one session nothing is too much") {
  StreamServer server({}, {.frames = 2}, 10);
  server.add(20);
  Subscriber near(server, "ep-10");
  CHECK(near.next_ids(10) == ids(11, 20));
  Subscriber far(server, "ep-9");
  const auto gap = far.next();
  CHECK(gap.data.starts_with(R"({"type":"gap",)"));
  CHECK(gap.data.ends_with(R"("data":{"after":"ep-9","cursor":"ep-20","skipped":11}})"));
  CHECK(gap.id == "ep-20");
  Subscriber one(server, "ep-0", "c=c");
  CHECK(one.next_ids(20) == ids(1, 20));
  server.add(21);
  CHECK(far.next_ids(1) == ids(21, 21));
}

TEST_CASE("a stream ends after its time, give or take a fifth, and asks its client back soon") {
  http::ServerOptions options;
  options.timeouts.rotation = base::Milliseconds(100);
  options.timeouts.sweep = base::Milliseconds(5);
  StreamServer server(options);
  Subscriber subscriber(server, "ep-0");
  CHECK(subscriber.closed());
}

TEST_CASE("filters hold for replay and live alike") {
  StreamServer server({}, {4, 1U << 20U});
  for (LogNumber n = 1; n <= 40; ++n) server.add(n, n % 2 == 0 ? "even" : "odd");
  Subscriber even(server, "ep-30", "c=even");
  CHECK(even.next_ids(5) == Ids{"ep-32", "ep-34", "ep-36", "ep-38", "ep-40"});
  server.add(41, "odd");
  server.add(42, "even");
  CHECK(even.next_ids(1) == ids(42, 42));
  Subscriber none(server, "ep-0", "types=conversation.started,conversation.completed");
  Subscriber some(server, "ep-0", "types=conversation.started&types=message.created");
  CHECK(some.next_ids(42) == ids(1, 42));
}

TEST_CASE("named=1 adds event lines everywhere") {
  StreamServer server;
  Subscriber subscriber(server, "", "named=1");
  CHECK(subscriber.established.event == "connection.established");
  server.add(1);
  CHECK(subscriber.next().event == "message.created");
}

TEST_CASE("a heartbeat is a comment and a ping that has no id of its own") {
  StreamServer server(test::options_with([](auto& o) { o.timeouts.heartbeat = base::Milliseconds(20); }));
  server.add(1);
  Subscriber subscriber(server, "");
  const auto ping = subscriber.next();
  CHECK(ping.data.starts_with(R"({"type":"ping","timestamp":")"));
  CHECK(ping.id == "ep-1");
  CHECK(subscriber.parser().comments().front() == "heartbeat");
}

TEST_CASE("a slow subscriber holds up nobody, costs no memory, and gets everything in the end") {
  constexpr LogNumber k_last = 300;
  // Heartbeats come in between; they must neither hide nor look like an event.
  StreamServer server(test::options_with([](auto& o) { o.timeouts.heartbeat = base::Milliseconds(50); }),
                      {16, 1U << 20U});
  Subscriber slow(server, "", {}, 4096);
  Subscriber quick(server, "");
  for (LogNumber n = 1; n <= k_last; ++n) {
    server.add(n, "c", std::string(50'000, 'x'));
    CHECK(quick.next_ids(1) == ids(n, n));
  }
  CHECK(server.log.hub.stats().frames <= 16);
  CHECK(slow.next_ids(static_cast<std::size_t>(k_last)) == ids(1, k_last));
  CHECK(quick.pings > 0);
}

TEST_CASE("a subscriber that takes nothing is closed") {
  StreamServer server(test::options_with([](auto& o) { o.timeouts.write = base::Milliseconds(50); }));
  Subscriber stuck(server, "", {}, 4096);
  for (LogNumber n = 1; n <= 200; ++n) server.add(n, "c", std::string(100'000, 'x'));
  while (server.server().stats().connections > 0) std::this_thread::yield();
  CHECK(server.server().stats().streams == 0);
}

TEST_CASE("a subscriber that leaves is noticed without news") {
  StreamServer server;
  { const Subscriber gone(server, ""); }
  while (server.server().stats().connections > 0) std::this_thread::yield();
  CHECK(server.server().stats().streams == 0);
}

TEST_CASE("a subscriber that may no longer listen is closed") {
  StreamServer server;
  Subscriber subscriber(server, "");
  server.allowed = false;
  CHECK(subscriber.closed());
}

TEST_CASE("a log that cannot be read ends the stream, so that the client tries again") {
  StreamServer server({}, {2, 1U << 20U});
  server.add(10);
  server.log.broken = true;
  Subscriber subscriber(server, "ep-1");
  CHECK(subscriber.closed());
}

TEST_CASE("streams above the limit get 503, and leave room for requests") {
  StreamServer server(test::options_with([](auto& o) { o.limits.streams = 1; }));
  Subscriber first(server, "");
  test::HttpClient second(server.port());
  const auto refused = second.get("/stream");
  CHECK(refused.status == 503);
  CHECK(refused.headers.contains("retry-after"));
  CHECK(second.get("/echo").status == 200);
}

TEST_CASE("a stop sends streams away with a time to come back") {
  StreamServer server;
  Subscriber subscriber(server, "");
  server.server().stop(base::Milliseconds(20'000));
  CHECK(subscriber.closed());
  CHECK(server.server().stats().streams == 0);
}

TEST_CASE("many streams end spread over time") {
  StreamServer server(test::options_with([](auto& o) { o.stream_spread = base::Milliseconds(100); }));
  std::vector<std::unique_ptr<Subscriber>> all;
  for (int i = 0; i < 120; ++i) all.push_back(std::make_unique<Subscriber>(server, ""));
  server.server().stop(base::Milliseconds(20'000));
  CHECK(server.server().stats().streams == 0);
}

TEST_CASE("a quiet conversation's stream keeps up with the others' frames without a look into the database") {
  StreamServer server;
  Subscriber everything(server, {});
  Subscriber quiet(server, {}, "c=quiet");
  constexpr LogNumber k_at_once = 500;
  for (LogNumber last = k_at_once; last <= 6000; last += k_at_once) {
    server.add(last, "loud");
    everything.next_ids(k_at_once);
  }
  server.add(6001, "quiet");
  CHECK(quiet.next_ids(1) == Ids{"ep-6001"});
  CHECK(server.log.pages == 0);
}

TEST_CASE("each conversation's stream is woken by its own frames") {
  StreamServer server;
  Subscriber a(server, {}, "c=a");
  Subscriber b(server, {}, "c=b");
  server.add(1, "a");
  CHECK(a.next_ids(1) == Ids{"ep-1"});
  server.add(2, "b");
  CHECK(b.next_ids(1) == Ids{"ep-2"});
  server.add(3, "a");
  CHECK(a.next_ids(1) == Ids{"ep-3"});
}
