#include "bare_fanout.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace agentpipe::bench {

namespace {

constexpr std::string_view k_greeting =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 1000\n\nid: 0\ndata: {}\n\n";

base::FileDescriptor listen_somewhere(unsigned& port) {
  base::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(fd.get(), 4096) != 0 ||
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen");
  port = ntohs(address.sin_port);
  return fd;
}

void watch(int poll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

void send_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Until the orders end.
void serve(int listener, int orders, const std::string& frame) {
  const base::FileDescriptor poll(::epoll_create1(EPOLL_CLOEXEC));
  watch(poll.get(), listener);
  watch(poll.get(), orders);
  std::vector<int> streams;
  std::array<char, 4096> buffer{};
  while (true) {
    std::array<epoll_event, 128> ready{};
    const int count = ::epoll_wait(poll.get(), ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        streams.push_back(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
        watch(poll.get(), streams.back());
      } else if (fd == orders) {
        if (::read(orders, buffer.data(), 1) != 1) return;
        for (const int stream : streams) send_whole(stream, frame);
      } else if (::recv(fd, buffer.data(), buffer.size(), 0) > 0) {
        send_whole(fd, k_greeting);
      } else {
        ::epoll_ctl(poll.get(), EPOLL_CTL_DEL, fd, nullptr);
      }
    }
  }
}

}  // namespace

BareFanout::BareFanout(std::string frame) {
  const auto listener = listen_somewhere(port_);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const base::FileDescriptor input(ends[0]);
  orders_ = base::FileDescriptor(ends[1]);
  pid_ = ::fork();
  if (pid_ != 0) return;
  orders_ = base::FileDescriptor();
  serve(listener.get(), input.get(), frame);
  ::_exit(0);
}

BareFanout::~BareFanout() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void BareFanout::publish() {
  (void)!::write(orders_.get(), "x", 1);
}

}  // namespace agentpipe::bench
