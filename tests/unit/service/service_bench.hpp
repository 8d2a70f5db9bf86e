#pragma once

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/service/ingest.hpp"
#include "agentpipe/service/sessions.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "temporary_directory.hpp"

namespace agentpipe::test {

using nlohmann::json;

inline service::Query query(service::Query::Parameters parameters) {
  return service::Query(std::move(parameters));
}

/// The service on a store of its own.
struct ServiceBench {
  TemporaryDirectory folder;
  base::SystemClock clock;
  std::unique_ptr<store::Store> store =
      store::open_sqlite({.path = folder.path() / "web.db", .clock = clock}).value();
  std::vector<std::string> broadcast;
  service::Ingest ingest{
      *store, clock, [this](const model::Event& event) { broadcast.emplace_back(model::type_name(event)); }};
  service::Sessions sessions{*store};

  struct Answer {
    bool created;
    json body;
    base::Error error;
  };

  /// 200's JSON, or "gap, N is expected", or the error's sentence.
  json batch(const service::BatchHead& head, const std::string& lines) {
    std::promise<base::Result<service::BatchReply>> promise;
    ingest.batch(head, lines,
                 [&](base::Result<service::BatchReply> reply) { promise.set_value(std::move(reply)); });
    const auto reply = promise.get_future().get();
    if (!reply) return reply.error().message;
    if (const auto* gap = std::get_if<store::Gap>(&*reply))
      return "gap, " + std::to_string(gap->expected_n) + " is expected";
    return json::parse(std::get<service::Reply>(*reply).json);
  }

  Answer event(const json& event, const service::WriteTerms& terms = {}) {
    return wait([&](service::ReplyDone done) { ingest.event(event.dump(), terms, std::move(done)); });
  }
  Answer upload(const json& document, const service::WriteTerms& terms = {}) {
    return wait([&](service::ReplyDone done) { ingest.upload(document.dump(), terms, std::move(done)); });
  }
  Answer message(const std::string& session, int number, const json& more = {}) {
    json data{{"conversation_id", session},
              {"message_id", session + "-" + std::to_string(number)},
              {"agent_id", "claude-0"},
              {"agent_type", "claude"},
              {"content", "message " + std::to_string(number)},
              {"sequence_number", number}};
    data.update(more.is_null() ? json::object() : more);
    return event({{"type", "message.created"}, {"timestamp", "2026-01-05T08:00:04Z"}, {"data", data}});
  }

 private:
  template <class Call>
  Answer wait(Call call) {
    std::promise<base::Result<service::Reply>> promise;
    call([&](base::Result<service::Reply> reply) { promise.set_value(std::move(reply)); });
    const auto reply = promise.get_future().get();
    if (!reply) return {false, {}, reply.error()};
    return {reply->created, json::parse(reply->json), {}};
  }
};

}  // namespace agentpipe::test
