#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agentpipe/delivery/transport.hpp"

namespace agentpipe::test {

/// What a scripted transport was asked to send.
struct SentRequest {
  std::string method;
  std::string path;
  std::string body;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
};

inline delivery::Response answer(int status, std::string body = "{}") {
  delivery::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

inline delivery::Response answer_with_retry_after(int status, std::string retry_after) {
  delivery::Response response = answer(status);
  response.retry_after = std::move(retry_after);
  return response;
}

inline delivery::Response network_fault(delivery::NetworkFault fault,
                                        std::string text = "Connection refused") {
  delivery::Response response;
  response.fault = fault;
  response.fault_text = std::move(text);
  return response;
}

/// A server that follows a script and records what it was sent. GET requests are answered by path (404 when
/// none was given), all others from the queue, then with `otherwise`. Thread-safe.
class ScriptedTransport final : public delivery::Transport {
 public:
  using Step = std::function<delivery::Response(const SentRequest&)>;

  /// The next answer in the queue.
  ScriptedTransport& then(delivery::Response response) {
    return then([response = std::move(response)](const SentRequest&) { return response; });
  }
  ScriptedTransport& then(Step step) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(step));
    return *this;
  }
  /// Every answer behind the end of the queue; 200 {"success":true} until told otherwise.
  ScriptedTransport& otherwise(delivery::Response response) {
    return otherwise(constant(std::move(response)));
  }
  ScriptedTransport& otherwise(Step step) {
    const std::lock_guard lock(mutex_);
    otherwise_ = std::move(step);
    return *this;
  }
  /// What GET `path` is answered from now on.
  ScriptedTransport& get(std::string path, delivery::Response response) {
    const std::lock_guard lock(mutex_);
    gets_[std::move(path)] = std::move(response);
    return *this;
  }

  delivery::Response send(const delivery::Request& request, const std::stop_token& stop) override {
    if (stop.stop_requested()) return network_fault(delivery::NetworkFault::broken, "stopped");
    SentRequest sent{request.method, request.path, std::string(request.body), request.content_type,
                     request.headers};
    return step_for(sent)(sent);
  }

  /// All requests so far, in order.
  [[nodiscard]] std::vector<SentRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  /// The bodies of all requests that are not GET, in order.
  [[nodiscard]] std::vector<std::string> bodies() const {
    std::vector<std::string> found;
    for (const SentRequest& request : requests()) {
      if (request.method != "GET") found.push_back(request.body);
    }
    return found;
  }

 private:
  Step step_for(const SentRequest& sent) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(sent);
    if (sent.method == "GET") {
      const auto found = gets_.find(sent.path);
      return constant(found == gets_.end() ? answer(404, R"({"error":"Not found"})") : found->second);
    }
    if (queue_.empty()) return otherwise_;
    Step step = std::move(queue_.front());
    queue_.pop_front();
    return step;
  }
  static Step constant(delivery::Response response) {
    return [response = std::move(response)](const SentRequest&) { return response; };
  }

  mutable std::mutex mutex_;
  std::deque<Step> queue_;
  std::map<std::string, delivery::Response> gets_;
  std::vector<SentRequest> requests_;
  Step otherwise_ = constant(answer(200, R"({"success":true})"));
};

}  // namespace agentpipe::test
