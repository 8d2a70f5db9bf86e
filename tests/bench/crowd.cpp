#include "crowd.hpp"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace agentpipe::bench {

namespace {

constexpr std::string_view k_mark = "\nid: ";

}  // namespace

Crowd::Crowd(unsigned port, std::size_t size, const std::function<std::string(std::size_t)>& path)
    : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  readers_.reserve(size);
  for (std::size_t i = 0; i < size; ++i) connect(port, path(i), i);
  thread_ = std::thread([this] { run(); });
  while (frames_ < size) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  frames_ = 0;
}

Crowd::~Crowd() {
  over_ = true;
  thread_.join();
}

void Crowd::wait_for(std::uint64_t frames) const {
  while (frames_ < frames) std::this_thread::sleep_for(std::chrono::microseconds(200));
}

// Each from one of many addresses: one address has too few ports for the largest crowds.
void Crowd::connect(unsigned port, const std::string& path, std::size_t number) {
  constexpr std::size_t k_each = 4000;
  Reader reader{base::FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), {}};
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(number / k_each));
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(static_cast<std::uint16_t>(port));
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(reader.fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
      ::connect(reader.fd.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
    throw std::runtime_error("cannot open " + std::to_string(number + 1) + " streams");
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";
  (void)!::write(reader.fd.get(), request.data(), request.size());
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = number;
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, reader.fd.get(), &event);
  readers_.push_back(std::move(reader));
}

void Crowd::run() {
  while (!over_) {
    std::array<epoll_event, 256> ready{};
    const int count = ::epoll_wait(poll_.get(), ready.data(), static_cast<int>(ready.size()), 50);
    for (int i = 0; i < count; ++i) read(readers_[ready[static_cast<std::size_t>(i)].data.u64]);
  }
}

void Crowd::read(Reader& reader) {
  std::array<char, 65536> buffer;  // NOLINT: filled by recv
  const auto got = ::recv(reader.fd.get(), buffer.data(), buffer.size(), 0);
  if (got <= 0) throw std::runtime_error("a stream ended");
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
  std::uint64_t found = 0;
  const auto count = [&](std::string_view text) {
    for (auto at = text.find(k_mark); at != std::string_view::npos; at = text.find(k_mark, at + 1)) ++found;
  };
  count(bytes);
  // A mark that lies in two pieces.
  reader.tail.append(bytes.substr(0, k_mark.size() - 1));
  count(reader.tail);
  reader.tail = bytes.substr(bytes.size() - std::min(bytes.size(), k_mark.size() - 1));
  frames_ += found;
}

void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace agentpipe::bench
