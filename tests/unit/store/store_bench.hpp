#pragma once

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/store.hpp"
#ifdef AGENTPIPE_TEST_POSTGRES
#include "postgres_engine.hpp"
#else
#include "sqlite_engine.hpp"
#endif

namespace agentpipe::test {

inline base::Timestamp at(int seconds) {
  return base::Timestamp{std::chrono::seconds{1'767'600'000 + seconds}};
}

inline model::Event event(int seconds, model::Body body) {
  return {at(seconds), std::move(body)};
}

/// The error in words, for a test's message.
template <class T>
std::string why(const base::Result<T>& result) {
  return result ? "" : result.error().message + " " + result.error().detail;
}

/// A message of "c-1" from claude-0.
inline model::MessageCreated message(const std::string& id,
                                     const std::string& content = "Elbe, Oder, Rhine") {
  model::MessageCreated made;
  made.conversation_id = "c-1";
  made.message_id = id;
  made.agent_id = "claude-0";
  made.agent_type = "claude";
  made.role = "agent";
  made.content = content;
  return made;
}

inline model::Participant participant(const std::string& id, const std::string& type,
                                      const std::string& name = {}) {
  model::Participant made;
  made.agent_id = id;
  made.agent_type = type;
  if (!name.empty()) made.name = name;
  return made;
}

inline model::ConversationStarted started(const std::string& id = "c-1") {
  model::ConversationStarted made;
  made.conversation_id = id;
  made.mode = "reactive";
  made.initial_prompt = "Name three rivers";
  made.participants = {participant("claude-0", "claude", "Ada")};
  return made;
}

inline model::ConversationCompleted completed(const std::string& id = "c-1") {
  model::ConversationCompleted made;
  made.conversation_id = id;
  made.status = model::Status::completed;
  return made;
}

/// A store of its own on the engine that this program tests, that can be closed and opened again.
class StoreBench {
 public:
  StoreBench() { open(); }

  void open(const store::QueueLimits& limits = {}) {
    auto opened = engine_.open(limits);
    REQUIRE_MESSAGE(opened.has_value(), why(opened));
    store_ = std::move(*opened);
    store_->on_commit([this](std::span<const std::shared_ptr<const model::Logged>> logged) {
      const std::lock_guard lock(mutex_);
      published_.insert(published_.end(), logged.begin(), logged.end());
    });
  }
  void close() { store_.reset(); }
  void reopen() {
    close();
    open();
  }

  store::Store& operator*() { return *store_; }
  store::Store* operator->() { return store_.get(); }

  Engine& engine() { return engine_; }
  [[nodiscard]] const Engine& engine() const { return engine_; }

  /// Stores and waits for the answer.
  base::Result<store::Appended> append(std::vector<model::Event> events, int received = 1000,
                                       store::Source source = store::Source::cli_stream) {
    std::promise<base::Result<store::Appended>> answer;
    store_->append({std::move(events), at(received), source},
                   [&](base::Result<store::Appended> result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }
  /// A batch, with its answer.
  base::Result<store::Received> take(store::Batch batch) {
    std::promise<base::Result<store::Received>> answer;
    store_->append_batch(std::move(batch),
                         [&](base::Result<store::Received> result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }
  /// One event that must be accepted.
  store::Stored add(int seconds, model::Body body, int received = 1000) {
    auto stored = append({event(seconds, std::move(body))}, received);
    REQUIRE_MESSAGE(stored.has_value(), why(stored));
    return stored->front();
  }

  model::Session session(const std::string& id = "c-1") {
    auto found = store_->session(id);
    REQUIRE_MESSAGE(found.has_value(), why(found));
    return std::move(found->session);
  }
  std::vector<model::Message> messages(const std::string& id = "c-1") {
    store::MessageQuery query;
    query.session_id = id;
    query.limit = 100'000;
    auto page = store_->messages(query);
    REQUIRE(page.has_value());
    return std::move(page->messages);
  }
  std::vector<model::Logged> log(store::LogQuery query = {}) {
    query.limit = 100'000;
    auto read = store_->log(query);
    REQUIRE_MESSAGE(read.has_value(), why(read));
    return std::move(*read);
  }
  std::vector<std::shared_ptr<const model::Logged>> published() {
    const std::lock_guard lock(mutex_);
    return published_;
  }

 private:
  Engine engine_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<const model::Logged>> published_;
  std::unique_ptr<store::Store> store_;
};

/// "claude-0 claude Ada, gemini-1 gemini -"
inline std::string names(const std::vector<model::Participant>& participants) {
  std::string text;
  for (const model::Participant& p : participants) {
    if (!text.empty()) text += ", ";
    text += p.agent_id + " " + p.agent_type + " " + p.name.value_or("-");
  }
  return text;
}

}  // namespace agentpipe::test
