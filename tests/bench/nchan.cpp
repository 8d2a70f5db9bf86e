#include "nchan.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "agentpipe/base/files.hpp"
#include "load.hpp"

namespace agentpipe::bench {

namespace {

constexpr const char* k_program = "/usr/sbin/nginx";
constexpr const char* k_module = "/usr/lib/nginx/modules/ngx_nchan_module.so";

sockaddr_in loopback(unsigned port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

unsigned free_port() {
  const base::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool answers(unsigned port) {
  const base::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(port);
  return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void configure(const std::filesystem::path& file, const std::filesystem::path& folder, unsigned port) {
  std::ofstream(file) << "load_module " << k_module << ";\ndaemon off;\nmaster_process off;\npid "
                      << (folder / "nginx.pid").string() << ";\nerror_log " << (folder / "error.log").string()
                      << R"(;
events { worker_connections 19000; }
http {
  access_log off;
  client_body_temp_path )"
                      << (folder / "body").string() << R"(;
  nchan_max_reserved_memory 256m;
  server {
    listen 127.0.0.1:)"
                      << port << R"( backlog=4096;
    location = /publish { nchan_publisher; nchan_channel_id all; nchan_message_buffer_length 1; }
    location = / { nchan_subscriber eventsource; nchan_channel_id all; nchan_subscriber_first_message oldest; }
  }
}
)";
}

}  // namespace

bool Nchan::installed() {
  return ::access(k_program, X_OK) == 0 && ::access(k_module, R_OK) == 0;
}

Nchan::Nchan(const std::filesystem::path& folder) : port_(free_port()) {
  const auto file = folder / "nginx.conf";
  configure(file, folder, port_);
  std::string program = k_program;
  std::string flag = "-c";
  std::string path = file.string();
  const std::array<char*, 4> arguments{program.data(), flag.data(), path.data(), nullptr};
  std::array<char*, 1> environment{};
  if (::posix_spawn(&pid_, k_program, nullptr, nullptr, arguments.data(), environment.data()) != 0)
    throw std::runtime_error("cannot start nginx");
  constexpr int k_most_looks = 100;
  for (int look = 0; look < k_most_looks && !answers(port_); ++look)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  publish("{}");
}

Nchan::~Nchan() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

void Nchan::publish(const std::string& text) const {
  const auto load = closed_loop(port_, "/publish", "none", 1, std::chrono::milliseconds{0},
                                [&](std::uint64_t) { return text; });
  if (load.latencies.empty()) throw std::runtime_error("nginx took no message");
}

}  // namespace agentpipe::bench
