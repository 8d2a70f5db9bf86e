#include "supplement.hpp"

#include <fstream>
#include <optional>
#include <utility>

#include "agentpipe/formats/read_all.hpp"

namespace agentpipe::formats {
namespace {

/// A tool and what reads its output begin together.
constexpr base::Milliseconds k_apart{10'000};

/// Looks for some of what a session's file tells.
class Search : public Sink {
 public:
  explicit Search(const PipedRun& run) : run_(run) {}
  void skipped(Skip, std::uint64_t) override {}
  void problem(Problem) override {}

 protected:
  [[nodiscard]] const PipedRun& run() const { return run_; }

 private:
  const PipedRun& run_;
};

class LastPrompt final : public Search {
 public:
  using Search::Search;

  void event(model::Event event) override {
    const auto* message = std::get_if<model::MessageCreated>(&event.body);
    if (message == nullptr || message->agent_id != k_user || event.at + k_apart < run().origin.arrived)
      return;
    if (run().find(message->conversation_id) != nullptr) found = std::move(event);
  }

  std::optional<model::Event> found;
};

class Supplement final : public Search {
 public:
  Supplement(const PipedRun& run, Sink& sink) : Search(run), sink_(sink) {}

  void event(model::Event event) override {
    auto* session = run().find(model::conversation_id(event));
    if (session == nullptr) return;
    if (const auto* started = std::get_if<model::ConversationStarted>(&event.body))
      return session->title({}, started->name.value_or(""), 0, sink_);
    auto* message = std::get_if<model::MessageCreated>(&event.body);
    if (message == nullptr || !message->tokens_used || !session->has_told(message->message_id)) return;
    message->metadata.text = model::k_account_again;
    sink_.event(std::move(event));
  }

 private:
  Sink& sink_;
};

void read_files(const PipedRun& run, Sink& sink) {
  if (!run.origin.session_files) return;
  for (const auto& path : run.origin.session_files(run.source, run.session)) {
    std::ifstream file(path, std::ios::binary);
    Origin origin{path.filename().string(), run.origin.arrived, path};
    origin.prices = run.origin.prices;
    read_all(file, origin, find_format(run.source), sink);
  }
}

}  // namespace

void tell_prompt(const PipedRun& run, Sink& sink) {
  LastPrompt prompt(run);
  read_files(run, prompt);
  if (!prompt.found) return;
  const auto& message = std::get<model::MessageCreated>(prompt.found->body);
  auto& session = *run.find(message.conversation_id);
  session.asked(message.content);
  session.begin(prompt.found->at, sink);
  session.title(prompt.found->at, message.content, 0, sink);  // some runs begin before their prompt is known
  sink.event(std::move(*prompt.found));
}

void supplement(const PipedRun& run, Sink& sink) {
  Supplement known(run, sink);
  read_files(run, known);
}

}  // namespace agentpipe::formats
