#include "server_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "agentpipe/base/text.hpp"
#include "load.hpp"

namespace agentpipe::bench {

namespace {

std::string status_line(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name)) return line.substr(name.size());
  return "0";
}

/// Reads the server's messages until the one that names its address.
unsigned port_in(int fd) {
  std::string text;
  constexpr std::string_view mark = "listening on http://127.0.0.1:";
  for (char c = 0; ::read(fd, &c, 1) == 1;) {
    text += c;
    if (c != '\n') continue;
    if (const auto at = text.find(mark); at != std::string::npos)
      return static_cast<unsigned>(std::strtoul(text.c_str() + at + mark.size(), nullptr, 10));
  }
  throw std::runtime_error("the server did not start: " + text);
}

}  // namespace

ServerProcess::ServerProcess(const std::string& binary, const std::filesystem::path& folder) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  output_ = base::FileDescriptor(ends[0]);
  const base::FileDescriptor input(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDERR_FILENO);
  std::vector<std::string> arguments{binary,
                                     "web",
                                     "serve",
                                     "--listen",
                                     "127.0.0.1:0",
                                     "--database",
                                     "sqlite:" + (folder / "web.db").string()};
  std::vector<std::string> environment{"HOME=" + folder.string(),
                                       "AGENTPIPE_BRIDGE_API_KEY=" + key_,
                                       "AGENTPIPE_WEB_INGEST_RATE=off",
                                       "AGENTPIPE_WEB_READ_RATE=off",
                                       "AGENTPIPE_WEB_STREAMS_PER_KEY=100000",
                                       "AGENTPIPE_WEB_STREAM_ROTATION=off",
                                       "PATH=/usr/bin:/bin"};
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  };
  const auto start = std::chrono::steady_clock::now();
  if (::posix_spawn(&pid_, binary.c_str(), &actions, nullptr, pointers(arguments).data(),
                    pointers(environment).data()) != 0)
    throw std::runtime_error("cannot start " + binary);
  ::posix_spawn_file_actions_destroy(&actions);
  port_ = port_in(output_.get());
  closed_loop(port_, "/api/ingest", key_, 1, std::chrono::milliseconds{0},
              [](std::uint64_t) { return std::string(R"({"type":"bridge.test","data":{}})"); });
  start_time_ = std::chrono::steady_clock::now() - start;
}

ServerProcess::~ServerProcess() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

std::uint64_t ServerProcess::resident_kib() const {
  return std::strtoull(status_line(pid_, "VmRSS:").c_str(), nullptr, 10);
}

double ServerProcess::cpu_seconds() const {
  return cpu_seconds_of(pid_);
}

void ServerProcess::wait_until_idle() const {
  constexpr std::chrono::milliseconds k_look{400};
  constexpr int k_most_looks = 150;
  constexpr double k_idle = 0.005;
  double before = 0;
  for (int look = 0; look < k_most_looks && cpu_seconds() - before > k_idle; ++look) {
    before = cpu_seconds();
    std::this_thread::sleep_for(k_look);
  }
}

double cpu_seconds_of(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("a server has ended");
  return std::chrono::duration<double>(std::chrono::seconds(time.tv_sec) +
                                       std::chrono::nanoseconds(time.tv_nsec))
      .count();
}

}  // namespace agentpipe::bench
