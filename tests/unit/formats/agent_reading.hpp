#pragma once

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "agentpipe/formats/ledger.hpp"
#include "agentpipe/formats/usage.hpp"
#include "places.hpp"
#include "read.hpp"

/// Reads agents' sessions and says what came out in lines that a test can compare.
namespace agentpipe::test {

inline formats::Origin origin_at(const std::filesystem::path& path) {
  formats::Origin origin{path.filename().string(), k_arrived};
  origin.path = path;
  return origin;
}

inline Reading read_from(std::string_view bytes, const formats::Origin& origin) {
  Reading reading;
  const auto* used = formats::read_all(bytes, origin, nullptr, reading.sink);
  if (used != nullptr) reading.format = used->name;
  return reading;
}

/// A fixture as the file that it is.
inline Reading read_file(std::string_view name, std::shared_ptr<formats::Ledger> ledger = nullptr) {
  const auto path = fixture(name);
  auto origin = origin_at(path);
  origin.ledger = std::move(ledger);
  return read_from(file_text(path), origin);
}

/// A real session; empty when they do not lie beside the checkout.
inline std::string shared_session(std::string_view name) {
  return file_text(shared_fixtures() / "sessions" / name);
}

inline std::size_t answers(const Reading& reading) {
  std::size_t count = 0;
  for (const auto& message : reading.sink.all<model::MessageCreated>()) {
    if (message.role == "assistant") ++count;
  }
  return count;
}

/// Over all messages.
inline formats::Usage sum(const Reading& reading) {
  formats::Usage usage;
  for (const auto& message : reading.sink.all<model::MessageCreated>()) {
    usage += {.input = message.input_tokens.value_or(0),
              .cache_read = message.cache_read_tokens.value_or(0),
              .cache_write = message.cache_write_tokens.value_or(0),
              .output = message.output_tokens.value_or(0),
              .reasoning = message.reasoning_tokens.value_or(0)};
  }
  return usage;
}

/// Ids made of what was said are "-"; those made of what was done keep their front.
inline std::string shown_id(const std::string& id) {
  constexpr std::size_t k_digits = 24;
  for (const auto* front : {"m-", "call-", "result-"}) {
    const std::string_view kind(front);
    if (id.starts_with(kind) && id.size() == kind.size() + k_digits)
      return kind == "m-" ? "-" : std::string(kind) + "*";
  }
  return id;
}

/// "id role agent: first line" of every message.
inline std::vector<std::string> lines_of(const Reading& reading) {
  std::vector<std::string> lines;
  for (const auto& message : reading.sink.all<model::MessageCreated>()) {
    lines.push_back(shown_id(message.message_id) + " " + message.role + " " + message.agent_id + ": " +
                    message.content.substr(0, message.content.find('\n')));
  }
  return lines;
}

inline std::map<std::string, model::MessageCreated> by_id(const Reading& reading) {
  std::map<std::string, model::MessageCreated> messages;
  for (const auto& message : reading.sink.all<model::MessageCreated>())
    messages.emplace(message.message_id, message);
  return messages;
}

/// What both readings tell must say the same words and the same accounts; `whole` has all messages of `told`.
inline void check_tells(const Reading& told, const Reading& whole) {
  const auto kept = by_id(whole);
  for (const auto& message : told.sink.all<model::MessageCreated>()) {
    CAPTURE(message.message_id);
    REQUIRE(kept.contains(message.message_id));
    const auto& same = kept.at(message.message_id);
    CHECK(same.content == message.content);
    CHECK(same.tokens_used == message.tokens_used);
    CHECK(same.cost == message.cost);
  }
}

/// Calls of tools, and results that name one of them.
inline std::pair<std::size_t, std::size_t> tools(const Reading& reading) {
  std::map<std::string, std::size_t> calls;
  std::size_t results = 0;
  for (const auto& message : reading.sink.all<model::MessageCreated>()) {
    if (message.parts.empty()) continue;
    for (const auto& part : nlohmann::json::parse(message.parts.text)) {
      if (part["type"] == "tool_call") ++calls[part["call_id"]];
      if (part["type"] == "tool_result") results += calls.count(part["call_id"]);
    }
  }
  return {calls.size(), results};
}

}  // namespace agentpipe::test
