#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/model/trace.hpp"
#include "otlp_agents.hpp"
#include "otlp_call.hpp"

namespace agentpipe::formats::otlp {

/// Puts log records together that tell of one call of a model: an event a message (`gen_ai.user.message`,
/// `gen_ai.choice`, …), or one event with all of it in its attributes
/// (`gen_ai.client.inference.operation.details`); what coding agents write in words of their own goes with
/// them. Other records are passed over. Keeps nodes: the request must outlive it. One thread.
class LogRecords {
 public:
  explicit LogRecords(const Origin& origin) : origin_(origin) {}

  /// `resource`: the list of the resource's attributes. Error `invalid`: what is wrong, as the end of a
  /// sentence that begins with the record.
  base::Result<void> add(const Node& record, const Node& resource);
  [[nodiscard]] std::size_t calls() const { return calls_.size(); }
  /// Records that tell nothing of a conversation.
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }
  /// What they say, call by call.
  std::vector<model::Told> take();

 private:
  struct Told {
    Span span;
    std::vector<AgentMessage> given{};
    std::vector<Answer> answers{};
    bool in_attributes = false;
    std::optional<Account> account{};  ///< as an agent's own record has it
    std::uint64_t records = 0;
  };
  Told& call_of(const Span& span);
  void add_details(Span span);
  base::Result<void> add_of_agent(const AgentEvent& event, const Node& record, Attributes attributes,
                                  const Node& resource);

  const Origin& origin_;
  std::vector<Told> calls_;                    ///< in the order in which they were met
  std::map<std::string, std::size_t> places_;  ///< in calls_, by conversation and call or span
  std::uint64_t passed_over_ = 0;
  JsonLine body_;
  JsonLine inner_;
};

}  // namespace agentpipe::formats::otlp
