#include "follow_sent.hpp"

#include <functional>

#include "agentpipe/base/log.hpp"
#include "agentpipe/model/codec.hpp"

namespace agentpipe::cli {

namespace {

/// The file ended, not the session: somebody may still be writing.
bool is_mere_end(const model::Event& event) {
  const auto* completed = std::get_if<model::ConversationCompleted>(&event.body);
  return completed != nullptr && completed->status == model::Status::interrupted;
}

}  // namespace

bool SentEvents::add(const std::string& path, const model::Event& event) {
  constexpr std::size_t k_most = 1'000'000;  // some 40 MB
  if (count_ >= k_most) {
    files_.clear();
    count_ = 0;
  }
  const auto mark = std::hash<std::string>{}(model::encode_event(event));
  const bool is_new = files_[path].insert(mark).second;
  if (is_new) ++count_;
  return is_new;
}

void OnlyNew::event(model::Event event) {
  if (!is_mere_end(event) && sent_.add(path_, event)) sink_.event(std::move(event));
}

void OnlyNew::problem(formats::Problem problem) {
  base::log(base::LogLevel::debug, "a place of a followed file cannot be read yet",
            {{"file", path_}, {"line", std::to_string(problem.line)}, {"reason", problem.reason}});
}

}  // namespace agentpipe::cli
