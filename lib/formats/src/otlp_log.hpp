#pragma once

#include <map>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/model/trace.hpp"
#include "otlp_call.hpp"

namespace agentpipe::formats::otlp {

/// Puts log records together that tell of one call of a model: an event a message (`gen_ai.user.message`,
/// `gen_ai.choice`, …), or one event with all of it in its attributes
/// (`gen_ai.client.inference.operation.details`). Other records are passed over. Keeps nodes: the request
/// must outlive it. One thread.
class LogRecords {
 public:
  explicit LogRecords(const Origin& origin) : origin_(origin) {}

  /// `resource`: the list of the resource's attributes. Error `invalid`: what is wrong, as the end of a
  /// sentence that begins with the record.
  base::Result<void> add(const Node& record, const Node& resource);
  [[nodiscard]] std::size_t calls() const { return calls_.size(); }
  /// What they say, call by call.
  std::vector<model::SpanEvents> take();

 private:
  struct Told {
    Span span;
    std::vector<AgentMessage> given;
    std::vector<Answer> answers;
    bool in_attributes = false;
  };
  Told& call_of(const Span& span);

  const Origin& origin_;
  std::vector<Told> calls_;                    ///< in the order in which they were met
  std::map<std::string, std::size_t> places_;  ///< in calls_, by conversation, trace and span
  JsonLine body_;
  JsonLine inner_;
};

}  // namespace agentpipe::formats::otlp
