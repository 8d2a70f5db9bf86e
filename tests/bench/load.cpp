#include "load.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "agentpipe/base/files.hpp"

namespace agentpipe::bench {

namespace {

using Clock = std::chrono::steady_clock;

base::FileDescriptor connect_to(unsigned port) {
  base::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to the server");
  return fd;
}

/// One kept-alive connection with at most one request under way.
class Connection {
 public:
  explicit Connection(unsigned port) : fd_(connect_to(port)) {}

  void send(const std::string& request) {
    started_ = Clock::now();
    received_.clear();
    for (std::string_view rest = request; !rest.empty();) {
      const auto sent = ::send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the server closed a connection");
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Reads what is there; true when the answer is complete.
  bool receive() {
    std::array<char, 4096> buffer{};
    const auto got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) throw std::runtime_error("the server closed a connection");
    received_.append(buffer.data(), static_cast<std::size_t>(got));
    const auto head = received_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    auto at = received_.find("ontent-");
    while (at != std::string::npos && ::strncasecmp(received_.c_str() + at, "ontent-length:", 14) != 0)
      at = received_.find("ontent-", at + 1);
    const auto length = at == std::string::npos ? 0 : std::strtoul(received_.c_str() + at + 14, nullptr, 10);
    return received_.size() >= head + 4 + length;
  }
  [[nodiscard]] bool succeeded() const { return received_.starts_with("HTTP/1.1 20"); }
  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] Clock::duration elapsed() const { return Clock::now() - started_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  base::FileDescriptor fd_;
  Clock::time_point started_;
  std::string received_;
};

}  // namespace

std::string post(const std::string& path, const std::string& key, const std::string& body,
                 const std::string& headers) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer " + key +
         "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

double Load::milliseconds_at(double quantile) const {
  if (latencies.empty()) return 0;
  const auto at = static_cast<std::size_t>(quantile * static_cast<double>(latencies.size() - 1));
  return std::chrono::duration<double, std::milli>(latencies[at]).count();
}

Load closed_loop(unsigned port, const std::string& path, const std::string& key, unsigned connections,
                 std::chrono::milliseconds length, const std::function<std::string(std::uint64_t)>& body) {
  return exchange_loop(port, connections, length,
                       [&](unsigned, std::uint64_t n) { return post(path, key, body(n)); });
}

Load exchange_loop(unsigned port, unsigned connections, std::chrono::milliseconds length,
                   const std::function<std::string(unsigned, std::uint64_t)>& request) {
  const base::FileDescriptor poll(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<Connection> open;
  for (unsigned i = 0; i < connections; ++i) open.emplace_back(port);
  for (std::uint32_t i = 0; i < connections; ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = i;
    ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, open[i].fd(), &event);
  }
  Load load;
  std::uint64_t next = 0;
  const auto start = Clock::now();
  const auto end = start + length;
  std::size_t under_way = 0;
  for (unsigned i = 0; i < connections; ++i) {
    open[i].send(request(i, next++));
    ++under_way;
  }
  while (under_way > 0) {
    std::array<epoll_event, 128> ready{};
    const int count = ::epoll_wait(poll.get(), ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const unsigned index = ready[static_cast<std::size_t>(i)].data.u32;
      auto& connection = open[index];
      if (!connection.receive()) continue;
      load.latencies.push_back(connection.elapsed());
      if (!connection.succeeded() && ++load.failures == 1) load.first_failure = connection.received();
      if (Clock::now() < end)
        connection.send(request(index, next++));
      else
        --under_way;
    }
  }
  load.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::ranges::sort(load.latencies);
  return load;
}

std::string message_event(const std::string& conversation, std::uint64_t n) {
  static const std::string text = [] {
    std::string words;
    while (words.size() < k_message_content)
      words += "The **sort** is `O(n log n)`; see section " + std::to_string(words.size()) + ". ";
    return words.substr(0, k_message_content);
  }();
  const auto number = std::to_string(n);
  return R"({"type":"message.created","timestamp":"2026-01-05T08:00:04.123456789Z","data":{"conversation_id":")" +
         conversation + R"(","message_id":")" + conversation + "-" + number + R"(","agent_id":"claude-)" +
         std::to_string(n % 2) + R"(","agent_type":"claude","agent_name":"Ada","content":")" + text +
         R"(","sequence_number":)" + std::to_string(n + 1) + R"(,"turn_number":)" + number +
         R"(,"tokens_used":30,"input_tokens":20,"output_tokens":10,"cost":0.0012345,)"
         R"("model":"claude-sonnet-4.5","duration_ms":1234}})";
}

}  // namespace agentpipe::bench
