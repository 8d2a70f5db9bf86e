#pragma once

#include <cstdint>
#include <vector>

#include "agent_session.hpp"
#include "agentpipe/model/trace.hpp"
#include "otlp_facts.hpp"

namespace agentpipe::formats::otlp {

/// An answer of a model; several are choices of one call.
struct Answer {
  std::uint64_t choice = 0;
  AgentMessage message;
};

/// One call of a model on its way into its conversation, whether spans or log records tell it: what both say
/// has the same ids. One thread.
class Call {
 public:
  /// `span` must outlive it.
  Call(const Span& span, Account account, const Origin& origin);

  /// What the model was given, in order, and what it answered. Who speaks stands in `role` alone. What it
  /// used goes to the first answer.
  void tell(std::vector<AgentMessage> given, std::vector<Answer> answers);
  /// The same of what the attributes say.
  void tell_attributes();
  void tell_error();
  model::SpanEvents take() { return std::move(sink_.events); }

 private:
  /// Collects what the session tells; `history` while it is told what the model said earlier.
  class Collector final : public Sink {
   public:
    model::SpanEvents events;
    bool history = false;

    void event(model::Event event) override;
    void skipped(Skip /*why*/, std::uint64_t /*line*/) override {}
    void problem(Problem /*problem*/) override {}
  };

  void tell_given(AgentMessage message);
  void tell_usage_alone();
  void tell_answer(Answer answer);
  [[nodiscard]] AgentMessage by_speaker() const;
  void account(AgentMessage& answer) const;

  const Span& span_;
  Account account_;
  Speaker speaker_;
  AgentSession session_;
  Collector sink_;
};

/// Do attributes tell a single call of a model? What contains such calls (invoke_agent, …) is told by them.
bool calls_model(const Attributes& attributes);

}  // namespace agentpipe::formats::otlp
