#include "crowd.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include "agentpipe/base/files.hpp"

namespace agentpipe::bench {

namespace {

constexpr std::string_view k_mark = "\nid: ";

struct Reader {
  base::FileDescriptor fd;
  std::string tail;  // the last bytes, in which a mark may have begun
};

// Each from one of many addresses: one address has too few ports for the largest crowds.
Reader connect(unsigned port, const std::string& path, std::size_t number) {
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
  return reader;
}

/// Number of frames in what has come.
std::uint64_t read(Reader& reader) {
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
  return found;
}

[[noreturn]] void listen(unsigned port, std::size_t size, const std::function<std::string(std::size_t)>& path,
                         std::atomic<std::uint64_t>& frames) {
  const base::FileDescriptor poll(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<Reader> readers;
  readers.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    readers.push_back(connect(port, path(i), i));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, readers.back().fd.get(), &event);
  }
  while (true) {
    std::array<epoll_event, 256> ready{};
    const int count = ::epoll_wait(poll.get(), ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) frames += read(readers[ready[static_cast<std::size_t>(i)].data.u64]);
  }
}

}  // namespace

Crowd::Crowd(unsigned port, std::size_t size, const std::function<std::string(std::size_t)>& path)
    : size_(size) {
  void* shared = ::mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no memory");
  frames_ = new (shared) Counter(0);
  pid_ = ::fork();
  if (pid_ == 0) {
    try {
      listen(port, size, path, *frames_);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      ::_exit(1);
    }
  }
  wait_until(size);
}

Crowd::~Crowd() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::munmap(frames_, sizeof(Counter));
}

void Crowd::wait_until(std::uint64_t frames) const {
  while (*frames_ < frames) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    siginfo_t ended{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid != 0)
      throw std::runtime_error("the readers have ended");
  }
}

void Crowd::wait_for(std::uint64_t frames) const {
  wait_until(size_ + frames);
}

void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace agentpipe::bench
