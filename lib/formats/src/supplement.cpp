#include "supplement.hpp"

#include <fstream>

#include "agentpipe/formats/read_all.hpp"

namespace agentpipe::formats {
namespace {

using Find = std::function<AgentSession*(const std::string& conversation)>;

class Supplement final : public Sink {
 public:
  Supplement(const Find& find, Sink& sink) : find_(find), sink_(sink) {}

  void event(model::Event event) override {
    auto* session = find_(model::conversation_id(event));
    if (session == nullptr) return;
    if (const auto* started = std::get_if<model::ConversationStarted>(&event.body))
      return session->title({}, started->name.value_or(""), 0, sink_);
    auto* message = std::get_if<model::MessageCreated>(&event.body);
    if (message == nullptr || !message->tokens_used || !session->has_told(message->message_id)) return;
    message->metadata.text = model::k_account_again;
    sink_.event(std::move(event));
  }
  void skipped(Skip, std::uint64_t) override {}
  void problem(Problem) override {}

 private:
  const Find& find_;
  Sink& sink_;
};

}  // namespace

void supplement(const Origin& run, std::string_view source, std::string_view session, const Find& find,
                Sink& sink) {
  if (!run.session_files) return;
  Supplement known(find, sink);
  for (const auto& path : run.session_files(source, session)) {
    std::ifstream file(path, std::ios::binary);
    Origin origin{path.filename().string(), run.arrived, path};
    origin.prices = run.prices;
    read_all(file, origin, find_format(source), known);
  }
}

}  // namespace agentpipe::formats
